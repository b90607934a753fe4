"""Somebody leaves: who, what it means, confirm; then how far everything has come."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appraisals.forms.departures import PEOPLE_FIELDS, DepartureForm, WhoForm
from appraisals.models import (
    Appraisal,
    Departure,
    DepartureKind,
    DepartureRecord,
    DepartureState,
    Document,
    Kind,
    Part,
    State,
)
from appraisals.models.scope import hr_paths
from appraisals.permissions import is_hr_for, may_decide_departure, may_export_forms
from appraisals.selectors import policy_for
from appraisals.services.departing import Found, Line, records_held
from appraisals.services.departures import (
    decide_departure,
    may_take_back,
    rehearse,
    take_back,
)
from appraisals.services.leaving import Leaving
from appraisals.turns import turn_of
from appraisals.views.departure_words import (
    LOOKS,
    OWED,
    TAGS,
    parts_of,
    title_of,
    when_of,
    who_acts,
)
from appraisals.views.rows import Action, writing_url
from appraisals.views.shared import person
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Person
from orgchart.selectors import moved_from, newest_assignments, supervisor_of

PAGE = 25
CAME = "came"
"""Beside the states of departures from here: those that brought somebody (R9.8)."""
MOVED = "moved"
edit_methods = require_http_methods(["GET", "HEAD", "POST"])


def crumbs_of(*last: str, departure: Departure | None = None) -> list[dict[str, str]]:
    crumbs = [
        {"label": "Home", "url": reverse("home")},
        {"label": "Departures", "url": reverse("departure_list") if last or departure else ""},
    ]
    if departure:
        url = departure.get_absolute_url() if last else ""
        crumbs.append({"label": departure.person.full_name, "url": url})
    return crumbs + [{"label": label, "url": ""} for label in last]


def visible_departure(request: HttpRequest, pk: int) -> Departure:
    seen = Departure.objects.visible_to(person(request)).with_names()
    return get_object_or_404(seen, pk=pk)


# --- the list, and who it is about


@require_safe
def departure_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = WhoForm(request.GET if "who" in request.GET else None, user=user)
    if form.is_bound and form.is_valid():
        leaver = form.cleaned_data["who"]
        if may_decide_departure(user, leaver):
            return redirect("departure_new", dod_id=leaver.dod_id)
        form.add_error(
            "who",
            f"{leaver.full_name} is not under you, and not in your scope. Their supervisor or HR does this.",
        )
    tabs = {each.value: str(each.label) for each in DepartureState}
    if hr_paths(user):
        tabs[CAME] = "Came to you"
    asked = request.GET.get("state", DepartureState.PLANNED)
    state = asked if asked in tabs else DepartureState.PLANNED
    rows = (
        Departure.objects.arrived_at(user)
        if state == CAME
        else Departure.objects.visible_to(user).filter(state=state)
    )
    order = "last_day" if state == DepartureState.PLANNED else "-settled_at"
    page = Paginator(rows.with_names().order_by(order, "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "tabs": [
            {"label": label, "url": f"?state={value}", "current": value == state}
            for value, label in tabs.items()
        ],
        "state": state,
        "page": page,
        "rows": [_row(each, came=state == CAME) for each in page],
        "team": _team(user),
        "crumbs": crumbs_of(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/departures/list.html", context, status=status)


def _row(departure: Departure, *, came: bool) -> dict[str, Any]:
    along = reverse("departure_goes_along", args=[departure.pk])
    return {
        "departure": departure,
        "url": along if came else departure.get_absolute_url(),
        "title": title_of(departure),
        "when": when_of(departure),
        "acts": who_acts(departure),
        "look": LOOKS[departure.state],
    }


def _team(user: Person) -> list[Assignment]:
    """Those right under this person, whom it is likely about."""
    held = Assignment.objects.on(clock.today()).filter(supervisor=user).select_related("employee")
    return list(held.order_by("employee__last_name", "employee__first_name", "employee_id")[:PAGE])


# --- the assistant


def settle_url(employee: Person) -> str:
    """To the assistant, filled in as the roster moved them."""
    return f"{reverse('departure_new', args=[employee.dod_id])}?{MOVED}=yes"


@edit_methods
def departure_new(request: HttpRequest, dod_id: str) -> HttpResponse:
    """The form; what it means; and, confirmed, the departure itself."""
    user = person(request)
    leaver = _leaver(user, dod_id)
    decision = request.POST.get("decision", "")
    given = _form_facts(leaver, user)
    if request.method != "POST" or decision == "change":
        initial: dict[str, Any] = {name: request.POST.get(name) for name in request.POST}
        initial |= {name: request.POST.getlist(name) for name in PEOPLE_FIELDS}
        start = _as_moved(leaver) if MOVED in request.GET else None
        form = DepartureForm(initial=initial if decision else start, **given)
        return _form_page(request, leaver, form, status=200)
    form = DepartureForm(request.POST, **given)
    if form.is_valid():
        wanted = Leaving(**form.facts())
        try:
            if decision == "confirm":
                return _decided(request, decide_departure(wanted, by=user))
            return _preview_page(request, wanted, rehearse(wanted, by=user))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return _form_page(request, leaver, form, status=422)


def _leaver(user: Person, dod_id: str) -> Person:
    """Also who moved out of sight and left a record behind with `user`."""
    leaver = get_object_or_404(Person, dod_id=dod_id)
    if not may_decide_departure(user, leaver):
        seen = Person.objects.findable_by(user, on=clock.today())
        get_object_or_404(seen, pk=leaver.pk)
        raise PermissionDenied
    return leaver


def _as_moved(leaver: Person) -> dict[str, Any] | None:
    """As the roster has it: the last day before, and whom they answer to since. None: they did not move."""
    before = moved_from(leaver, on=clock.today())
    boss = supervisor_of(leaver, on=clock.today())
    if before is None or boss is None:
        return None
    return {
        "kind": DepartureKind.MOVES,
        "last_day": before.ends_on,
        "gaining_supervisor": boss.email or boss.dod_id,
        "changes_chart": False,
    }


def _form_facts(leaver: Person, user: Person) -> dict[str, Any]:
    held = records_held(leaver).exclude(employee=leaver).select_related("employee")
    rated = {each.employee_id: each for each in held.order_by("employee__last_name", "pk")}
    newest = newest_assignments([leaver], on=clock.today()).get(leaver.pk)
    return {
        "leaver": leaver,
        "user": user,
        "team": list(rated.values()),
        "is_hr": newest is not None and is_hr_for(user, newest.organization),
        "back": reverse("departure_list"),
    }


def _form_page(
    request: HttpRequest, leaver: Person, form: DepartureForm, *, status: int
) -> HttpResponse:
    held = newest_assignments([leaver], on=clock.today()).get(leaver.pk)
    context = {
        "leaver": leaver,
        "form": form,
        "held": held,
        "team": len(form.team),
        "policy": policy_for(held.organization, on=clock.today()).rules() if held else None,
        "crumbs": crumbs_of(leaver.full_name),
    }
    return render(request, "appraisals/departures/form.html", context, status=status)


def _preview_page(request: HttpRequest, wanted: Leaving, found: Found) -> HttpResponse:
    context = {
        "wanted": wanted,
        "is_behind": wanted.last_day < clock.today(),
        "numbers": _numbers(found),
        "rows": [_line_row(line) for line in found.lines],
        "notes": found.notes,
        "left_out": found.left_out,
        "kept": [
            (name, value)
            for name in request.POST
            if name not in ("csrfmiddlewaretoken", "decision")
            for value in request.POST.getlist(name)
        ],
        "crumbs": crumbs_of("What it means"),
    }
    return render(request, "appraisals/departures/preview.html", context)


def _numbers(found: Found) -> list[dict[str, Any]]:
    counts = Counter(line.owes.owed or "" for line in found.lines if line.part != Part.REVIEWS)
    numbers = (
        (counts[Kind.NARRATIVE_STATEMENT], "narrative statement owed", "narrative statements owed"),
        (counts[Kind.ANNUAL_APPRAISAL], "annual appraisal owed now", "annual appraisals owed now"),
        (counts[""], "record for which nothing is owed", "records for which nothing is owed"),
        (sum(line.changes_hands for line in found.lines), "changes hands", "change hands"),
    )
    return [{"value": value, "words": one if value == 1 else many} for value, one, many in numbers]


def _line_row(line: Line) -> dict[str, Any]:
    owed = line.owes.owed or ""
    return {
        "line": line,
        "owed": OWED[owed],
        "kind": TAGS[owed],
        "part": line.part,
        "then": line.official.full_name,
        "reviewer": line.reviewer.full_name if line.reviewer else "nobody is named",
    }


def _decided(request: HttpRequest, departure: Departure) -> HttpResponse:
    if departure.is_ahead:
        text = (
            f"Planned. On {departure.effective_on:%-d %B %Y} everything changes hands; "
            "everybody concerned is told."
        )
    else:
        text = "Done. Everybody concerned is told."
    messages.success(request, text)
    return redirect(departure)


# --- how far it has come


@require_safe
def departure_detail(request: HttpRequest, pk: int) -> HttpResponse:
    departure, user = visible_departure(request, pk), person(request)
    rows = record_rows(departure, user)
    mine = [row for row in rows if row["action"] and not row["action"].look]
    written = [row for row in rows if row["owed"] and row["is_over"]]
    context = {
        "departure": departure,
        "title": title_of(departure),
        "when": when_of(departure),
        "acts": who_acts(departure),
        "parts": parts_of(departure),
        "look": LOOKS[departure.state],
        "rows": rows,
        "mine": mine,
        "owed": sum(bool(row["owed"]) for row in rows),
        "written": len(written),
        "outcome": departure.outcome.splitlines(),
        "may_take_back": departure.is_ahead and may_take_back(user, departure),
        "may_send": departure.records.filter(part=Part.OWN).exists()
        and may_export_forms(user, departure.organization),
        "returns": departure.followed_by.all(),
        "crumbs": crumbs_of(departure=departure),
    }
    return render(request, "appraisals/departures/detail.html", context)


def record_rows(departure: Departure, user: Person) -> list[dict[str, Any]]:
    """Each record that this reader may know of, with what is owed for it and where that stands."""
    held = list(
        departure.records.select_related(
            "appraisal__employee",
            "appraisal__rating_official",
            "appraisal__higher_level_reviewer",
            "appraisal__organization",
            "appraisal__cycle",
            "document__policy",
            "official_before",
        )
        .prefetch_related("appraisal__cycle__milestones")
        .order_by("part", "appraisal__employee__last_name", "appraisal__employee__first_name", "pk")
    )
    keys = [row.appraisal_id for row in held]
    seen = set(Appraisal.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        _record_row(row, user, is_seen=row.appraisal_id in seen)
        for row in held
        if row.part != Part.OWN or row.appraisal_id in seen
    ]


def _record_row(row: DepartureRecord, user: Person, *, is_seen: bool) -> dict[str, Any]:
    document = row.document
    if document is not None:
        document.appraisal = row.appraisal
    return {
        "row": row,
        "record": row.appraisal,
        "url": row.appraisal.get_absolute_url() if is_seen else "",
        "owed": row.owed,
        "owed_words": OWED[row.owed],
        "is_over": document is not None and document.state in (State.ACKNOWLEDGED, State.CLOSED),
        "stands": _stands(document),
        "kind": _kind(document, user),
        "action": _action(document, user) if is_seen else None,
    }


def _stands(document: Document | None) -> str:
    if document is None:
        return ""
    return str(State(document.state).label)


def _kind(document: Document | None, user: Person) -> str:
    if document is None:
        return ""
    if document.state in (State.ACKNOWLEDGED, State.CLOSED):
        return "good"
    return "turn" if turn_of(document, document.appraisal).is_mine(user) else ""


def _action(document: Document | None, user: Person) -> Action | None:
    if document is None:
        return None
    turn = turn_of(document, document.appraisal)
    mine = turn.is_mine(user)
    return Action(
        label=turn.verb if mine else "Open",
        url=writing_url(document) if mine else document.get_absolute_url(),
        about=document.appraisal.employee.full_name,
        look="" if mine else "quiet",
    )


@require_POST
def departure_undo(request: HttpRequest, pk: int) -> HttpResponse:
    departure = visible_departure(request, pk)
    take_back(departure, by=person(request))
    messages.success(request, "Taken back. Nobody’s hands change; what was written stays.")
    return redirect(departure)
