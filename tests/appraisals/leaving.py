"""What the tests of departures start from: nine people of one supervisor, each with a plan in force."""

import datetime as dt

from appraisals.models import Appraisal, Departure, Document, Kind, State
from appraisals.services.departures import decide_departure, run_due
from appraisals.services.leaving import Leaving
from appraisals.services.records import open_document
from orgchart import clock
from orgchart.models import Person
from tests.cast import Cast, assign

TODAY = dt.date(2026, 11, 16)
LAST_DAY = dt.date(2026, 11, 30)
DAY_AFTER = dt.date(2026, 12, 1)
APPROVED = dt.date(2026, 4, 20)


def make_team(cast: Cast, count: int = 9, *, first: int = 1) -> list[Appraisal]:
    """Of Dana Official; plans approved on 20 April 2026, as in the worked examples D9 to D13."""
    numbers = range(first, first + count)
    for number in numbers:
        member = Person.objects.create_user(
            email=f"member{number}@example.mil",
            dod_id=f"{3_000_000_000 + number}",
            first_name="Member",
            last_name=f"Number{number}",
        )
        assign(member, cast.rating_official, cast.places["FIRE"])
        cast.people[f"member{number}"] = member
    return [make_planned(cast, cast.people[f"member{number}"]) for number in numbers]


def make_planned(cast: Cast, employee: Person, *, approved_on: dt.date = APPROVED) -> Appraisal:
    """A record with an acknowledged plan of one element."""
    with clock.frozen(approved_on):
        appraisal = Appraisal.objects.create(
            employee=employee,
            cycle=cast.cycle,
            rating_official=cast.rating_official,
            higher_level_reviewer=cast.higher_level_reviewer,
            organization=cast.places["FIRE"],
            position_title="Firefighter",
            pay_plan="GS",
            occupational_series="0081",
            grade="08",
            starts_on=cast.cycle.starts_on,
            opened_at=clock.now(),
        )
        plan = open_document(
            appraisal,
            Kind.PERFORMANCE_PLAN,
            number=1,
            policy=cast.policy,
            by=cast.rating_official,
        )
        plan.elements.create(
            number=1,
            title="Answers alarms",
            standards="90 of 100 in 7 minutes",
            goal=cast.goals[-1],
        )
        Document.objects.filter(pk=plan.pk).update(
            state=State.ACKNOWLEDGED,
            approved_on=approved_on,
            communicated_on=approved_on,
            communicated_method="F",
            acknowledged_on=approved_on,
        )
    return appraisal


def leaving(cast: Cast, **fields) -> Leaving:
    """Dana Official leaves on 30 November 2026; Fern Former takes over."""
    given = {
        "person": cast.rating_official,
        "kind": "leaves",
        "last_day": LAST_DAY,
        "reason": "She retires.",
        "successor": cast.former_rating_official,
        "changes_chart": True,
    }
    return Leaving(**(given | fields))


def decided(cast: Cast, *, on: dt.date = TODAY, by: Person | None = None, **fields) -> Departure:
    with clock.frozen(on):
        return decide_departure(leaving(cast, **fields), by=by or cast.hr)


def run_on(day: dt.date) -> int:
    """What falls due by that day changes hands; how many departures that was."""
    with clock.frozen(day):
        return run_due()


def answers(cast: Cast, **changes: object) -> dict[str, object]:
    """What is sent to the page: Dana Official leaves on 30 November; Fern Former takes over."""
    given = {
        "kind": "leaves",
        "last_day": LAST_DAY.isoformat(),
        "arrangement": "successor",
        "successor": cast.former_rating_official.dod_id,
        "whole_team": "on",
        "changes_chart": "on",
        "reason": "She retires.",
        "decision": "Show what it means",
    }
    return {name: value for name, value in (given | changes).items() if value is not None}
