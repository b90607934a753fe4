"""HR: what the rules are, since when, and what differs from the rule book."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals import rules
from appraisals.forms.policy import PolicyForm, group_of, initial_of, shown
from appraisals.models import MandatoryElement, PolicyEdition
from appraisals.models.scope import under_paths
from appraisals.selectors import policy_for
from appraisals.services.program import write_policy_edition
from appraisals.views.administration import (
    chosen_place,
    edit_methods,
    hr_crumbs,
    in_reach,
    scope_of,
)
from appraisals.views.shared import person
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization


def reached(scope: list[Organization]) -> Q:
    """Rows of the scope and of the organizations above it, whose rules hold there."""
    paths = [place.path for place in scope]
    return under_paths(paths, "organization__path") | Q(organization__in=in_reach(scope))


def _in_force(place: Organization) -> PolicyEdition | None:
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
        "in_force": _in_force(scope[0]),
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


@edit_methods
def policy_new(request: HttpRequest) -> HttpResponse:
    """Two steps: "show what changes" checks everything, "write" keeps exactly what was shown."""
    place = chosen_place(request, scope_of(request))
    in_force = _in_force(place)
    policy = in_force.rules() if in_force else rules.Policy()
    core_values = in_force.core_values if in_force else ""
    form = PolicyForm(
        request.POST or None,
        back=reverse("policy_list"),
        initial={**initial_of(policy), "core_values": core_values},
    )
    is_right = request.method == "POST" and form.is_valid()
    was_shown = is_right and form.cleaned_data["checked"] == form.digest()
    if is_right and was_shown and "write" in request.POST and _written(request, form, place):
        return redirect("policy_list")
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "in_force": in_force,
        "crumbs": hr_crumbs("New edition", policy_list="Policy"),
    }
    if is_right and not form.errors:
        shown_again = request.POST.copy()
        shown_again["checked"] = form.digest()
        form.data = shown_again
        context |= _changes(form, policy, core_values)
    status = 422 if form.errors else 200
    return render(request, "appraisals/administration/policy_new.html", context, status=status)


def _changes(form: PolicyForm, policy: rules.Policy, core_values: str) -> dict[str, Any]:
    return {
        "is_checked": True,
        "changes": form.differences(policy),
        "values_change": form.cleaned_data["core_values"] != core_values,
        "effective_on": form.cleaned_data["effective_on"],
    }


def _written(request: HttpRequest, form: PolicyForm, place: Organization) -> bool:
    """False when the service refused; the form then says why."""
    try:
        edition = write_policy_edition(
            place,
            name=form.cleaned_data["name"],
            effective_on=form.cleaned_data["effective_on"],
            values=form.values(),
            core_values=form.cleaned_data["core_values"],
            by=person(request),
        )
    except Refused as refusal:
        form.add_error("effective_on", refusal.message)
        return False
    messages.success(
        request,
        f"“{edition.name}” is written; it is in force from {edition.effective_on:%-d %B %Y}.",
    )
    return True
