"""What HR's choice holds: only what they administer, counted as it will be packed."""

import dataclasses

import pytest

from appraisals.archives import choosing
from appraisals.archives.choosing import Choice
from appraisals.models import ArchiveEntry, RatingOfRecord, StoredForm
from appraisals.pdf.stored import keep_form
from orgchart.models import Person
from tests.appraisals.archives.conftest import record_of, started
from tests.appraisals.feed.sending import amend

pytestmark = pytest.mark.django_db


def chosen(choice: Choice) -> list[str]:
    """The people of its forms, in the order of the archive."""
    entries = ArchiveEntry.objects.filter(archive=started(choice)).order_by("number")
    return [entry.appraisal.employee.first_name for entry in entries]


@pytest.mark.parametrize(
    ("narrowed", "people"),
    [
        ({}, ["Carl", "Maria", "Dana"]),
        ({"stage": "acknowledged"}, ["Maria"]),
        ({"stage": "none"}, ["Carl", "Dana"]),
        ({"rating": "5"}, ["Maria"]),
        ({"rating": "none"}, ["Carl", "Dana"]),
        ({"kind": "performance_plan"}, ["Carl", "Maria", "Dana"]),
        ({"kind": "performance_plan", "stage": "draft"}, ["Carl", "Dana"]),
        ({"kind": "progress_review"}, ["Maria"]),
    ],
)
def test_a_choice_is_narrowed(choice, narrowed, people):
    narrowed_choice = dataclasses.replace(choice, **narrowed)
    assert narrowed_choice.size().forms == len(people)
    assert chosen(narrowed_choice) == people


def test_nothing_fits(choice):
    nothing = dataclasses.replace(choice, rating="1")
    assert nothing.size().forms == 0


def test_named_people_are_the_only_ones(choice, cast):
    one = dataclasses.replace(choice, people=(cast.colleague.pk,))
    assert chosen(one) == ["Carl"]


def test_units_beside_hold_nothing_of_it(choice, cast):
    beside = dataclasses.replace(choice, organization=cast.places["WORKS"])
    assert beside.size().forms == 0


def test_who_administers_elsewhere_finds_nothing(choice, cast):
    """Not even with the organization of somebody else's scope."""
    assert dataclasses.replace(choice, user=cast.hr_elsewhere).size().forms == 0


def test_whoever_sees_a_record_as_its_official_does_not_export_it(choice, cast):
    assert dataclasses.replace(choice, user=cast.rating_official).size().forms == 0


def test_sizes_are_known_for_what_is_stored(choice, cast):
    before = choice.size()
    assert (before.forms, before.stored, before.bytes) == (3, 0, 3 * choosing.USUAL_SIZE)
    stored = keep_form(record_of(cast.employee))
    after = choice.size()
    assert (after.stored, after.to_make, after.bytes) == (1, 2, 3 * stored.size)


def test_what_is_stored_is_not_made_again(choice, cast):
    stored = keep_form(record_of(cast.employee))
    archive = started(choice)
    entries = {entry.appraisal.employee: entry for entry in archive.entries.all()}
    assert entries[cast.employee].stored == stored
    assert entries[cast.employee].batch is None
    assert [entries[each].batch for each in (cast.colleague, cast.rating_official)] == [1, 1]


def test_a_form_of_an_earlier_end_is_not_taken_for_this_one(choice, cast):
    """The record was final, then a step was taken again: what is stored stands for the day it was."""
    stored = keep_form(record_of(cast.employee))
    record_of(cast.employee).documents.filter(kind="progress_review").update(
        state_since=stored.final_since.replace(year=2028)
    )
    assert choice.size().stored == 0
    assert StoredForm.objects.made().count() == 1


def test_the_work_is_cut_into_parts(choice, monkeypatch):
    monkeypatch.setattr(choosing, "BATCH", 2)
    monkeypatch.setattr(choosing, "VOLUME", 2)
    archive = started(choice)
    parts = list(archive.parts.values_list("work", "number", "total"))
    assert parts == [
        ("forms", 1, 2),
        ("forms", 2, 1),
        ("zip", 1, 2),
        ("zip", 2, 1),
        ("index", 1, 1),
    ]
    assert list(archive.entries.values_list("batch", "volume")) == [(1, 1), (1, 1), (2, 2)]


def test_one_zip_holds_its_index_itself(choice):
    assert set(started(choice).parts.values_list("work", flat=True)) == {"forms", "zip"}


def test_people_of_one_folder_with_the_same_last_digits_are_told_apart(choice, cast):
    Person.objects.filter(pk=cast.colleague.pk).update(dod_id="1999990011")
    assert cast.employee.dod_id.endswith("0011")
    archive = started(choice)
    alike = archive.entries.filter(is_alike=True)
    assert {entry.appraisal.employee for entry in alike} == {cast.employee, cast.colleague}


def test_many_is_one_query_to_count(choice, django_assert_num_queries):
    choice.size()
    with django_assert_num_queries(1):
        choice.size()


def test_what_was_said_afterwards_is_exported_with_it(choice, cast):
    """A rating that changed has a second form: the first is no longer what HR hands over."""
    record = record_of(cast.employee)
    first = keep_form(record)
    amend(RatingOfRecord.objects.get(appraisal=record), cast.hr, level=3)
    assert choice.size().stored == 0
    second = keep_form(record_of(cast.employee))
    held = ArchiveEntry.objects.filter(archive=started(choice), stored__isnull=False)
    assert [entry.stored for entry in held] == [second]
    assert second != first
