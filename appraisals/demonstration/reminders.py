"""Reminders that went out and were read, and a schedule HR wrote."""

import datetime as dt

from appraisals.models import Notice
from appraisals.reminders.run import cycles_to_run, run
from appraisals.rules.reminders import Occasion, Rule, Who
from appraisals.services.reminders import write_schedule
from orgchart import clock
from orgchart.models import Organization, Person

WRITTEN_ON = dt.date(2027, 2, 15)
TOLD_ON = dt.date(2027, 4, 1)
MORNING = dt.time(7)
TEXT = (
    "Your own account of the year is voluntary and counts. A good length is three sentences "
    "for each element, with what came of it."
)


def build_reminders(human_resources: Person, *, until: dt.date) -> None:
    """As they stood on the evening of `until`."""
    if until < TOLD_ON:
        return
    with clock.frozen(WRITTEN_ON, at=MORNING):
        write_schedule(
            Organization.objects.get(code="CALLOWAY"),
            Occasion.INPUT_DUE,
            effective_on=WRITTEN_ON,
            rules=[
                Rule(-21, Who.HOLDER, "{what} {are} due {when}", TEXT),
                Rule(-3, Who.HOLDER, "{what} {are} due on {due}", TEXT),
            ],
            by=human_resources,
        )
    with clock.frozen(TOLD_ON, at=MORNING):
        for cycle in cycles_to_run():
            run(cycle)
        told = Notice.objects.filter(kind__in=["reminder", "late", "late_below"])
        told.update(read_at=clock.now(), post_at=None)
