"""Recording the courses of supervisors (R17.3)."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals.models import SupervisorTraining
from appraisals.permissions import may_record_training
from appraisals.selectors import place_of
from orgchart import clock
from orgchart.models import Person
from orgchart.services import record


@transaction.atomic
def record_training(
    people: Iterable[Person], *, course: str, completed_on: dt.date, by: Person
) -> list[SupervisorTraining]:
    """For everybody at once or for nobody; who has it already keeps the one they have. Returns the new ones."""
    recorded = []
    for person in sorted(people, key=lambda each: each.pk):
        if not may_record_training(by, person):
            raise PermissionDenied
        training, is_new = SupervisorTraining.objects.counted().get_or_create(
            person=person,
            course=course,
            completed_on=completed_on,
            defaults={"recorded_by": by, "recorded_at": clock.now()},
        )
        if is_new:
            recorded.append(training)
            _note(training, "training_recorded", by=by)
    return recorded


@transaction.atomic
def withdraw_training(
    training: SupervisorTraining, *, by: Person, reason: str
) -> SupervisorTraining:
    """Entered in error: it counts no more, and stays with the reason. Withdrawing twice changes nothing."""
    locked = (
        SupervisorTraining.objects.select_for_update(of=("self",)).with_people().get(pk=training.pk)
    )
    if not may_record_training(by, locked.person):
        raise PermissionDenied
    if not locked.counts:
        return locked
    locked.withdrawn_by, locked.withdrawn_at = by, clock.now()
    locked.withdrawal_reason = reason
    locked.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
    _note(locked, "training_withdrawn", by=by, reason=reason)
    return locked


def _note(training: SupervisorTraining, what: str, *, by: Person, reason: str = "") -> None:
    record(
        what,
        by=by,
        person=training.person,
        organization=place_of(training.person),
        course=training.course,
        completed_on=training.completed_on.isoformat(),
        **({"reason": reason} if reason else {}),
    )
