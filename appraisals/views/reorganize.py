"""HR reorganizes a unit: choose what, fill it in, see what it does, confirm."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from appraisals.forms.reorganizing import FORMS, ReorganizationForm, TeamForm, WhoseForm
from appraisals.models import Appraisal
from appraisals.models.scope import hr_paths, under_paths
from appraisals.services.reorganizing import Consequence, decide, rehearse
from appraisals.views.reorganize_words import BY_KIND, LOOKS, actions_for, sentence
from appraisals.views.shared import person
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization, Person, Reorganization, RoleGrant
from orgchart.models.reorganization import Kind, ReorganizationQuerySet
from orgchart.permissions import may_reorganize
from orgchart.selectors import ancestors_of, scope_organizations
from orgchart.services.reorganizing import FROM_ABOVE, Wanted

edit_methods = require_http_methods(["GET", "HEAD", "POST"])
LATELY, RECORDS_SHOWN, SUPERVISORS_PAGE = 10, 10, 25
BY_NAME = ("employee__last_name", "employee__first_name", "cycle__starts_on", "pk")
FAILURE_SHOWN = dt.timedelta(days=14)


def unit_administered(request: HttpRequest, code: str) -> Organization:
    unit = get_object_or_404(
        Organization.objects.select_related("kind", "parent", "head"), code=code
    )
    if not may_reorganize(person(request), unit):
        raise PermissionDenied
    return unit


def crumbs_of(unit: Organization, *labels: str, **between: str) -> list[dict[str, str]]:
    """Down to the unit, to its reorganizing; `between` maps the name of a screen to its label."""
    crumbs = [{"label": "Organization", "url": reverse("organization_list")}]
    crumbs += [
        {"label": each.name, "url": each.get_absolute_url()} for each in [*ancestors_of(unit), unit]
    ]
    crumbs += [
        {"label": label, "url": reverse(name, args=[unit.code])} for name, label in between.items()
    ]
    return crumbs + [{"label": label, "url": ""} for label in labels]


def seen_by(user: Person) -> ReorganizationQuerySet:
    """Those that touch a unit in the scope of an HR administrator; none for anybody else."""
    return _touching(hr_paths(user)).with_names().annotate(ticked=Count("people"))


def _touching(paths: list[str]) -> ReorganizationQuerySet:
    inside = under_paths(paths, "organization__path") | under_paths(paths, "target__path")
    return Reorganization.objects.filter(inside)


def failed_lately(scope: Sequence[Organization]) -> int:
    """What could not be done on its day, as long as HR’s home speaks of it."""
    since = clock.now() - FAILURE_SHOWN
    touched = _touching([place.path for place in scope])
    return touched.filter(state="failed", settled_at__gte=since).count()


def row_of(row: Reorganization) -> dict[str, Any]:
    """`row` has `ticked`, how many people were chosen one by one."""
    return {
        "row": row,
        "words": sentence(row, ticked=getattr(row, "ticked", 0)),
        "look": LOOKS[row.state],
    }


@require_safe
def reorganize(request: HttpRequest, code: str) -> HttpResponse:
    unit = unit_administered(request, code)
    user = person(request)
    rows = (
        Reorganization.objects.filter(Q(organization=unit) | Q(target=unit))
        .with_names()
        .annotate(ticked=Count("people"))
    )
    above = unit.parent
    actions = actions_for(unit, administers_above=above is None or may_reorganize(user, above))
    context = {
        "unit": unit,
        "people": Assignment.objects.on(clock.today()).filter(organization=unit).count(),
        "units": Organization.objects.filter(parent=unit, closed_on=None).count(),
        "actions": [{"words": each, "url": _step_url(unit, each.kind)} for each in actions],
        "ahead": [
            row_of(row) for row in rows.filter(state="planned").order_by("effective_on", "pk")
        ],
        "lately": [
            row_of(row) for row in rows.exclude(state="planned").order_by("-settled_at")[:LATELY]
        ],
        "crumbs": crumbs_of(unit, "Reorganize"),
        "section": "hr_home",
    }
    return render(request, "appraisals/reorganize/unit.html", context)


def _step_url(unit: Organization, kind: Kind) -> str:
    if kind == Kind.SUPERVISOR:
        return reverse("reorganize_team", args=[unit.code])
    return reverse("reorganize_step", args=[unit.code, kind])


@edit_methods
def reorganize_step(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    unit = unit_administered(request, code)
    if kind not in FORMS:
        raise Http404
    if kind in FROM_ABOVE and unit.parent and not may_reorganize(person(request), unit.parent):
        raise PermissionDenied
    return _answer(request, unit, FORMS[kind], kind)


@edit_methods
def reorganize_team(request: HttpRequest, code: str) -> HttpResponse:
    unit = unit_administered(request, code)
    user = person(request)
    if "supervisor" not in request.GET:
        return _whose(request, unit, WhoseForm(user=user))
    whose = WhoseForm(request.GET, user=user)
    if not whose.is_valid():
        return _whose(request, unit, whose)
    former = whose.cleaned_data["supervisor"]
    team = (
        Assignment.objects.on(clock.today())
        .filter(supervisor=former)
        .in_subtree(unit)
        .select_related("employee")
        .order_by("employee__last_name", "employee__first_name", "employee_id")
    )
    if not team:
        named = former.full_name if former else "nobody: each has a supervisor"
        whose.add_error("supervisor", f"Nobody in {unit.name} answers to {named} today.")
        return _whose(request, unit, whose)
    return _answer(request, unit, TeamForm, Kind.SUPERVISOR, former=former, team=list(team))


def _whose(request: HttpRequest, unit: Organization, form: WhoseForm) -> HttpResponse:
    """By name, or from the list of who has reports here."""
    reports = Assignment.objects.on(clock.today()).in_subtree(unit)
    supervisors = (
        Person.objects.filter(supervised__in=reports)
        .annotate(reports=Count("supervised"))
        .order_by("last_name", "first_name", "pk")
    )
    page = Paginator(supervisors, SUPERVISORS_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "form": form,
        "page": page,
        "crumbs": crumbs_of(unit, "Change supervisors", reorganize="Reorganize"),
        "section": "hr_home",
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/reorganize/whose.html", context, status=status)


def _answer(
    request: HttpRequest,
    unit: Organization,
    form_class: type[ReorganizationForm],
    kind: str,
    **more: Any,
) -> HttpResponse:
    """The form; what it does; and, confirmed, the reorganization itself."""
    user = person(request)
    scope = list(scope_organizations(user, RoleGrant.Role.HR_ADMINISTRATOR, on=clock.today()))
    given = {"unit": unit, "user": user, "scope": scope, **more}
    decision = request.POST.get("decision", "")
    if request.method != "POST" or decision == "change":
        initial: dict[str, Any] = {name: request.POST.get(name) for name in request.POST}
        initial["people"] = request.POST.getlist("people")
        form = form_class(initial=initial if decision else None, **given)
        return _form_page(request, unit, form, kind, status=200)
    form = form_class(request.POST, **given)
    if form.is_valid():
        wanted = form.wanted()
        try:
            if decision == "confirm":
                return _decided(request, decide(wanted, by=user), wanted)
            return _preview_page(request, unit, wanted, rehearse(wanted, by=user))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return _form_page(request, unit, form, kind, status=422)


def _form_page(
    request: HttpRequest, unit: Organization, form: ReorganizationForm, kind: str, *, status: int
) -> HttpResponse:
    context = {
        "unit": unit,
        "form": form,
        "former": form.former if isinstance(form, TeamForm) else None,
        "action": BY_KIND[kind],
        "crumbs": crumbs_of(unit, BY_KIND[kind].title, reorganize="Reorganize"),
        "section": "hr_home",
    }
    return render(request, "appraisals/reorganize/form.html", context, status=status)


def _preview_page(
    request: HttpRequest, unit: Organization, wanted: Wanted, consequence: Consequence
) -> HttpResponse:
    effect = consequence.effect
    records = Appraisal.objects.filter(pk__in=consequence.record_ids[:RECORDS_SHOWN])
    context = {
        "unit": unit,
        "wanted": wanted,
        "words": sentence(wanted, ticked=len(wanted.people)),
        "is_ahead": wanted.effective_on > clock.today(),
        "numbers": _numbers(wanted, consequence),
        "sentences": consequence.sentences,
        "notes": effect.notes,
        "records": records.visible_to(person(request)).with_people().order_by(*BY_NAME),
        "more_records": max(0, len(consequence.record_ids) - RECORDS_SHOWN),
        "kept": [
            (name, value)
            for name in request.POST
            if name not in ("csrfmiddlewaretoken", "decision")
            for value in request.POST.getlist(name)
        ],
        "back": reverse("reorganize", args=[unit.code]),
        "crumbs": crumbs_of(unit, "What it does", reorganize="Reorganize"),
        "section": "hr_home",
    }
    return render(request, "appraisals/reorganize/preview.html", context)


def _numbers(wanted: Wanted, consequence: Consequence) -> Sequence[dict[str, str]]:
    effect = consequence.effect
    moves = wanted.kind in (Kind.MOVE, Kind.MERGE)
    counts = []
    if moves or wanted.kind == Kind.SUPERVISOR:
        what = "have another supervisor" if wanted.kind == Kind.SUPERVISOR else "move along"
        counts.append((effect.people, f"people {what}"))
    if moves:
        counts.append((effect.units, "units get another place"))
    if wanted.kind in (Kind.MERGE, Kind.SUPERVISOR):
        counts.append((len(consequence.record_ids), "open appraisals concerned"))
    return [{"value": f"{count:,}", "words": words} for count, words in counts]


def _decided(request: HttpRequest, row: Reorganization, wanted: Wanted) -> HttpResponse:
    words = sentence(wanted, ticked=len(wanted.people))
    if row.state == "planned":
        text = (
            f"Planned for {row.effective_on:%-d %B %Y}: {words}. Nothing changes before that day."
        )
    else:
        text = f"Done: {words}."
    messages.success(request, text)
    return redirect(row)
