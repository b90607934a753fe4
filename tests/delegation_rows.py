"""A delegate of the rating official under test, a supervisor of the division beside; a course of the employee."""

import datetime as dt

from appraisals.models import Delegation, SupervisorTraining
from appraisals.services.delegating import delegate
from appraisals.services.training import record_training
from orgchart import clock
from tests.cast import PRACTICE_DAY, SECRET, Cast


def make_delegation(cast: Cast) -> None:
    with clock.frozen(PRACTICE_DAY):
        delegate(
            cast.rating_official,
            to=cast.official_elsewhere,
            starts_on=PRACTICE_DAY,
            ends_on=PRACTICE_DAY + dt.timedelta(days=30),
            reason=f"Away {SECRET}",
            by=cast.rating_official,
        )
        record_training(
            [cast.employee], course=f"Course {SECRET}", completed_on=PRACTICE_DAY, by=cast.hr
        )


def delegation_arguments() -> dict[str, list[object]]:
    made = Delegation.objects.get().pk
    training = SupervisorTraining.objects.get()
    return {
        "delegation_detail": [made],
        "delegation_end": [made],
        "training_of": [training.person.dod_id],
        "training_withdraw": [training.pk],
    }
