"""What a file must not be, what goes into it, and who may send and receive."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import transaction

from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Document,
    Kind,
    MoreCurrentRating,
    Notice,
    OfficialChange,
    OpportunityPeriod,
    RatingOfRecord,
    ReceivedFile,
    RecordView,
    SentFile,
)
from appraisals.rules import Policy
from appraisals.services.actions import start_current_rating
from appraisals.services.exporting import send_records
from appraisals.services.receiving import receive_records
from appraisals.transfer.choosing import going_along
from appraisals.transfer.container import (
    FileRefused,
    canonical,
    fingerprint,
    hash_of,
    packed,
    unpacked,
)
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import OrgEvent, Person
from tests.appraisals.transfer.elsewhere import file_of, forget_records, forget_the_program
from tests.assistance_rows import given_opportunity, planned_record, write_all
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast, make_record, take
from tests.record_rows import LATER, YEARS_LATER, check_at_once, make_rated, make_whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def changed(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Written anew by somebody who knows the format and has no key."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        content = json.loads(zipped.read("record.json"))
        files = {
            Path(name).stem: zipped.read(name)
            for name in zipped.namelist()
            if name.startswith("files/")
        }
    change(content)
    return packed(content, files)


def received(cast: Cast, data: bytes) -> ReceivedFile:
    file = unpacked(io.BytesIO(data))
    return receive_records(file, by=cast.hr, compared=file.fingerprint)


def sent(cast: Cast, **given: Any) -> bytes:
    values = {"purpose": SentFile.Purpose.WHOLE, "to_whom": "The Navy", "by": cast.hr} | given
    return send_records(cast.employee, **values).data


# ------------------------------------------------------------------------------ what a file is not


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04", b"%PDF-1.7", b"x" * 1000])
def test_what_is_no_file_of_records_is_refused_in_a_sentence(junk: bytes) -> None:
    with pytest.raises(FileRefused, match="no file of records"):
        unpacked(io.BytesIO(junk))


def test_a_zip_of_something_else_is_refused() -> None:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as zipped:
        zipped.writestr("record.json", "[]")
        zipped.writestr("signature.json", "[]")
    with pytest.raises(FileRefused, match="no file of records"):
        unpacked(place)


def test_a_letter_that_was_changed_on_the_way_is_noticed(cast: Cast) -> None:
    make_record(cast)
    data = sent(cast)
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    parts["record.json"] = parts["record.json"].replace(b"Element 1", b"Element 9")
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    with pytest.raises(FileRefused, match="its hash differs"):
        unpacked(place)


def test_a_newer_format_says_what_to_do(cast: Cast) -> None:
    make_record(cast)
    data = changed(sent(cast), lambda content: content.update(version=2))
    with pytest.raises(FileRefused, match=r"version 2 .* Bring the older"):
        unpacked(io.BytesIO(data))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c["rows"]["appraisals.Document"][0].update(kind="diary"), "kind: .*not a valid choice"),
        (lambda c: c["rows"]["appraisals.Document"][0].pop("kind"), "kind is unknown or missing"),
        (lambda c: c["rows"]["appraisals.Document"][0].update(appraisal=7), "points to row 7"),
        (lambda c: c["rows"]["appraisals.Document"][0].update(policy="nobody"), "does not describe"),
        (lambda c: c["rows"]["appraisals.Document"][0].update(state="approved"), "approved states have their date"),
        (lambda c: c["rows"].update({"appraisals.Section": 5}), "not in the form"),
        (lambda c: c.update(employee="nobody"), "does not say whose"),
        (lambda c: c.update(rows=[]), "holds no rows"),
    ],
)  # fmt: skip
def test_a_file_that_contradicts_itself_changes_nothing(
    cast: Cast, change: Callable[[dict[str, Any]], None], says: str
) -> None:
    record = make_record(cast)
    data = changed(sent(cast), change)
    forget_records(record)
    people = Person.objects.count()
    with pytest.raises(FileRefused, match=says), clock.frozen(LATER):
        received(cast, data)
    assert (Appraisal.objects.count(), Person.objects.count()) == (0, people)


def test_a_record_of_somebody_else_is_not_smuggled_in(cast: Cast) -> None:
    record = make_record(cast)

    def swap(content: dict[str, Any]) -> None:
        row = content["rows"]["appraisals.Appraisal"][0]
        row["employee"] = row["rating_official"]

    data = changed(sent(cast), swap)
    forget_records(record)
    with pytest.raises(FileRefused, match="record of somebody else"):
        received(cast, data)


# ------------------------------------------------------------------------------ who vouches for it


def test_without_a_key_the_fingerprint_is_compared(cast: Cast) -> None:
    record = make_record(cast)
    file = file_of(cast.employee)
    forget_records(record)
    with pytest.raises(Refused, match="fingerprint is not the one"):
        receive_records(file, by=cast.hr, compared="0000 1111 2222 3333")
    assert receive_records(file, by=cast.hr, compared=file.fingerprint.upper()).is_signed is False


def test_a_shared_key_vouches_for_it(cast: Cast, settings: Any) -> None:
    settings.TRANSFER_KEYS = {"navy": "a long secret"}
    record = make_record(cast)
    file = file_of(cast.employee, key="navy")
    forget_records(record)
    assert receive_records(file, by=cast.hr).is_signed is True


def test_a_wrong_signature_is_worse_than_none(cast: Cast, settings: Any) -> None:
    settings.TRANSFER_KEYS = {"navy": "a long secret"}
    make_record(cast)
    data = sent(cast, key="navy")
    settings.TRANSFER_KEYS = {"navy": "another secret"}
    with pytest.raises(FileRefused, match="signature of “navy” is wrong"):
        unpacked(io.BytesIO(data))


def test_a_fingerprint_is_read_in_groups() -> None:
    assert fingerprint("3f2a90c177be04d2" + "0" * 48) == "3f2a 90c1 77be 04d2"
    assert hash_of({"b": 1, "a": "é"}) == hash_of({"a": "é", "b": 1})
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


# ------------------------------------------------------------------------------ who may


def test_only_hr_in_scope_sends_and_never_their_own(cast: Cast) -> None:
    make_record(cast)
    for nobody in (cast.rating_official, cast.hr_elsewhere, cast.employee):
        with pytest.raises(PermissionDenied):
            sent(cast, by=nobody)


def test_only_hr_in_scope_receives(cast: Cast) -> None:
    record = make_record(cast)
    file = file_of(cast.employee)
    forget_records(record)
    for nobody in (cast.rating_official, cast.hr_elsewhere, cast.employee):
        with pytest.raises(PermissionDenied):
            receive_records(file, by=nobody, compared=file.fingerprint)


def test_that_it_was_sent_stays_on_record_and_the_employee_is_told(cast: Cast) -> None:
    record = make_record(cast)
    sent(cast)
    assert (
        AppraisalEvent.objects.get(appraisal=record, name="sent").details["to_whom"] == "The Navy"
    )
    assert RecordView.objects.get(appraisal=record, page="sent").viewer == cast.hr
    assert Notice.objects.get(kind="record_sent").recipient == cast.employee
    assert OrgEvent.objects.get(what="records_sent").person == cast.employee


# ------------------------------------------------------------------------------ what comes of it


def test_a_file_is_received_once(cast: Cast) -> None:
    record = make_record(cast)
    file = file_of(cast.employee)
    forget_records(record)
    receive_records(file, by=cast.hr, compared=file.fingerprint)
    with pytest.raises(FileRefused, match="already"):
        receive_records(file, by=cast.hr, compared=file.fingerprint)


def test_who_is_not_known_here_cannot_sign_in(cast: Cast) -> None:
    record = make_record(cast)
    file = file_of(cast.employee)
    check_at_once()
    with transaction.atomic():
        forget_records(record)
        forget_the_program(cast)
        with clock.frozen(YEARS_LATER):
            receive_records(file, by=cast.hr, compared=file.fingerprint)
        dana = Person.objects.get(email="dana.official@example.mil")
        assert (dana.is_active, dana.has_usable_password()) == (False, False)
        transaction.set_rollback(True)


def test_a_year_that_goes_on_gets_the_supervisor_it_has_here(cast: Cast) -> None:
    """Nothing is ever owned by a person who is not here."""
    record = make_record(cast)
    file = file_of(cast.employee)
    forget_records(record)
    Person.objects.filter(pk=cast.rating_official.pk).update(is_active=False)
    assignment = cast.employee.assignments.get(ends_on=None)
    assignment.supervisor = cast.official_elsewhere
    assignment.save()
    with clock.frozen(PRACTICE_DAY):
        receive_records(file, by=cast.hr, compared=file.fingerprint)
    now = Appraisal.objects.get(employee=cast.employee)
    assert now.rating_official == cast.official_elsewhere
    change = OfficialChange.objects.get(appraisal=now, office="rating_official")
    assert change.former == cast.rating_official


def test_two_records_of_a_year_stand_beside_each_other(cast: Cast) -> None:
    record = make_record(cast)
    file = file_of(cast.employee)
    forget_records(record)
    mine = make_record(cast)
    received_file = receive_records(file, by=cast.hr, compared=file.fingerprint)
    other = received_file.received.get().appraisal
    assert {mine.cycle.name, other.cycle.name} == {"FY 2027"}
    assert mine.cycle_id != other.cycle_id


def test_the_pdf_files_come_along(cast: Cast, media: Path) -> None:
    record = make_whole(cast)
    file = file_of(cast.employee)
    forget_records(record)
    for each in media.rglob("*.pdf"):
        each.unlink()
    with clock.frozen(YEARS_LATER):
        receive_records(file, by=cast.hr, compared=file.fingerprint)
    assert {each.stem for each in media.rglob("*.pdf")} == set(file.files)


# ------------------------------------------------------------------------------ R9.8


def test_on_a_transfer_ratings_go_and_drafts_and_histories_stay(cast: Cast) -> None:
    """R9.8: ratings up to four years, the plan behind the newest; no input of a review, no draft, no looks."""
    record = make_whole(cast)
    chosen = going_along(cast.employee, today=YEARS_LATER - dt.timedelta(days=30), policy=Policy())
    kinds = set(Document.objects.filter(pk__in=chosen.documents).values_list("kind", flat=True))
    assert kinds == {Kind.PERFORMANCE_PLAN, Kind.ANNUAL_APPRAISAL}
    rows = file_of(cast.employee, chosen).content["rows"]
    assert [len(rows[f"appraisals.{name}"]) for name in ("RatingOfRecord", "RatingAmendment")] == [
        1,
        1,
    ]
    assert [len(rows[f"appraisals.{name}"]) for name in ("TextVersion", "RecordView")] == [0, 0]
    assert len(rows["appraisals.Document"]) == 2
    assert record.documents.count() == 4


def test_a_rating_that_is_too_old_stays(cast: Cast) -> None:
    make_rated(cast)
    assert going_along(cast.employee, today=YEARS_LATER, policy=Policy()).records == ()


def test_what_went_along_can_be_received(cast: Cast) -> None:
    record = make_whole(cast)
    with clock.frozen(LATER):
        data = sent(cast, purpose=SentFile.Purpose.TRANSFER)
        forget_records(record)
        received(cast, data)
    now = Appraisal.objects.get(employee=cast.employee)
    assert RatingOfRecord.objects.filter(appraisal=now).exists()
    assert now.documents.count() == 2


def with_a_more_current_rating(cast: Cast) -> Appraisal:
    """An opportunity period under way, and a rating between the yearly ones."""
    record = planned_record(cast)
    given_opportunity(cast, record)
    on = dt.date(2026, 12, 1)
    with clock.frozen(on):
        document = start_current_rating(record, why="Within grade", by=cast.rating_official)
    write_all(document, cast, on=on, level=3)
    take(document, "submit", "approve", "communicate", cast=cast, on=on)
    return record


def test_of_work_that_is_not_good_enough_only_a_more_current_rating_goes_along_r10_8(
    cast: Cast,
) -> None:
    record = with_a_more_current_rating(cast)
    chosen = going_along(cast.employee, today=LATER, policy=Policy())
    kinds = set(Document.objects.filter(pk__in=chosen.documents).values_list("kind", flat=True))
    assert kinds == {Kind.PERFORMANCE_PLAN, Kind.MORE_CURRENT_RATING}
    rows = file_of(cast.employee, chosen).content["rows"]
    assert len(rows["appraisals.MoreCurrentRating"]) == 1
    assert rows["appraisals.OpportunityPeriod"] == []
    with clock.frozen(LATER):
        data = sent(cast, purpose=SentFile.Purpose.TRANSFER)
        forget_records(record)
        received(cast, data)
    assert MoreCurrentRating.objects.get().document.appraisal.employee == cast.employee
    years_later = dt.date(2031, 1, 1)
    assert going_along(cast.employee, today=years_later, policy=Policy()).records == ()


def test_a_whole_record_takes_what_is_confidential_along_with_its_side_tables(cast: Cast) -> None:
    record = with_a_more_current_rating(cast)
    with clock.frozen(LATER):
        data = sent(cast, purpose=SentFile.Purpose.WHOLE)
        forget_records(record)
        assert not OpportunityPeriod.objects.exists()
        received(cast, data)
    assert OpportunityPeriod.objects.get().notice.appraisal.employee == cast.employee
    assert MoreCurrentRating.objects.get().level == 3


# ------------------------------------------------------------------------------ at the console


def test_the_commands_write_and_take_in(cast: Cast, tmp_path: Path) -> None:
    record = make_record(cast)
    place, said = tmp_path / "record.zip", io.StringIO()
    call_command(
        "send_record", cast.employee.dod_id, place, to="Navy", purpose="whole", stdout=said
    )
    told = said.getvalue().strip().rpartition("fingerprint ")[2]
    forget_records(record)
    with pytest.raises(CommandError, match="fingerprint"):
        call_command("receive_record", place, by=cast.hr.email)
    call_command("receive_record", place, by=cast.hr.email, fingerprint=told, stdout=said)
    assert "1 record of Maria Employee from" in said.getvalue()
    with pytest.raises(CommandError, match="exists already"):
        call_command("send_record", cast.employee.dod_id, place, to="Navy")
    assert SECRET not in said.getvalue()
