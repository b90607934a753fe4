"""Cycles, milestones, policy editions, mandatory elements, goals and the library as rows."""

import datetime as dt

from django.utils import timezone

from appraisals.demonstration.cascade import build_cascade, is_written, told_at
from appraisals.demonstration.goals import CORE_VALUES, GOALS, MISSIONS
from appraisals.demonstration.occupations import OCCUPATIONS
from appraisals.demonstration.occupations.supervisors import ACCOUNTABILITY, LEADING, WHISTLEBLOWER
from appraisals.demonstration.place import Place
from appraisals.demonstration.texts import Theme
from appraisals.models import (
    AppraisalCycle,
    Goal,
    LibraryElement,
    MandatoryElement,
    Milestone,
    MissionStatement,
    PolicyEdition,
)
from appraisals.services.program import suggested_milestones

YEARS = (2026, 2027, 2028)


def build_framework(place: Place) -> list[AppraisalCycle]:
    """The department's program; returns its cycles, oldest first."""
    _policies(place)
    _mandatory_elements(place)
    _library()
    cycles = [_cycle(place, year) for year in YEARS]
    for cycle in cycles:
        _goals(place, cycle)
    build_cascade(place, cycles)
    return cycles


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), tzinfo=timezone.get_current_timezone())


def _policies(place: Place) -> None:
    """Public Works has its reviews and narrative statements approved, as a unit under study may ask."""
    PolicyEdition.objects.bulk_create(
        PolicyEdition(
            name=name,
            organization=place.organizations[code],
            effective_on=effective_on,
            values=values,
            core_values=CORE_VALUES,
            written_by=place.people[by],
            written_at=_moment(effective_on - dt.timedelta(days=30)),
        )
        for name, code, effective_on, values, by in (
            ("DoD program, 2025 edition", "DOD", dt.date(2025, 1, 1), {}, "helena.strand"),
            (
                "Public Works: reviews approved by the second level",
                "DPW",
                dt.date(2026, 6, 1),
                {"progress_review_needs_review": True, "narrative_statement_needs_review": True},
                "miriam.castellano",
            ),
        )
    )


def _mandatory_elements(place: Place) -> None:
    MandatoryElement.objects.bulk_create(
        MandatoryElement(
            code=text.mandatory,
            rule=rule,
            organization=place.organizations["DOD"],
            applies_to=MandatoryElement.AppliesTo.SUPERVISORS,
            starts_on=starts_on,
            title=text.title,
            description=text.description,
            standards=text.standards,
        )
        for text, rule, starts_on in (
            (ACCOUNTABILITY, "R3.8c", dt.date(2025, 7, 17)),
            (WHISTLEBLOWER, "R3.8a", dt.date(2018, 4, 1)),
        )
    )


def _library() -> None:
    """Every written element that does not name a unit, once each."""
    rows: dict[tuple[str, str], LibraryElement] = {}
    for occupation in OCCUPATIONS.values():
        for text in occupation.elements:
            general = "{" not in text.description + text.standards
            if occupation.series and general:
                rows[occupation.series, text.title] = LibraryElement(
                    occupational_series=occupation.series,
                    title=text.title,
                    description=text.description,
                    standards=text.standards,
                )
    leading = LibraryElement(
        is_supervisory=True,
        title=LEADING.title,
        description=LEADING.description.format(unit="the unit"),
        standards=LEADING.standards,
    )
    LibraryElement.objects.bulk_create([*rows.values(), leading])


def _cycle(place: Place, year: int) -> AppraisalCycle:
    starts_on, ends_on = dt.date(year - 1, 4, 1), dt.date(year, 3, 31)
    effective_on = dt.date(year, 6, 1)
    cycle = AppraisalCycle.objects.create(
        name=f"FY {year}",
        organization=place.organizations["DOD"],
        starts_on=starts_on,
        ends_on=ends_on,
        effective_on=effective_on,
        opened_by=place.people["helena.strand"],
        opened_at=_moment(starts_on - dt.timedelta(days=45)),
    )
    due = suggested_milestones(starts_on, ends_on, effective_on)
    Milestone.objects.bulk_create(
        Milestone(cycle=cycle, kind=kind, due_on=day) for kind, day in due.items()
    )
    return cycle


def _goals(place: Place, cycle: AppraisalCycle) -> None:
    MissionStatement.objects.bulk_create(
        MissionStatement(
            cycle=cycle,
            organization=place.organizations[code],
            text=text,
            published_at=told_at(place.organizations[code], cycle),
        )
        for code, text in MISSIONS.items()
        if is_written(code, cycle)
    )
    made: dict[tuple[int, Theme], Goal] = {}
    positions: dict[str, int] = {}
    for text in GOALS:
        if not is_written(text.organization, cycle):
            continue
        organization = place.organizations[text.organization]
        positions[text.organization] = positions.get(text.organization, 0) + 1
        serves = None
        for above in reversed(organization.ancestor_ids):
            if text.serves and serves is None:
                serves = made.get((above, text.serves))
        made[organization.pk, text.theme] = Goal(
            cycle=cycle,
            organization=organization,
            serves=serves,
            position=positions[text.organization],
            title=text.title,
            statement=text.statement,
            published_at=told_at(organization, cycle),
        )
        made[organization.pk, text.theme].save()
