"""What the services of the talk through the year share: who the other one is, what the record notes of it."""

from typing import Any

from appraisals.models import Appraisal, AppraisalEvent
from appraisals.talk import official_of
from orgchart import clock
from orgchart.models import Person


def note_on_record(employee: Person, *, name: str, by: Person, details: dict[str, Any]) -> None:
    """That it happened, never a word of it: the record says who talked when, and HR reads records.

    On the record of the running cycle, else the newest in hand. Without one nothing is noted.
    """
    today = clock.today()
    records = Appraisal.objects.filter(employee=employee, cycle__effective_on__gte=today)
    in_hand = sorted(
        records.select_related("cycle"),
        key=lambda record: (record.cycle.starts_on <= today, record.cycle.starts_on),
    )
    if in_hand:
        AppraisalEvent.objects.create(
            appraisal=in_hand[-1], name=name, by=by, at=clock.now(), details=details
        )


def the_other(employee: Person, by: Person) -> Person | None:
    """Who of the two did not do it; None where nobody rates the employee at the moment."""
    return official_of(employee) if by.pk == employee.pk else employee
