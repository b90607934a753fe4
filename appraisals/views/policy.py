"""HR: what the rules are, since when, and what differs from the rule book."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from appraisals import rules
from appraisals.forms.policy import group_of, shown
from appraisals.models import MandatoryElement, PolicyDraft, PolicyEdition
from appraisals.models.scope import under_paths
from appraisals.selectors import policy_for
from appraisals.views.administration import hr_crumbs, in_reach, scope_of
from appraisals.views.shared import person
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization


def reached(scope: list[Organization]) -> Q:
    """Rows of the scope and of the organizations above it, whose rules hold there."""
    paths = [place.path for place in scope]
    return under_paths(paths, "organization__path") | Q(organization__in=in_reach(scope))


def edition_in_force(place: Organization) -> PolicyEdition | None:
    """None before the first edition: then the rule book itself holds."""
    try:
        return policy_for(place, on=clock.today())
    except Refused:
        return None


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    scope, today = scope_of(request), clock.today()
    editions = PolicyEdition.objects.filter(reached(scope)).select_related(
        "organization", "written_by"
    )
    context = {
        "editions": editions,
        "drafts": PolicyDraft.objects.visible_to(person(request))
        .filter(edition__isnull=True)
        .select_related("organization", "changed_by"),
        "in_force": edition_in_force(scope[0]),
        "place": scope[0],
        "mandatory": MandatoryElement.objects.filter(reached(scope)).select_related("organization"),
        "today": today,
        "crumbs": hr_crumbs("Policy"),
    }
    return render(request, "appraisals/administration/policy_list.html", context)


@require_safe
def policy_detail(request: HttpRequest, pk: int) -> HttpResponse:
    scope = scope_of(request)
    editions = PolicyEdition.objects.filter(reached(scope))
    edition = get_object_or_404(editions.select_related("organization", "written_by"), pk=pk)
    context = {
        "edition": edition,
        "groups": _settings(edition.rules()),
        "draft": PolicyDraft.objects.visible_to(person(request)).filter(edition=edition).first(),
        "differing": len(edition.values),
        "crumbs": hr_crumbs(edition.name, policy_list="Policy"),
        "today": clock.today(),
    }
    return render(request, "appraisals/administration/policy_detail.html", context)


def _settings(policy: rules.Policy) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for setting in rules.policy_settings():
        value = getattr(policy, setting.name)
        row = {
            "rule": setting.rule,
            "label": setting.label,
            "value": shown(value),
            "default": shown(setting.default),
            "differs": value != setting.default,
        }
        groups.setdefault(group_of(setting), []).append(row)
    return list(groups.items())
