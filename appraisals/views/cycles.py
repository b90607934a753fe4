"""HR: the years of its organizations, opened with their milestones and withdrawn before they begin."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals import rules
from appraisals.editions.cycles import foresee_cycle
from appraisals.forms.administration import CycleForm
from appraisals.forms.reasons import ReasonForm
from appraisals.models import AppraisalCycle
from appraisals.models.scope import hr_paths, under_paths
from appraisals.services.program import open_cycle, suggested_milestones, withdraw_cycle
from appraisals.views.administration import (
    chosen_place,
    edit_methods,
    hr_crumbs,
    in_reach,
    scope_of,
)
from appraisals.views.shared import person
from appraisals.views.units import PAGE, find_unit
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization

NAMES = ("name", "starts_on", "ends_on", "effective_on")


@require_safe
def cycle_list(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    paths = [place.path for place in scope]
    cycles = (
        AppraisalCycle.objects.filter(
            under_paths(paths, "organization__path") | Q(organization__in=in_reach(scope))
        )
        .select_related("organization", "opened_by")
        .prefetch_related("milestones")
    )
    page, today = Paginator(cycles, PAGE).get_page(request.GET.get("page")), clock.today()
    rows = [
        {
            "cycle": cycle,
            "may_withdraw": cycle.starts_on > today
            and any(cycle.organization.path.startswith(path) for path in paths),
        }
        for cycle in page
    ]
    context = {"page": page, "rows": rows, "today": today, "crumbs": hr_crumbs("Cycles")}
    return render(request, "appraisals/administration/cycle_list.html", context)


@edit_methods
def cycle_new(request: HttpRequest) -> HttpResponse:
    """Two steps: "show whom it concerns" checks everything, "open" opens exactly what was shown."""
    scope = scope_of(request)
    place = chosen_place(request, scope)
    initial = {} if request.method == "POST" else _next_cycle(request, place)
    form = CycleForm(request.POST or None, scope=scope, back=reverse("cycle_list"), initial=initial)
    context: dict[str, Any] = {
        "form": form,
        "calendars": _calendars(request, place),
        "crumbs": hr_crumbs("Open a cycle", cycle_list="Cycles"),
    }
    if request.method == "POST" and form.is_valid():
        chosen: Organization = form.cleaned_data["organization"]
        if form.was_shown and _opened(request, form, chosen):
            return redirect("cycle_list")
        if not form.errors:
            form.show()
            days = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on")}
            context |= {"place": chosen, "foreseen": foresee_cycle(chosen, **days)}
    status = 422 if form.errors or (request.method == "POST" and not form.is_bound) else 200
    return render(request, "appraisals/administration/cycle_new.html", context, status=status)


def _opened(request: HttpRequest, form: CycleForm, place: Organization) -> bool:
    """False when the service refused; the form then says why."""
    try:
        cycle = open_cycle(
            place,
            **{name: form.cleaned_data[name] for name in NAMES},
            milestones=form.milestones(),
            by=person(request),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, f"{cycle.name} is open for {cycle.organization.name}.")
    return True


def _calendars(request: HttpRequest, place: Organization) -> list[dict[str, Any]]:
    asked = request.GET.get("calendar", "")
    return [
        {
            "label": each.label,
            "note": each.note,
            "url": f"?{urlencode({'organization': place.code, 'calendar': each.key})}",
            "current": each.key == asked,
        }
        for each in rules.CALENDARS
    ]


def _next_cycle(request: HttpRequest, place: Organization) -> dict[str, object]:
    """The year after the newest, by the policy in force or the calendar asked for; HR changes what differs."""
    unit = find_unit(request, place)
    policy = unit.policy if unit else rules.Policy()
    after = unit.calendar.cycles[0].ends_on + dt.timedelta(days=1) if unit else clock.today()
    known = {each.key: each for each in rules.CALENDARS}
    asked = known.get(request.GET.get("calendar", ""))
    bounds = rules.cycle_bounds(after, asked.policy(policy) if asked else policy)
    if asked and bounds.starts_on < after:
        # The first whole year of that calendar, not the one already running.
        bounds = rules.cycle_bounds(bounds.ends_on + dt.timedelta(days=1), asked.policy(policy))
    milestones = suggested_milestones(bounds.starts_on, bounds.ends_on, bounds.effective_on)
    return {
        "organization": place.code,
        "name": bounds.name,
        "starts_on": bounds.starts_on,
        "ends_on": bounds.ends_on,
        "effective_on": bounds.effective_on,
        **{kind.value: day for kind, day in milestones.items()},
    }


@edit_methods
def cycle_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    paths = hr_paths(person(request))
    held = AppraisalCycle.objects.filter(under_paths(paths, "organization__path"))
    cycle = get_object_or_404(held.select_related("organization"), pk=pk)
    form = ReasonForm(
        request.POST or None,
        label="Why it is withdrawn",
        missing="Say why the cycle is withdrawn.",
        button="Withdraw the cycle",
        back=reverse("cycle_list"),
        look="btn--danger",
    )
    if request.method == "POST" and form.is_valid():
        withdraw_cycle(cycle, reason=form.cleaned_data["reason"], by=person(request))
        messages.success(request, f"{cycle.name} of {cycle.organization.name} is withdrawn.")
        return redirect("cycle_list")
    context = {
        "form": form,
        "cycle": cycle,
        "crumbs": hr_crumbs(f"Withdraw {cycle.name}", cycle_list="Cycles"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "appraisals/administration/cycle_withdraw.html", context, status=status)
