"""Out of one installation, into another and out again: the same, whatever was written (R9.8)."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import F
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pytest_django.plugin import DjangoDbBlocker

from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Element,
    ElementChange,
    RecordView,
    Section,
    TextVersion,
)
from appraisals.services.receiving import receive_records
from orgchart import clock
from tests.appraisals.transfer.elsewhere import (
    file_of,
    forget_records,
    forget_the_program,
    told,
)
from tests.cast import Cast, make_cast
from tests.factories import make_kinds
from tests.record_rows import YEARS_LATER, check_at_once, make_whole

pytestmark = pytest.mark.django_db

WRITTEN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)
DAYS = st.dates(dt.date(2026, 4, 1), dt.date(2027, 6, 1))
MOMENTS = DAYS.map(lambda day: dt.datetime.combine(day, dt.time(9, 30, 0, 250), tzinfo=dt.UTC))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WRITTEN,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(WRITTEN, inside, max_size=3),
    max_leaves=6,
)
DETAILS = st.dictionaries(
    WRITTEN.filter(lambda name: name not in ("element", "reorganization")), JSON, max_size=4
)


@pytest.fixture(scope="module")
def whole(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Cast, Appraisal]]:
    """Built once; every example below is undone."""
    kept = django_settings.MEDIA_ROOT
    django_settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        make_kinds()
        cast = make_cast()
        record = make_whole(cast)
        check_at_once()
        yield cast, record
        transaction.set_rollback(True)
    django_settings.MEDIA_ROOT = kept


def write_history(record: Appraisal, cast: Cast, draw: st.DrawFn) -> None:
    """Whatever people may write, in every column that holds words or values of theirs."""
    people = st.sampled_from(
        [cast.employee, cast.rating_official, cast.higher_level_reviewer, cast.hr]
    )
    documents = list(record.documents.all())
    for section in draw(
        st.lists(st.sampled_from(list(Section.objects.filter(document__in=documents))), max_size=4)
    ):
        text = draw(WRITTEN)
        Section.objects.filter(pk=section.pk).update(text=text, version=F("version") + 1)
        section.refresh_from_db()
        TextVersion.objects.create(
            document=section.document,
            section=section,
            version=section.version + 1000 + TextVersion.objects.count(),
            content={"text": text, "level": draw(st.sampled_from([None, 0, 1, 3, 5]))},
            written_by=draw(people),
            written_at=draw(MOMENTS),
            written_for=draw(st.none() | people),
        )
    for element in draw(
        st.lists(st.sampled_from(list(Element.objects.filter(plan__in=documents))), max_size=2)
    ):
        Element.objects.filter(pk=element.pk).update(
            title=draw(WRITTEN), description=draw(WRITTEN), standards=draw(WRITTEN)
        )
        TextVersion.objects.create(
            document=element.plan,
            element=element,
            version=1000 + TextVersion.objects.count(),
            content={"title": draw(WRITTEN), "goal_id": draw(st.none() | st.just(element.goal_id))},
            written_by=draw(people),
            written_at=draw(MOMENTS),
        )
    ElementChange.objects.filter(document__in=documents).update(standards=draw(WRITTEN))
    Appraisal.objects.filter(pk=record.pk).update(
        position_title=draw(WRITTEN.filter(bool)),
        bargaining_unit=draw(st.sampled_from(["", "7777", "1234"])),
    )


def do_things(record: Appraisal, cast: Cast, draw: st.DrawFn) -> None:
    """Steps that know an element and how far the texts had come, and somebody who looked."""
    people = st.sampled_from([cast.employee, cast.rating_official, cast.hr])
    documents = list(record.documents.all())
    marks = [0, *TextVersion.objects.filter(document__in=documents).values_list("pk", flat=True)]
    elements = list(Element.objects.filter(plan__in=documents).values_list("pk", flat=True))
    for _ in range(draw(st.integers(0, 4))):
        details = draw(DETAILS)
        if draw(st.booleans()):
            details["element"] = draw(st.sampled_from(elements))
        AppraisalEvent.objects.create(
            appraisal=record,
            document=draw(st.none() | st.sampled_from(documents)),
            name=draw(st.sampled_from(["submit", "approve", "note_difference"])),
            by=draw(people),
            on_behalf_of=draw(st.none() | people),
            at=draw(MOMENTS),
            reason=draw(WRITTEN),
            details=details,
            request_key=draw(st.none() | st.uuids()),
            text_mark=draw(st.sampled_from(marks)),
        )
    RecordView.objects.bulk_create(
        [
            RecordView(
                appraisal=record,
                viewer=draw(people),
                page="form",
                viewed_on=draw(DAYS),
                viewed_at=draw(MOMENTS),
            )
        ],
        ignore_conflicts=True,
    )


@given(st.data())
# An example takes most of a second: what is found is reported as it was found.
@settings(max_examples=6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_nothing_is_lost_and_nothing_is_added(
    whole: tuple[Cast, Appraisal], data: st.DataObject
) -> None:
    """Unicode of every kind, JSON of every shape, marks into histories, people and goals nobody knows there."""
    cast, record = whole
    with transaction.atomic(), clock.frozen(YEARS_LATER):
        write_history(record, cast, data.draw)
        do_things(record, cast, data.draw)
        sent = file_of(cast.employee)
        forget_records(record)
        if data.draw(st.booleans(), label="another department"):
            forget_the_program(cast)
        receive_records(sent, by=cast.hr, compared=sent.fingerprint)
        check_at_once()
        again = file_of(cast.employee)
        assert told(again) == told(sent)
        assert again.files == sent.files
        transaction.set_rollback(True)


def test_the_same_record_is_the_same_file(whole: tuple[Cast, Appraisal]) -> None:
    cast, _ = whole
    with clock.frozen(YEARS_LATER, at=dt.time(12)):
        assert file_of(cast.employee).content_hash == file_of(cast.employee).content_hash


def test_media_is_a_folder_of_the_test(whole: Any) -> None:
    assert "pytest" in str(Path(django_settings.MEDIA_ROOT))
