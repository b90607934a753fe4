"""What must never be of a policy draft, tried against the database itself."""

import pytest

from appraisals.models import PolicyDraft
from tests.appraisals.rows import NOON, make_edition
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_a_scheduled_edition_has_its_day():
    place, writer = OrganizationFactory(), PersonFactory()
    edition = make_edition(place)
    given = {
        "name": "Local",
        "organization": place,
        "begun_by": writer,
        "begun_at": NOON,
        "changed_by": writer,
        "changed_at": NOON,
    }
    PolicyDraft.objects.create(**given)
    PolicyDraft.objects.create(**given, edition=edition, effective_on=edition.effective_on)
    with refused("a_scheduled_edition_has_its_day"):
        PolicyDraft.objects.create(**given, edition=make_edition(OrganizationFactory()))
