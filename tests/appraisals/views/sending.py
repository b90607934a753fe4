"""Plans of several people, complete and sent up by one rating official."""

import datetime as dt

from appraisals.models import Document
from appraisals.problems import plan_of
from appraisals.services.records import start_record
from appraisals.services.writing import add_element
from appraisals.workflow import advance
from orgchart import clock
from orgchart.models import Assignment, Person
from tests.cast import Cast

SENT = dt.date(2026, 6, 12)


def written_plan(cast: Cast, employee: Person, *, on: dt.date = SENT) -> Document:
    """A draft that nothing stands in the way of."""
    Assignment.objects.filter(employee=employee).update(
        supervisor=cast.rating_official, organization=cast.places["FIRE"]
    )
    with clock.frozen(on):
        plan = plan_of(start_record(employee, cycle=cast.cycle, by=cast.rating_official))
        assert plan is not None
        values = {
            "title": "Fire response",
            "description": "Answers alarms",
            "standards": "90 of 100 alarms answered in 7 minutes",
            "goal_id": cast.goals[-1].pk,
            "is_supervisory": False,
        }
        add_element(plan, by=cast.rating_official, values=values)
    return plan


def sent_plans(cast: Cast, *employees: Person, on: dt.date = SENT) -> list[Document]:
    """In this order in the queue."""
    plans = [written_plan(cast, employee, on=on) for employee in employees]
    with clock.frozen(on):
        return [advance(plan, "submit", by=cast.rating_official) for plan in plans]
