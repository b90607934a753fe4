"""The first-level supervisors below a reviewer: how each stands, how each does it, a place to coach them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from appraisals.forms.coaching import NoteForm
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    CoachingNote,
    Milestone,
    MilestoneKind,
)
from appraisals.permissions import works_under
from appraisals.selectors import with_documents, with_levels
from appraisals.services.coaching import supervisors_below
from appraisals.supervision import Figures, figures_of
from appraisals.supervision_facts import Facts, facts_of
from appraisals.views.board import current_assignments
from appraisals.views.figure_rows import brief_rows, level_rows, measure_rows, reason_rows
from appraisals.views.rows import Row, record_row, show_cycle
from appraisals.views.shared import person
from appraisals.views.supervisor_standing import MISSING, SHOWN, Standing, standings_of
from orgchart import clock
from orgchart.models import Assignment, Person

NOTES_SHOWN = 3
NUDGES_SHOWN = 5


def reviewed_cycles(user: Person) -> list[AppraisalCycle]:
    """Newest first; the cycles whose records this person reviews, with `plan_due_on`."""
    reviewed = Appraisal.objects.filter(cycle=OuterRef("pk"), higher_level_reviewer=user)
    plan_due = Milestone.objects.filter(cycle=OuterRef("pk"), kind=MilestoneKind.PLAN_DUE)
    return list(
        AppraisalCycle.objects.filter(Exists(reviewed)).annotate(
            plan_due_on=Subquery(plan_due.values("due_on")[:1])
        )
    )


def season(cycles: list[AppraisalCycle]) -> AppraisalCycle | None:
    """The oldest cycle whose ratings are not in effect yet: what there is most to do about."""
    today = clock.today()
    open_cycles = [cycle for cycle in cycles if cycle.effective_on >= today]
    return open_cycles[-1] if open_cycles else next(iter(cycles), None)


def second_level_people(user: Person) -> list[Assignment]:
    """Who answers today to somebody that answers to `user`."""
    reports = Assignment.objects.on(clock.today()).filter(supervisor=user)
    return current_assignments(Q(supervisor__in=reports.values("employee")))


def chosen_cycle(cycles: list[AppraisalCycle], asked: str) -> AppraisalCycle | None:
    if not asked:
        return season(cycles)
    cycle = next((each for each in cycles if str(each.pk) == asked), None)
    if cycle is None:
        raise Http404
    return cycle


def address(cycle: AppraisalCycle | None, official: Person | None = None, *, show: str = "") -> str:
    """Of the list of supervisors, or of one of them with the list behind a number."""
    url = reverse("supervisor", args=[official.dod_id]) if official else reverse("supervisors")
    query = {"cycle": str(cycle.pk)} if cycle else {}
    query |= {"show": show} if show else {}
    return f"{url}?{urlencode(query)}{'#records' if show else ''}" if query else url


def standing_of(user: Person, official: Person, cycle: AppraisalCycle) -> Standing:
    """Of one supervisor, for the records that `user` reviews."""
    records = Appraisal.objects.filter(
        higher_level_reviewer=user, rating_official=official, cycle=cycle
    )
    people = [each for each in second_level_people(user) if each.supervisor_id == official.pk]
    found = standings_of(list(with_documents(records)), people, cycle)
    return next(iter(found), Standing(official))


@dataclass(frozen=True)
class Below:
    """Everything a reviewer's pages are about, loaded once: one cycle, and the one before it."""

    user: Person
    cycles: list[AppraisalCycle]
    cycle: AppraisalCycle | None
    before: AppraisalCycle | None
    standings: list[Standing]
    earlier: dict[int, Standing]
    facts: Facts

    def whole(self) -> tuple[Figures, Figures]:
        """Of all supervisors together, in this cycle and the one before."""
        without = [report for each in self.standings for report in each.without]
        return (
            figures_of(_records(self.standings), self.facts, without=without),
            figures_of(_records(self.earlier.values()), self.facts),
        )

    @property
    def officials(self) -> list[Person]:
        """Of both cycles, by name."""
        found = {
            each.official.pk: each.official for each in (*self.earlier.values(), *self.standings)
        }
        return sorted(found.values(), key=lambda each: (each.last_name, each.first_name))

    def of(self, official: Person) -> Standing:
        found = (each for each in self.standings if each.official.pk == official.pk)
        return next(found, Standing(official))

    def figures(self, official: Person) -> tuple[Figures, Figures]:
        """This cycle's and the one's before; of an empty one nothing is counted."""
        before = self.earlier.get(official.pk, Standing(official))
        return self.of(official).figures(self.facts), before.figures(self.facts)


def _records(standings: Iterable[Standing]) -> list[Appraisal]:
    return [record for each in standings for record in each.records]


def load_below(user: Person, asked: str) -> Below:
    cycles = reviewed_cycles(user)
    cycle = chosen_cycle(cycles, asked)
    if cycle is None:
        return Below(user, cycles, None, None, [], {}, facts_of([]))
    before = next((each for each in cycles if each.ends_on < cycle.starts_on), None)
    found = Appraisal.objects.filter(
        higher_level_reviewer=user, cycle__in=[each for each in (cycle, before) if each]
    )
    records = list(with_levels(with_documents(found)))
    now = [record for record in records if record.cycle_id == cycle.pk]
    then = [record for record in records if record.cycle_id != cycle.pk]
    return Below(
        user,
        cycles,
        cycle,
        before,
        standings_of(now, second_level_people(user), cycle),
        {each.official.pk: each for each in standings_of(then, [], before)} if before else {},
        facts_of(records),
    )


def _tabs(below: Below, official: Person | None = None) -> list[dict[str, Any]]:
    return [
        {"label": each.name, "url": address(each, official), "current": each == below.cycle}
        for each in below.cycles
    ]


@require_safe
def supervisors(request: HttpRequest) -> HttpResponse:
    below = load_below(person(request), request.GET.get("cycle", ""))
    show_cycle(request, below.cycle)
    return render(
        request,
        "appraisals/reviews/supervisors.html",
        {
            "tabs": _tabs(below),
            "cycle": below.cycle,
            "before": below.before,
            "table": standings_table(below.standings, below.cycle),
            "figures": [_figures_row(below, each.official) for each in below.standings],
            "whole": brief_rows(*below.whole(), lambda show: ""),
            "levels": _levels_table(below),
        },
    )


def _figures_row(below: Below, official: Person) -> dict[str, Any]:
    now, then = below.figures(official)
    return {
        "official": official,
        "url": address(below.cycle, official),
        "cells": brief_rows(now, then, lambda show: address(below.cycle, official, show=show)),
    }


def _levels_table(below: Below) -> list[dict[str, Any]]:
    """Who rated how in the newest cycle that is finished; nothing before one is."""
    found = []
    for official in below.officials:
        now, then = below.figures(official)
        rows = level_rows([(below.cycle, now), (below.before, then)])
        if rows:
            found.append(
                {"official": official, "url": address(below.cycle, official), "rows": rows}
            )
    return found


def standings_table(
    standings: list[Standing], cycle: AppraisalCycle | None
) -> list[dict[str, object]]:
    """Each number with the address of the list behind it; none where there is nobody to list."""
    return [
        {
            "official": each.official,
            "people": each.people,
            "url": address(cycle, each.official),
            "counts": [
                {
                    "name": name,
                    "label": SHOWN[name][0],
                    "count": count,
                    "url": address(cycle, each.official, show=name) if count else "",
                }
                for name, count in each.counts.items()
            ],
        }
        for each in standings
    ]


@require_safe
def supervisor(request: HttpRequest, dod_id: str) -> HttpResponse:
    user = person(request)
    below = supervisors_below(user).annotate(may_coach=works_under(user))
    return supervisor_page(request, get_object_or_404(below, dod_id=dod_id))


def supervisor_page(
    request: HttpRequest, official: Person, *, form: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """Also shown again with what was wrong with a note. `official` carries `may_coach`."""
    user, show = person(request), request.GET.get("show", "")
    below = load_below(user, request.GET.get("cycle", ""))
    if show and show not in SHOWN and show not in MISSING:
        raise Http404
    show_cycle(request, below.cycle)
    now, then = below.figures(official)
    standing, cycle = below.of(official), below.cycle
    notes = CoachingNote.objects.visible_to(user).filter(about=official).select_related("about")
    shown = list(notes[: NOTES_SHOWN + 1])
    context = {
        "official": official,
        "cycle": cycle,
        "before": below.before,
        "tabs": _tabs(below, official),
        "crumbs": crumbs_to(official),
        "people": standing.people,
        "measures": measure_rows(
            now, then, below.whole()[0], lambda name: address(cycle, official, show=name)
        ),
        "reasons": reason_rows(now, then),
        "levels": level_rows([(cycle, now), (below.before, then)]),
        "lists": _lists(standing, now, cycle, show),
        "rows": _rows(standing, now, user, show),
        "without": [] if show else standing.without,
        "owed": standing.owed(cycle) if cycle else [],
        "may_coach": getattr(official, "may_coach", True),
        "nudges": official.nudges.filter(sender=user).select_related("answer")[:NUDGES_SHOWN],
        "notes": shown[:NOTES_SHOWN],
        "more_notes": len(shown) > NOTES_SHOWN,
        "form": form or NoteForm(about=official),
        "section": "review_queue",
    }
    return render(request, "appraisals/reviews/supervisor.html", context, status=status)


def crumbs_to(official: Person, *last: str) -> list[dict[str, str]]:
    """Breadcrumbs from the queue over the supervisors to this one."""
    return [
        {"label": "Reviews", "url": reverse("review_queue")},
        {"label": "Your supervisors", "url": reverse("supervisors")},
        {"label": official.full_name, "url": address(None, official) if last else ""},
        *({"label": label, "url": ""} for label in last),
    ]


def _chosen(standing: Standing, figures: Figures, show: str) -> list[Appraisal]:
    if show in MISSING:
        missing = MISSING[show][1](figures)
        return [record for record in standing.records if record.pk in missing]
    return standing.having(show) if show else standing.records


def _rows(standing: Standing, figures: Figures, user: Person, show: str) -> list[Row]:
    records = _chosen(standing, figures, show)
    rows = (record_row(record, user, today=clock.today()) for record in records)
    return sorted(rows, key=lambda row: row.order)


def _lists(
    standing: Standing, figures: Figures, cycle: AppraisalCycle | None, show: str
) -> list[dict[str, Any]]:
    """The tabs over the records: everybody, each stage, and the figure one came by."""
    official = standing.official
    tabs = [
        {"label": "Everybody", "url": f"{address(cycle, official)}#records", "current": not show}
    ]
    names = {name: label for name, (label, _) in SHOWN.items()}
    if show in MISSING:
        names[show] = MISSING[show][0]
    tabs += [
        {
            "label": f"{label} {len(_chosen(standing, figures, name))}",
            "url": address(cycle, official, show=name),
            "current": name == show,
        }
        for name, label in names.items()
    ]
    return tabs
