"""Where somebody stands is said twice, of one record (turns) and of a whole organization (standing).

Both are asked about everybody in the demonstration, on days all over the year.
"""

import datetime as dt

import pytest

from appraisals.counts import calendar_of
from appraisals.demonstration.fill import TODAY, Summary
from appraisals.models import Appraisal, AppraisalCycle, RecordStanding
from appraisals.selectors import with_documents
from appraisals.standing import Asked, Standings
from appraisals.turns import Turn, current_turn
from orgchart import clock
from orgchart.models import Organization

pytestmark = pytest.mark.django_db

DAYS = [
    TODAY,
    dt.date(2026, 5, 1),
    dt.date(2026, 11, 2),
    dt.date(2027, 4, 30),
    dt.date(2027, 5, 1),
    dt.date(2027, 6, 2),
    dt.date(2027, 12, 1),
]


def cycles() -> list[AppraisalCycle]:
    """Of the oldest there is only what is kept after its documents went (R13.1)."""
    held = AppraisalCycle.objects.filter(appraisals__documents__isnull=False)
    return list(held.distinct().order_by("pk"))


def asked_of_all(cycle: AppraisalCycle) -> Standings:
    top = Organization.objects.get(parent=None)
    return calendar_of(top).standings(top, cycle)


def turns(cycle: AppraisalCycle) -> dict[int, Turn]:
    records = with_documents(Appraisal.objects.filter(cycle=cycle))
    return {record.pk: current_turn(record) for record in records}


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_one_record_and_the_whole_agree(filled: Summary, today: dt.date) -> None:
    with clock.frozen(today):
        for cycle in cycles():
            rows, _ = asked_of_all(cycle).listed(Asked(), page=1, size=1000)
            in_sql = {
                row.appraisal_id: (row.holder, row.due_on, row.is_late)
                if row.waits_for
                else ("", None, False)
                for row in rows
                if row.appraisal_id
            }
            in_python = {
                pk: (turn.person.full_name, turn.due_on, turn.is_late)
                if turn.person
                else ("", None, False)
                for pk, turn in turns(cycle).items()
            }
            assert in_python
            assert in_sql == in_python


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_late_records_are_those_that_are_late(filled: Summary, today: dt.date) -> None:
    with clock.frozen(today):
        for cycle in cycles():
            late = Asked(late_anywhere=True, recorded=True)
            found = {row.appraisal_id for row in asked_of_all(cycle).all_listed(late)}
            assert found == {pk for pk, turn in turns(cycle).items() if turn.is_late}


def test_everybody_is_counted_once(filled: Summary) -> None:
    for cycle in cycles():
        standings = asked_of_all(cycle)
        everybody = RecordStanding.objects.filter(cycle=cycle)
        rows, listed = standings.listed(Asked(), page=1, size=1000)
        assert sum(tally.people for tally in standings.tallies) == listed == len(rows)
        assert len(rows) == everybody.count()
