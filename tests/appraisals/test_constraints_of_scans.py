"""What must never be of scans, tried against the database itself."""

import pytest
from django.db import transaction

from appraisals.models import Document, Scan
from tests.appraisals.rows import NOON, make_appraisal, make_cycle, make_document
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Document:
    return make_document(make_appraisal(make_cycle(OrganizationFactory())))


def add(plan: Document, content_hash: str = "a" * 64, **given: object) -> Scan:
    return Scan.objects.create(
        document=plan,
        content_hash=content_hash,
        size=10,
        attached_by=plan.appraisal.rating_official,
        attached_at=NOON,
        **given,
    )


def test_the_same_file_is_attached_once(plan: Document) -> None:
    add(plan, removed_at=NOON)
    add(plan)
    with refused("a_scan_is_attached_once"), transaction.atomic():
        add(plan)


def test_a_scan_has_the_hash_of_its_file(plan: Document) -> None:
    with refused("scan_has_its_hash"), transaction.atomic():
        add(plan, content_hash="../../etc/passwd")
