"""A supervisor's own team."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals.forms.team import StartPlansForm
from appraisals.models import Appraisal, AppraisalCycle
from appraisals.rules.words import joined
from appraisals.selectors import place_of, policy_for, with_documents
from appraisals.services.records import start_record
from appraisals.training import SOON, supervisors
from appraisals.views.board import Team, cycle_rows, load_team, open_rows
from appraisals.views.rows import Row, show_cycle
from appraisals.views.shared import person
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Person

PAGE = 50


def _start_form(team: Team, data: object = None) -> StartPlansForm:
    return StartPlansForm(
        data,
        offered=[report.employee for report in team.without_plan()],
        accepted=[report.employee for report in team.reports if report.covered],
    )


def _cycles(team: Team) -> list[AppraisalCycle]:
    """Every cycle there is something of, the newest first."""
    rated = AppraisalCycle.objects.filter(appraisals__rating_official=team.user).distinct()
    found = {cycle.pk: cycle for cycle in (*rated, *team.cycles.values())}
    return sorted(found.values(), key=lambda cycle: cycle.starts_on, reverse=True)


def _rows(team: Team, cycle: AppraisalCycle | None) -> list[Row]:
    if cycle is None:
        return open_rows(team)
    records = Appraisal.objects.filter(rating_official=team.user, cycle=cycle)
    return cycle_rows(team, cycle, list(with_documents(records)))


def _page(request: HttpRequest, team: Team, form: StartPlansForm) -> HttpResponse:
    cycles = _cycles(team)
    asked = request.GET.get("cycle", "")
    cycle = next((each for each in cycles if str(each.pk) == asked), None)
    if asked and cycle is None:
        raise Http404
    rows, unplanned = _rows(team, cycle), team.without_plan()
    plan_cycle = team.cycle_of(unplanned[0]) if unplanned else None
    address = reverse("team")
    tabs = [{"label": "Open now", "url": address, "current": cycle is None}]
    tabs += [
        {"label": each.name, "url": f"{address}?cycle={each.pk}", "current": each == cycle}
        for each in cycles
    ]
    waiting = (row.turn.appraisal.cycle for row in rows if row.turn)
    show_cycle(request, cycle or next(waiting, next(iter(cycles), None)))
    return render(
        request,
        "appraisals/team/list.html",
        {
            "tabs": tabs,
            "cycle": cycle,
            "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "yours": sum(row.order[0] == 0 for row in rows),
            "late": sum(row.order[:2] == (0, 0) for row in rows),
            "form": form,
            "unplanned": [] if cycle and cycle != plan_cycle else unplanned,
            "plan_cycle": plan_cycle,
            "training": None if cycle else training_due(team.user),
            "today": clock.today(),
        },
    )


def training_due(user: Person) -> Assignment | None:
    """The reader's own position with `due_on`, when their next course as a supervisor is late or near (R17.3)."""
    place = place_of(user)
    if place is None:
        return None
    policy = policy_for(place, on=clock.today()).rules()
    near = Q(due_on__lte=clock.today() + SOON)
    return supervisors(Q(employee=user), policy).filter(near).first()


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    mine = load_team(person(request))
    return _page(request, mine, _start_form(mine))


@require_POST
def team_start_plans(request: HttpRequest) -> HttpResponse:
    user = person(request)
    mine = load_team(user)
    form = _start_form(mine, request.POST)
    if not form.is_valid():
        response = _page(request, mine, form)
        response.status_code = 422
        return response
    outcomes = [(employee, _refusal(mine, employee)) for employee in form.chosen()]
    started = [employee.full_name for employee, refusal in outcomes if not refusal]
    if started:
        messages.success(request, f"Drafts of plans started for {joined(started)}.")
    for employee, refusal in outcomes:
        if refusal:
            messages.warning(request, f"{employee.full_name}: not started. {refusal}")
    return redirect("team")


def _refusal(mine: Team, employee: Person) -> str:
    """Start one plan; each succeeds or is refused alone."""
    report = next(each for each in mine.reports if each.employee_id == employee.pk)
    cycle = mine.cycle_of(report)
    if cycle is None:
        return "No appraisal cycle is open."
    try:
        start_record(employee, cycle=cycle, by=mine.user)
    except Refused as refusal:
        return refusal.message
    return ""
