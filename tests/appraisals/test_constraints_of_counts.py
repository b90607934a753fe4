"""What kept lines must never be, tried against the database itself."""

import pytest
from django.db import IntegrityError

from appraisals.models import Appraisal, RecordStanding
from tests.appraisals.rows import make_appraisal, make_cycle
from tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def appraisal() -> Appraisal:
    return make_appraisal(make_cycle(OrganizationFactory()))


def line_of(appraisal: Appraisal, **changed: object) -> RecordStanding:
    line = RecordStanding.objects.get(appraisal=appraisal)
    line.pk = None
    for name, value in changed.items():
        setattr(line, name, value)
    return line


def test_a_record_has_one_line(appraisal: Appraisal) -> None:
    with pytest.raises(IntegrityError, match="standing_once"):
        line_of(appraisal).save()


@pytest.mark.parametrize(
    "changed", [{"appraisal_id": None}, {"assignment_id": 1}], ids=["neither", "both"]
)
def test_a_line_is_of_a_record_or_of_an_assignment(
    appraisal: Appraisal, changed: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError, match="standing_of_a_record_or_of_none"):
        line_of(appraisal, **changed).save()
