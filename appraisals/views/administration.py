"""HR: the state of the program in a scope, its cycles, and what needs HR."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from appraisals.counts import Counts, due_on, unit_counts
from appraisals.forms.administration import (
    SearchForm,
    WithoutPlanForm,
)
from appraisals.models import (
    Appraisal,
    Disagreement,
    Extension,
    ExtensionState,
    MilestoneKind,
)
from appraisals.selectors import open_appraisals, with_documents
from appraisals.standing import Asked, Stage
from appraisals.views.reorganize import failed_lately
from appraisals.views.rows import record_row
from appraisals.views.shared import person
from appraisals.views.units import Unit, find_unit, listed_page
from orgchart import clock
from orgchart.models import Organization, RoleGrant
from orgchart.rules import prefix_query
from orgchart.selectors import scope_organizations

edit_methods = require_http_methods(["GET", "HEAD", "POST"])


def scope_of(request: HttpRequest) -> list[Organization]:
    """The organizations this person administers; the screens of HR do not exist for anybody else."""
    scope = list(
        scope_organizations(person(request), RoleGrant.Role.HR_ADMINISTRATOR, on=clock.today())
    )
    if not scope:
        raise Http404
    return scope


def chosen_place(request: HttpRequest, scope: list[Organization]) -> Organization:
    """The organization asked for, inside the scope; else the first that was granted."""
    code = request.GET.get("organization", "")
    if not code:
        return scope[0]
    place = get_object_or_404(Organization.objects.select_related("kind"), code__iexact=code)
    if not any(each.contains(place) for each in scope):
        raise Http404
    return place


@require_safe
def hr_home(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    place = chosen_place(request, scope)
    unit = find_unit(request, place)
    context: dict[str, Any] = {
        "scope": scope,
        "place": place,
        "unit": unit,
        "today": clock.today(),
        "failed": failed_lately(scope),
    }
    if unit:
        counts = unit_counts(unit.standings()).whole
        context |= {
            "counts": counts,
            "shares": [counts.share(stage) for stage in Stage],
            "needs": _needs(unit, counts),
            "milestones": _milestones(unit, counts),
            "places": _places(scope, place),
            "cycles": _cycles(unit),
        }
    return render(request, "appraisals/administration/home.html", context)


def _places(scope: list[Organization], place: Organization) -> list[dict[str, object]]:
    if len(scope) < 2:
        return []
    return [
        {
            "label": each.name,
            "url": f"?{urlencode({'organization': each.code})}",
            "current": each == place,
        }
        for each in scope
    ]


def _cycles(unit: Unit) -> list[dict[str, object]]:
    query = {"organization": unit.organization.code}
    return [
        {
            "label": each.name,
            "url": f"?{urlencode({**query, 'cycle': each.pk})}",
            "current": each == unit.cycle,
        }
        for each in reversed(unit.calendar.cycles)
    ]


def _needs(unit: Unit, counts: Counts) -> list[dict[str, Any]]:
    """What only HR can put right, with the list behind each."""
    kept = {"organization": unit.organization.code, "cycle": unit.cycle.pk}
    unreviewed = open_appraisals(
        Appraisal.objects.filter(
            cycle=unit.cycle,
            organization__path__startswith=unit.organization.path,
            higher_level_reviewer__isnull=True,
        )
    ).count()
    records = reverse("unit_records", args=[unit.organization.code])
    return [
        *_asked_of_hr(unit),
        {
            "count": counts.rungs[Stage.PLANS][0],
            "title": "without a plan",
            "detail": "Covered people with no record in this cycle. Their supervisor or you can start it.",
            "url": f"{reverse('without_plan')}?{urlencode(kept)}",
            "action": "Show people",
        },
        {
            "count": unreviewed,
            "title": "without a higher level reviewer",
            "detail": "Their plans and ratings cannot be sent up until you name one.",
            "url": f"{reverse('appraisal_search')}?{urlencode({**kept, 'unreviewed': 'on'})}",
            "action": "Name reviewers",
        },
        {
            "count": counts.late.total(),
            "title": "late",
            "detail": "Past the milestone their record waits for, whoever’s turn it is.",
            "url": f"{records}?{urlencode({'cycle': unit.cycle.pk, 'late': 'any'})}",
            "action": "Show people",
        },
    ]


def _asked_of_hr(unit: Unit) -> list[dict[str, Any]]:
    """What somebody waits for HR to decide, whatever the cycle; nothing while nobody does."""
    here, place = "appraisal__organization__path__startswith", unit.organization
    disagree = Disagreement.objects.waiting().filter(**{f"rating__{here}": place.path}).count()
    extensions = Extension.objects.filter(**{here: place.path}, state=ExtensionState.ASKED).count()
    asked = urlencode({"organization": place.code, "show": "asked"})
    needs = [
        {
            "count": disagree,
            "title": f"{'asks' if disagree == 1 else 'ask'} that a rating be looked at again",
            "detail": "Each has a day by which it is answered, with reasons.",
            "url": reverse("disagreement_list"),
            "action": "Answer",
        },
        {
            "count": extensions,
            "title": "to be given more time, or not",
            "detail": "Their rating officials ask that the appraisal period goes on for them.",
            "url": f"{reverse('unrated_list')}?{asked}",
            "action": "Decide",
        },
    ]
    return [need for need in needs if need["count"]]


def _milestones(unit: Unit, counts: Counts) -> list[dict[str, Any]]:
    return [
        {
            "label": kind.label,
            "due_on": due_on(unit.cycle, kind),
            "late": counts.late[kind.value],
        }
        for kind in MilestoneKind
    ]


def in_reach(scope: list[Organization]) -> list[int]:
    """Organizations of the scope's own branch upwards: what holds there comes from them."""
    return [pk for place in scope for pk in (*place.ancestor_ids, place.pk)]


def hr_crumbs(*labels: str, **between: str) -> list[dict[str, str]]:
    """From HR's home; `between` maps the name of a screen to its label."""
    crumbs = [{"label": "HR", "url": reverse("hr_home")}]
    crumbs += [{"label": label, "url": reverse(name)} for name, label in between.items()]
    return crumbs + [{"label": label, "url": ""} for label in labels]


@require_safe
def without_plan(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    form = WithoutPlanForm(request.GET or {"organization": scope[0].code}, scope=scope)
    place = form.cleaned_data["organization"] if form.is_valid() else None
    place = place or scope[0]
    unit = find_unit(request, place, running=True)
    if unit is None:
        raise Http404
    words = prefix_query(form.cleaned_data.get("q", ""))
    asked = Asked(stage=Stage.PLANS, rungs=(0,), words=words)
    page, rows = listed_page(request, unit.standings(), asked)
    today = clock.today()
    context = {
        "form": form,
        "unit": unit,
        "page": page,
        "rows": rows,
        "today": today,
        "may_start": unit.cycle.starts_on <= today <= unit.cycle.ends_on,
        "cycles": _cycles(unit),
        "crumbs": hr_crumbs("People without a plan"),
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/administration/without_plan.html", context, status=status)


@require_safe
def appraisal_search(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    unit = find_unit(request, chosen_place(request, scope))
    if unit is None:
        raise Http404
    asked = {"organization": unit.organization.code, "cycle": str(unit.cycle.pk)}
    form = SearchForm({**asked, **request.GET.dict()}, scope=scope, cycles=unit.calendar.cycles)
    page, rows = listed_page(request, unit.standings(), _asked(form))
    user, today = person(request), clock.today()
    listed = Appraisal.objects.filter(pk__in=[row.appraisal_id for row in rows])
    records = {record.pk: record for record in with_documents(listed)}
    context = {
        "form": form,
        "unit": unit,
        "page": page,
        "rows": [
            {"record": record, "row": record_row(record, user, today=today)}
            for row in rows
            if (record := records.get(row.appraisal_id or 0))
        ],
        "crumbs": hr_crumbs("Records"),
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/administration/search.html", context, status=status)


def _asked(form: SearchForm) -> Asked:
    """Nothing for a form that is not understood, or for words without a letter."""
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {"q": "?"}
    words = prefix_query(asked["q"])
    if asked["q"] and not words:
        return Asked(rungs=())
    return Asked(
        recorded=True,
        words=words,
        kind=asked["kind"],
        state=asked["state"],
        late_anywhere=asked["late"],
        unreviewed=asked["unreviewed"],
    )
