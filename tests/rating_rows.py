"""A year that has ended in a rating, questioned by the employee; more time asked for the year after it."""

import datetime as dt

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Disagreement,
    Document,
    Element,
    Extension,
    Kind,
    PolicyEdition,
    RatingOfRecord,
    Section,
    SectionKind,
    Situation,
    State,
)
from tests.appraisals.rows import NOON
from tests.cast import PRACTICE_DAY, SECRET, Cast

DISCUSSED = dt.date(2027, 3, 20)


def rated_year(cast: Cast, level: int = 3, *, discussed_on: dt.date = DISCUSSED) -> RatingOfRecord:
    """FY 2026 of the employee, straight into the tables: a plan of two elements, and its appraisal."""
    cycle, _ = AppraisalCycle.objects.get_or_create(
        organization=cast.places["DOD"],
        starts_on=dt.date(2025, 4, 1),
        defaults={
            "name": "FY 2026",
            "ends_on": dt.date(2026, 3, 31),
            "effective_on": dt.date(2026, 6, 1),
            "opened_at": NOON,
        },
    )
    appraisal = Appraisal.objects.create(
        employee=cast.employee,
        rating_official=cast.rating_official,
        higher_level_reviewer=cast.higher_level_reviewer,
        cycle=cycle,
        organization=cast.places["FIRE"],
        position_title="Firefighter",
        pay_plan="GS",
        occupational_series="0081",
        grade="08",
        starts_on=cycle.starts_on,
        opened_at=NOON,
    )
    plan = _finished(appraisal, Kind.PERFORMANCE_PLAN, dt.date(2025, 4, 20))
    annual = _finished(appraisal, Kind.ANNUAL_APPRAISAL, discussed_on)
    for number in (1, 2):
        element = Element.objects.create(
            plan=plan, number=number, title=f"Element {number} {SECRET}"
        )
        Section.objects.create(
            document=annual, kind=SectionKind.RATING, element=element, level=level, text=SECRET
        )
    return RatingOfRecord.objects.create(
        appraisal=appraisal,
        level=level,
        rated_sum=2 * level,
        rated_count=2,
        effective_on=cycle.effective_on,
        issued_at=dt.datetime.combine(discussed_on, dt.time(16), dt.UTC),
        issued_by=cast.rating_official,
    )


def _finished(appraisal: Appraisal, kind: Kind, day: dt.date) -> Document:
    return Document.objects.create(
        appraisal=appraisal,
        kind=kind,
        policy=PolicyEdition.objects.earliest("pk"),
        state=State.ACKNOWLEDGED,
        state_since=dt.datetime.combine(day, dt.time(16), dt.UTC),
        opened_at=NOON,
        approved_on=day,
        communicated_on=day,
        communicated_method="F",
        acknowledged_on=day,
    )


def make_questioned(cast: Cast, open_record: Appraisal) -> None:
    Disagreement.objects.create(
        rating=rated_year(cast),
        policy=cast.policy,
        kind="reconsideration",
        state="waiting",
        text=SECRET,
        filed_on=DISCUSSED,
        filed_at=NOON,
        filed_by=cast.employee,
        due_on=PRACTICE_DAY,
    )
    Extension.objects.create(
        appraisal=open_record,
        until=dt.date(2027, 5, 1),
        reason="information",
        explanation=SECRET,
        state="asked",
        asked_by=cast.rating_official,
        asked_at=NOON,
    )
    Situation.objects.create(
        employee=cast.employee,
        kind="training",
        starts_on=dt.date(2026, 9, 1),
        ends_on=dt.date(2026, 9, 30),
        entered_by=cast.hr,
        entered_at=NOON,
    )


OF_THE_OPEN_YEAR = (
    "rateability",
    "extension_new",
    "extension_end",
    "year_close",
    "year_reopen",
    "situation_new",
    "cycle_change",
)


def rating_arguments(open_record: int) -> dict[str, list[object]]:
    questioned = Disagreement.objects.get()
    rated = questioned.rating.appraisal_id
    return {
        **{name: [open_record] for name in OF_THE_OPEN_YEAR},
        "situation_end": [open_record, Situation.objects.get().pk],
        "extension_decide": [Extension.objects.get().pk],
        "rating_detail": [rated],
        "rating_change": [rated],
        "disagree": [rated, "statement"],
        "disagreement_detail": [questioned.pk],
        "disagreement_withdraw": [questioned.pk],
    }
