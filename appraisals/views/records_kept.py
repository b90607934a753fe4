"""HR: what has been kept long enough, the lists of what is to be destroyed, and who agreed to it (R13)."""

from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals import keeping
from appraisals.exports import Column, Table, download
from appraisals.forms.reasons import ReasonForm
from appraisals.forms.retention import DueForm
from appraisals.keeping import Due, Kept
from appraisals.models import DestructionItem, DestructionList, Hold, KeptStatistic
from appraisals.permissions import may_confirm_destruction
from appraisals.rules import LEVEL_NAMES, OUTSTANDING
from appraisals.rules.small_cells import Group
from appraisals.rules.words import date_words
from appraisals.services.retention import (
    MOST,
    confirm_list,
    draw_up_list,
    strike_off,
    withdraw_list,
)
from appraisals.views.administration import edit_methods, hr_crumbs, scope_of
from appraisals.views.shared import person
from orgchart import clock
from orgchart.counting import counted

PAGE = 50
TITLE = "Records kept and destroyed"
State = DestructionItem.State


@require_safe
def records_kept(request: HttpRequest) -> HttpResponseBase:
    scope = scope_of(request)
    form = DueForm(
        request.GET if "organization" in request.GET else {"organization": scope[0].code},
        scope=scope,
    )
    context: dict[str, Any] = {"form": form, "crumbs": hr_crumbs(TITLE), "today": clock.today()}
    if not form.is_valid():
        return render(request, "appraisals/records_kept/due.html", context, status=422)
    place = form.cleaned_data["organization"]
    due = keeping.kept(place, today=clock.today())
    numbers = _numbers(due, Hold.objects.visible_to(person(request)).active())
    table = _due_table(due, numbers["records"] + numbers["ratings"])
    found = download(request, table, about=place)
    if found is not None:
        return found
    lists = DestructionList.objects.visible_to(person(request)).select_related("organization")
    context |= {
        "place": place,
        "policy": due.policy_at(place.path),
        "table": table,
        "page": _due_page(request, due, numbers),
        "free": numbers["free_records"] + numbers["free_ratings"],
        "waiting": table.length,
        "most": MOST,
        "lists": lists.select_related("drawn_up_by", "confirmed_by")[:PAGE],
        "holds": numbers["holds"],
        "statistics": _statistics(due),
    }
    return render(request, "appraisals/records_kept/due.html", context)


def _numbers(due: Kept, holds: QuerySet[Hold]) -> dict[str, int]:
    """What is due and what of it can be listed, and what stands in the way everywhere."""
    records, ratings = due.records(), due.superseded()
    return counted(
        {
            "records": records,
            "ratings": ratings,
            "free_records": keeping.free(records),
            "free_ratings": keeping.free(ratings),
            "holds": holds,
        }
    )


def _due_page(request: HttpRequest, due: Kept, numbers: dict[str, int]) -> Page[Any]:
    """Whole records first, then ratings that were replaced: one list that is cut by the database."""
    whole = numbers["records"]
    every: Paginator[Any] = Paginator(range(whole + numbers["ratings"]), PAGE)
    page = every.get_page(request.GET.get("page"))
    first, last = page.start_index() - 1 if page.object_list else 0, page.end_index()
    rows = _with_people(due, first, last, whole)
    page.object_list = [_due_row(each) for each in rows]
    return page


def _with_people(due: Kept, first: int, last: int, whole: int) -> list[Due]:
    named = ("organization", "cycle", "employee", "rating_of_record")
    records = due.records().select_related(*named).order_by("cycle__ends_on", "pk")
    of_rating = [f"appraisal__{name}" for name in named[:3]]
    ratings = due.superseded().select_related(*of_rating).order_by("pk")
    found = [due.due_of_record(each) for each in records[first : min(last, whole)]]
    rest = slice(max(first - whole, 0), max(last - whole, 0))
    return [*found, *(due.due_of_rating(each) for each in ratings[rest])]


def _due_row(due: Due) -> dict[str, Any]:
    record = due.record
    return {
        "person": record.employee,
        "detail": f"{record.cycle.name}, {record.organization.name}",
        "url": record.get_absolute_url(),
        "what": due.what.label,
        "rule": due.rule,
        "kept_until": due.kept_until,
        "waits": due.waits,
    }


def _due_table(due: Kept, total: int) -> Table[Due]:
    named = ("organization", "cycle", "employee", "rating_of_record")
    of_rating = [f"appraisal__{name}" for name in named[:3]]

    def everything() -> Any:
        records = due.records().select_related(*named).order_by("cycle__ends_on", "pk")
        ratings = due.superseded().select_related(*of_rating).order_by("pk")
        return chain(
            map(due.due_of_record, records.iterator(chunk_size=1000)),
            map(due.due_of_rating, ratings.iterator(chunk_size=1000)),
        )

    return Table(
        name="records-due",
        title="Records whose years are over",
        columns=[
            Column[Due]("Employee", lambda row: row.record.employee.full_name),
            Column[Due]("DoD ID", lambda row: row.record.employee.dod_id),
            Column[Due]("Unit", lambda row: row.record.organization.name),
            Column[Due]("Cycle", lambda row: row.record.cycle.name),
            Column[Due]("What", lambda row: str(row.what.label)),
            Column[Due]("Rule", lambda row: row.rule),
            Column[Due]("Kept until", lambda row: row.kept_until),
            Column[Due]("Waits for", lambda row: row.waits),
        ],
        rows=(),
        everything=everything,
        total=total,
        names_people=True,
    )


def _statistics(due: Kept) -> list[dict[str, Any]]:
    """R13.5, R16.3: numbers of destroyed years, none of a group so small that it tells of a person."""
    policy = due.policy_at(due.organization.path)
    rows = KeptStatistic.objects.filter(
        organization__path__startswith=due.organization.path
    ).select_related("cycle")
    years: dict[str, dict[int, int]] = {}
    for row in rows:
        levels = years.setdefault(row.cycle.name, {})
        levels[row.level] = levels.get(row.level, 0) + row.people
    fewest = policy.small_cell_minimum if policy else 0
    return [
        {
            "cycle": cycle,
            "people": sum(levels.values()),
            "levels": [
                {"label": LEVEL_NAMES[level], "people": levels[level]}
                for level in sorted(levels, reverse=True)
                if _is_safe(levels, fewest)
            ],
        }
        for cycle, levels in years.items()
    ]


def _is_safe(levels: dict[int, int], fewest: int) -> bool:
    best = levels.get(OUTSTANDING, 0)
    return Group(best, sum(levels.values()) - best).is_safe(fewest)


@require_POST
def destruction_draw_up(request: HttpRequest) -> HttpResponse:
    form = DueForm(request.POST, scope=scope_of(request))
    if not form.is_valid():
        return redirect("records_kept")
    listed = draw_up_list(form.cleaned_data["organization"], by=person(request))
    messages.success(request, "The list is drawn up. A second person has to confirm it.")
    return redirect(listed)


def _list(request: HttpRequest, pk: int) -> DestructionList:
    seen = DestructionList.objects.visible_to(person(request)).select_related(
        "organization", "drawn_up_by", "confirmed_by"
    )
    return get_object_or_404(seen, pk=pk)


@require_safe
def destruction_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    listed = _list(request, pk)
    items = listed.items.select_related("employee", "cycle", "organization", "decided_by")
    table = _item_table(items)
    found = download(request, table, about=listed.organization)
    if found is not None:
        return found
    user = person(request)
    states = dict(listed.items.order_by().values_list("state").annotate(Count("pk")))
    context = {
        "listed": listed,
        "page": Paginator(items, PAGE).get_page(request.GET.get("page")),
        "table": table,
        "counts": {state.value: states.get(state, 0) for state in State},
        "is_open": listed.state == DestructionList.State.DRAWN_UP,
        "may_confirm": may_confirm_destruction(user, listed),
        "is_mine": listed.drawn_up_by_id == user.pk,
        "crumbs": hr_crumbs(f"List {listed.pk}", records_kept=TITLE),
    }
    return render(request, "appraisals/records_kept/list.html", context)


def _item_table(items: Any) -> Table[DestructionItem]:
    return Table(
        name="destruction-list",
        title="List of what is destroyed",
        columns=[
            Column[DestructionItem]("Employee", lambda row: row.employee.full_name),
            Column[DestructionItem]("DoD ID", lambda row: row.employee.dod_id),
            Column[DestructionItem]("Unit", lambda row: row.organization.name),
            Column[DestructionItem]("Cycle", lambda row: row.cycle.name),
            Column[DestructionItem]("What", lambda row: row.get_what_display()),
            Column[DestructionItem]("Rule", lambda row: row.rule),
            Column[DestructionItem]("Kept until", lambda row: row.kept_until),
            Column[DestructionItem]("State", lambda row: row.get_state_display()),
            Column[DestructionItem]("Reason", lambda row: row.reason),
        ],
        rows=(),
        everything=lambda: items,
        total=items.count(),
        names_people=True,
    )


@require_POST
def destruction_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    listed = _list(request, pk)
    things = request.POST.get("things", "")
    confirm_list(listed, by=person(request), things=int(things) if things.isdecimal() else -1)
    messages.success(request, "Confirmed. What is on the list is being destroyed.")
    return redirect(listed)


@edit_methods
def destruction_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    listed = _list(request, pk)
    form = ReasonForm(
        request.POST or None,
        label="Why it is withdrawn",
        missing="Say why the list is withdrawn.",
        button="Withdraw the list",
        back=listed.get_absolute_url(),
    )
    if form.is_valid():
        withdraw_list(listed, by=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, "The list is withdrawn. Nothing of it was destroyed.")
        return redirect(listed)
    about = f"List {listed.pk}, {listed.organization.name}"
    return _reason_page(request, form, "Withdraw this list", about, listed)


@edit_methods
def destruction_strike(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    listed = _list(request, pk)
    item = get_object_or_404(listed.items.select_related("employee", "cycle"), pk=item_pk)
    form = ReasonForm(
        request.POST or None,
        label="Why it is kept",
        missing="Say why this is not to be destroyed.",
        button="Strike off",
        back=listed.get_absolute_url(),
    )
    if form.is_valid():
        strike_off(item, by=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, f"{item.employee.full_name}, {item.cycle.name} is struck off.")
        return redirect(listed)
    about = (
        f"{item.employee.full_name}, {item.cycle.name}: {item.get_what_display().lower()}, "
        f"kept until {date_words(item.kept_until)}"
    )
    return _reason_page(request, form, "Strike off the list", about, listed)


def _reason_page(
    request: HttpRequest, form: ReasonForm, title: str, about: str, listed: DestructionList
) -> HttpResponse:
    if listed.state != DestructionList.State.DRAWN_UP:
        return redirect(listed)
    context = {
        "form": form,
        "title": title,
        "about": about,
        "crumbs": [
            *hr_crumbs(TITLE)[:-1],
            {"label": TITLE, "url": reverse("records_kept")},
            {"label": f"List {listed.pk}", "url": listed.get_absolute_url()},
            {"label": title, "url": ""},
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/records_kept/reason.html", context, status=status)
