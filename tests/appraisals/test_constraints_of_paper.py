"""What must never be of stored forms, tried against the database itself."""

import datetime as dt

import pytest
from django.db import transaction

from appraisals.models import Appraisal, StoredForm
from tests.appraisals.rows import NOON, make_appraisal, make_cycle, make_document
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db

MADE = {
    "content_hash": "a" * 64,
    "file_hash": "b" * 64,
    "pages": 4,
    "size": 40_000,
    "made_at": NOON,
}


@pytest.fixture
def appraisal() -> Appraisal:
    return make_appraisal(make_cycle(OrganizationFactory()))


def test_what_is_final_has_one_form(appraisal):
    plan = make_document(appraisal)
    final = {"appraisal": appraisal, "final_since": NOON}
    StoredForm.objects.create(**final)
    StoredForm.objects.create(**final, document=plan)
    StoredForm.objects.create(**final | {"final_since": NOON + dt.timedelta(days=1)})
    for document in (None, plan):
        with refused("one_form_of_what_is_final"), transaction.atomic():
            StoredForm.objects.create(**final, document=document)


def test_a_printed_hash_names_one_form(appraisal):
    StoredForm.objects.create(appraisal=appraisal, final_since=NOON, **MADE)
    with refused("a_printed_hash_names_one_form"):
        StoredForm.objects.create(
            appraisal=appraisal, document=make_document(appraisal), final_since=NOON, **MADE
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"made_at": None},
        {"content_hash": ""},
        {"content_hash": "A" * 64},
        {"file_hash": "b" * 63},
        {"pages": 0},
        {"size": None},
    ],
)
def test_a_made_form_is_described_whole_and_another_not_at_all(appraisal, wrong):
    with refused("a_made_form_is_described"):
        StoredForm.objects.create(appraisal=appraisal, final_since=NOON, **MADE | wrong)


def test_a_made_form_is_never_changed_or_deleted(appraisal):
    stored = StoredForm.objects.create(appraisal=appraisal, final_since=NOON)
    StoredForm.objects.filter(pk=stored.pk).update(**MADE)
    made = StoredForm.objects.filter(pk=stored.pk)
    with refused("append-only"), transaction.atomic():
        made.update(pages=5)
    with refused("append-only"), transaction.atomic():
        made.delete()
