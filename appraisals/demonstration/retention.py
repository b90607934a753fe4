"""A hold, an old year that is due, and a list that waits for the second person."""

import datetime as dt
from collections.abc import Mapping

from appraisals.models import Appraisal, AppraisalCycle, RatingOfRecord
from appraisals.services.retention import draw_up_list, place_hold
from orgchart import clock
from orgchart.models import Organization, Person

_YEARS_AGO = 5
_LEVELS = (3, 5, 3, 3, 5, 3, 1, 3)


def build_retention(
    people: Mapping[str, Person], place: Organization, cycle: AppraisalCycle, *, until: dt.date
) -> None:
    """`cycle`: the last one that is finished; the old year is as many years before as records are kept, and one."""
    miriam, helena = people["miriam.castellano"], people["helena.strand"]
    old = _old_cycle(cycle)
    recent = list(
        Appraisal.objects.filter(cycle=cycle, organization__path__startswith=place.path)
        .exclude(employee=miriam)
        .order_by("employee__last_name", "pk")[: len(_LEVELS)]
    )
    for now, level in zip(recent, _LEVELS, strict=False):
        _old_record(now, old, level)
    if not recent:
        return
    with clock.frozen(until, at=dt.time(10, 15)):
        place_hold(
            recent[0].employee,
            cycle=old,
            reason="The employee’s claim for the years 2021 and 2022 is not decided.",
            authority="Office of Counsel, case 26-0418",
            by=miriam,
        )
    with clock.frozen(until, at=dt.time(11, 40)):
        draw_up_list(place, by=helena)


def _old_cycle(cycle: AppraisalCycle) -> AppraisalCycle:
    def earlier(day: dt.date) -> dt.date:
        return day.replace(year=day.year - _YEARS_AGO)

    ends_on = earlier(cycle.ends_on)
    return AppraisalCycle.objects.create(
        name=f"FY {ends_on.year}",
        organization=cycle.organization,
        starts_on=earlier(cycle.starts_on),
        ends_on=ends_on,
        effective_on=earlier(cycle.effective_on),
        opened_at=_moment(earlier(cycle.starts_on)),
    )


def _old_record(now: Appraisal, old: AppraisalCycle, level: int) -> None:
    """As it came over from the system before: the record and its rating, no texts."""
    same = (
        "employee",
        "rating_official",
        "higher_level_reviewer",
        "organization",
        "position_title",
        "position_number",
        "pay_plan",
        "occupational_series",
        "grade",
        "step",
        "duty_station",
        "is_supervisor",
        "bargaining_unit",
    )
    record = Appraisal.objects.create(
        cycle=old,
        starts_on=old.starts_on,
        opened_at=_moment(old.starts_on),
        **{name: getattr(now, name) for name in same},
    )
    RatingOfRecord.objects.create(
        appraisal=record,
        level=level,
        rated_sum=level * 4,
        rated_count=4,
        effective_on=old.effective_on,
        issued_at=_moment(old.effective_on),
        issued_by=now.rating_official,
    )


def _moment(day: dt.date) -> dt.datetime:
    with clock.frozen(day, at=dt.time(9)):
        return clock.now()
