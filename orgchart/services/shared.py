"""What every change to people and places does: wait its turn, explain a refusal, leave an event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
from django.db import IntegrityError, transaction

from orgchart.errors import Refused
from orgchart.events import record as record
from orgchart.locks import TREE_AND_PEOPLE as TREE_AND_PEOPLE
from orgchart.locks import lock as lock

SENTENCES = {
    "assignment_no_loop": "This supervisor answers to the employee, directly or through others. "
    "Nobody can be in their own chain of command.",
    "assignment_no_overlap": "The employee already has an assignment on some of these days.",
    "assignment_one_start_a_day": "The employee already has an assignment from this day on.",
    "assignment_not_own_supervisor": "Nobody can be their own supervisor.",
    "assignment_exclusion_has_reason": "An employee who is not covered needs a reason, "
    "and one who is covered has none.",
    "organization_no_loop": "An organization cannot lie inside itself.",
    "organization_not_own_parent": "An organization cannot lie inside itself.",
    "orgchart_organization_code_key": "There is already an organization with this code.",
    "orgchart_person_email_key": "There is already a person with this e-mail address.",
    "orgchart_person_dod_id_key": "There is already a person with this DoD ID.",
    "reorganization_another_supervisor": "The new supervisor is the one they have now.",
    "reorganization_not_into_itself": "A unit cannot become part of itself.",
    "person_dod_id_ten_digits": "A DoD ID has exactly ten digits.",
}


@contextmanager
def explained(sentences: Mapping[str, str] = SENTENCES) -> Iterator[None]:
    """What a constraint of the database refuses, said in a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        cause = error.__cause__
        name = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
        if name is None or name not in sentences:
            raise
        raise Refused(sentences[name]) from error
