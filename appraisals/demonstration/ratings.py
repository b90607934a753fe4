"""Ratings that are questioned, one that a grievance changed, and a firefighter with too few days (R1.11, R11)."""

import datetime as dt
from collections.abc import Mapping

from appraisals.models import (
    AmendmentReason,
    Appraisal,
    AppraisalCycle,
    Decision,
    DisagreementKind,
    ExtensionReason,
    SituationKind,
)
from appraisals.problems import plan_of
from appraisals.rateability import rateability_of
from appraisals.services.amending import annual_of, levels_now, record_decision
from appraisals.services.disagreeing import file_disagreement
from appraisals.services.rateability import ask_extension, enter_situation
from orgchart import clock
from orgchart.models import Person

_ASKS = (
    "Element 2 is rated Fully Successful because of one late report in October. The report was late "
    "because the system was down for three days, which my rating official knew at the time. Every other "
    "report was early. Please look at this element again."
)
_SAYS = (
    "I do not agree with the narrative of element 3. The backlog was handed over to me in August with "
    "sixty open orders, and the text counts them as mine. I do not ask for a change."
)
_FINDS = (
    "Case G-2026-114. The deciding official found that the evidence for elements 1 and 3 shows work above "
    "the standard in every quarter and directed that both be rated Outstanding."
)
_NEEDS = (
    "His plan was approved late because the position was vacant until January. With four more weeks under "
    "it the inventory of the spring and the papers for the new budget can be rated, too."
)


def build_ratings(
    people: Mapping[str, Person],
    last_year: AppraisalCycle,
    this_year: AppraisalCycle,
    *,
    until: dt.date,
) -> None:
    miriam = people["miriam.castellano"]
    asked_on = this_year.ends_on + dt.timedelta(days=1)
    if until < asked_on + dt.timedelta(days=3):
        return
    with clock.frozen(dt.date(last_year.ends_on.year, 9, 24), at=dt.time(10, 40)):
        _after_a_grievance(_record(people["grace.adeyemi"], last_year), by=miriam)
    with clock.frozen(asked_on, at=dt.time(8, 15)):
        record = _record(people["calvin.brooks"], this_year)
        kind = DisagreementKind.RECONSIDERATION
        file_disagreement(record.rating_of_record, kind, text=_ASKS, by=record.employee)
    with clock.frozen(asked_on + dt.timedelta(days=1), at=dt.time(14, 5)):
        record = _record(people["fern.holloway"], this_year)
        kind = DisagreementKind.STATEMENT
        file_disagreement(record.rating_of_record, kind, text=_SAYS, by=record.employee)
    with clock.frozen(asked_on + dt.timedelta(days=2), at=dt.time(9, 30)):
        _too_few_days(_record(people["robert.jensen"], this_year))
        enter_situation(
            _record(people["vikram.nair"], this_year),
            kind=SituationKind.MILITARY,
            starts_on=dt.date(this_year.ends_on.year, 1, 18),
            ends_on=dt.date(this_year.ends_on.year, 2, 26),
            by=miriam,
        )


def _record(person: Person, cycle: AppraisalCycle) -> Appraisal:
    records = Appraisal.objects.with_people().select_related("rating_of_record")
    return records.get(employee=person, cycle=cycle)


def _after_a_grievance(record: Appraisal, *, by: Person) -> None:
    levels = levels_now(record.rating_of_record, annual_of(record))
    better = [5 if number in (1, 3) else level for number, level in enumerate(levels, start=1)]
    decision = Decision(
        levels=better,
        reason=AmendmentReason.GRIEVANCE,
        authority="Thomas Whitaker, deputy garrison commander, deciding official",
        decided_on=clock.today() - dt.timedelta(days=2),
        explanation=_FINDS,
    )
    record_decision(record.rating_of_record, decision, by=by)


def _too_few_days(record: Appraisal) -> None:
    enough_on = rateability_of(record, plan_of(record)).reached_on
    if enough_on is not None:
        ask_extension(
            record,
            until=enough_on,
            reason=ExtensionReason.FEW_DAYS,
            explanation=_NEEDS,
            by=record.rating_official,
        )
