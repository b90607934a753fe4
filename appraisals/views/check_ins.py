"""Check-ins between an employee and whoever rates them: what is next, what is open, what was."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals.forms.check_ins import EMPLOYEE, ActionForm, AgendaForm, HoldForm, PlanForm
from appraisals.models import AgendaItem, AgreedAction, CheckIn, rated_by
from appraisals.services.check_ins import (
    add_to_agenda,
    address_of,
    agree_on_action,
    end_action,
    hold_check_in,
    plan_check_in,
    remove_from_agenda,
)
from appraisals.talk import official_of, people_rated_by
from appraisals.views.administration import edit_methods
from appraisals.views.shared import person
from appraisals.views.talk import talk_tabs
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.templatetags.ui import day, day_month, days_left, due_kind, plural

HELD_SHOWN = 12


@dataclass
class Series:
    """Where it stands with one person."""

    employee: Person
    planned: CheckIn | None = None
    last: CheckIn | None = None
    open_actions: int = 0
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = address_of(self.employee)

    @property
    def tag(self) -> tuple[str, str]:
        if self.planned:
            today = clock.today()
            return due_kind(self.planned.planned_on, today), days_left(
                self.planned.planned_on, today
            )
        return "", "Nothing planned"

    @property
    def kind(self) -> str:
        return self.tag[0]

    @property
    def words(self) -> str:
        return self.tag[1]

    @property
    def detail(self) -> str:
        last = f"Last held on {day(self.last.held_on)}" if self.last else "None held so far"
        actions = plural(self.open_actions, "open action") if self.open_actions else ""
        next_day = f"Planned for {day_month(self.planned.planned_on)}" if self.planned else ""
        return " · ".join(part for part in (next_day, last, actions) if part)


@require_safe
def check_in_list(request: HttpRequest) -> HttpResponse:
    """One's own series, and one with each person one rates."""
    user = person(request)
    people = [user, *people_rated_by(user)]
    found = {each.pk: Series(each) for each in people}
    for check_in in CheckIn.objects.filter(employee__in=people).order_by("held_on", "pk"):
        series = found[check_in.employee_id]
        if check_in.held_on is None:
            series.planned = check_in
        else:
            series.last = check_in
    for employee in (
        AgreedAction.objects.filter(employee__in=people)
        .still_open()
        .values_list("employee", flat=True)
    ):
        found[employee].open_actions += 1
    own, *others = found.values()
    others.sort(key=_soonest)
    context = {
        "own": own,
        "others": others,
        "tabs": talk_tabs("check_in_list"),
        "section": "journal",
    }
    return render(request, "appraisals/talk/check_ins.html", context)


def _soonest(series: Series) -> tuple[dt.date, dt.date, str]:
    """What is planned first, then whoever was talked to longest ago."""
    planned = series.planned.planned_on if series.planned else dt.date.max
    held = series.last.held_on if series.last and series.last.held_on else dt.date.min
    return planned, held, series.employee.last_name


def _with_whom(request: HttpRequest, dod_id: str) -> Person:
    """The reader, or somebody the reader rates now; anybody else has no series here."""
    user = person(request)
    if dod_id == user.dod_id:
        return user
    return get_object_or_404(Person.objects.filter(rated_by(user)), dod_id=dod_id)


@require_safe
def check_in_series(request: HttpRequest, dod_id: str) -> HttpResponse:
    return _page(request, _with_whom(request, dod_id))


def _page(
    request: HttpRequest, employee: Person, *, status: int = 200, **bound: Form
) -> HttpResponse:
    """`bound`: the form that was not valid, in the place of an empty one."""
    user, official = person(request), official_of(employee)
    check_ins = CheckIn.objects.visible_to(user).filter(employee=employee)
    planned = check_ins.planned().first()
    held = check_ins.exclude(held_on=None).select_related("official", "recorded_by")
    whole = list(held.prefetch_related("talked_about__added_by", "actions")[:HELD_SHOWN])
    actions = AgreedAction.objects.visible_to(user).filter(employee=employee).still_open()
    forms = {
        "plan_form": PlanForm(action=_step(employee, "check_in_plan"), planned=planned),
        "agenda_form": AgendaForm(action=_step(employee, "agenda_add")),
        "action_form": _action_form(employee, official),
    }
    context = {
        "employee": employee,
        "official": official,
        "own": user == employee,
        "planned": planned,
        "agenda": _agenda(employee, user),
        "actions": [_action_row(action, whole, official) for action in actions],
        "held": whole,
        "today": clock.today(),
        "tabs": talk_tabs("check_in_list"),
        "section": "journal",
        **forms,
        **bound,
        # The frame looks here to say "Error" in the title.
        "form": next(iter(bound.values()), None),
    }
    return render(request, "appraisals/talk/check_in_series.html", context, status=status)


def _step(employee: Person, name: str) -> str:
    return reverse(name, args=[employee.dod_id])


def _agenda(employee: Person, user: Person) -> Any:
    waiting = AgendaItem.objects.visible_to(user).filter(employee=employee, check_in=None)
    return waiting.select_related("added_by")


def _action_form(employee: Person, official: Person | None, data: Any = None) -> ActionForm:
    name = official.full_name if official else "Rating official"
    return ActionForm(data, action=_step(employee, "action_add"), employee=employee, official=name)


def _action_row(
    action: AgreedAction, held: list[CheckIn], official: Person | None
) -> dict[str, Any]:
    """How often it was carried over: check-ins held after it was agreed on."""
    carried = sum(1 for each in held if each.held_on and each.held_on > action.agreed_on)
    return {
        "action": action,
        "official": official.full_name if official else "Rating official",
        "carried": carried,
    }


@require_POST
def check_in_plan(request: HttpRequest, dod_id: str) -> HttpResponse:
    employee, user = _with_whom(request, dod_id), person(request)
    planned = CheckIn.objects.planned().filter(employee=employee).first()
    form = PlanForm(request.POST, action=_step(employee, "check_in_plan"), planned=planned)
    if not form.is_valid():
        return _page(request, employee, status=422, plan_form=form)
    day_chosen = form.cleaned_data["planned_on"]
    plan_check_in(employee, by=user, planned_on=day_chosen)
    messages.success(request, f"Planned for {day(day_chosen)}.")
    return redirect(address_of(employee))


@require_POST
def agenda_add(request: HttpRequest, dod_id: str) -> HttpResponse:
    employee = _with_whom(request, dod_id)
    form = AgendaForm(request.POST, action=_step(employee, "agenda_add"))
    if not form.is_valid():
        return _page(request, employee, status=422, agenda_form=form)
    try:
        add_to_agenda(employee, by=person(request), text=form.cleaned_data["text"])
    except Refused as refusal:
        form.add_error("text", refusal.message)
        return _page(request, employee, status=422, agenda_form=form)
    return redirect(address_of(employee) + "#agenda")


@require_POST
def agenda_remove(request: HttpRequest, pk: int) -> HttpResponse:
    items = AgendaItem.objects.visible_to(person(request)).select_related("employee")
    item = get_object_or_404(items, pk=pk)
    remove_from_agenda(item, by=person(request))
    return redirect(address_of(item.employee) + "#agenda")


@edit_methods
def check_in_hold(request: HttpRequest, dod_id: str) -> HttpResponse:
    employee, user = _with_whom(request, dod_id), person(request)
    form = HoldForm(
        request.POST if request.method == "POST" else None, agenda=_agenda(employee, user)
    )
    if form.is_valid():
        hold_check_in(
            employee,
            by=user,
            held_on=form.cleaned_data["held_on"],
            summary=form.cleaned_data["summary"],
            talked_about=form.cleaned_data.get("talked_about", ()),
        )
        messages.success(request, "Recorded. Write down what you agreed on.")
        return redirect(address_of(employee) + "#actions")
    context = {
        "employee": employee,
        "own": user == employee,
        "form": form,
        "crumbs": [
            {"label": "Check-ins", "url": reverse("check_in_list")},
            {"label": employee.full_name, "url": address_of(employee)},
            {"label": "Record", "url": ""},
        ],
        "section": "journal",
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/talk/check_in_hold.html", context, status=status)


@require_POST
def action_add(request: HttpRequest, dod_id: str) -> HttpResponse:
    employee = _with_whom(request, dod_id)
    form = _action_form(employee, official_of(employee), request.POST)
    if not form.is_valid():
        return _page(request, employee, status=422, action_form=form)
    cleaned = form.cleaned_data
    try:
        agree_on_action(
            employee,
            by=person(request),
            text=cleaned["action"],
            by_employee=cleaned["who"] == EMPLOYEE,
            due_on=cleaned["due_on"],
        )
    except Refused as refusal:
        form.add_error("action", refusal.message)
        return _page(request, employee, status=422, action_form=form)
    return redirect(address_of(employee) + "#actions")


@require_POST
def action_end(request: HttpRequest, pk: int) -> HttpResponse:
    actions = AgreedAction.objects.visible_to(person(request)).select_related("employee")
    action = get_object_or_404(actions, pk=pk)
    outcome = request.POST.get("outcome", "")
    if outcome not in AgreedAction.Outcome.values:
        raise Refused("Say whether it is done or no longer needed. Nothing was changed.")
    ended = end_action(action, by=person(request), outcome=outcome)
    messages.success(request, f"{ended.get_outcome_display()}: {ended.text}")
    return redirect(address_of(action.employee) + "#actions")
