"""Final forms are rendered once and served from then on, whatever becomes of templates, names and disks."""

import datetime as dt
import hashlib
import os
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from appraisals.models import (
    AmendmentReason,
    Appraisal,
    Decision,
    Document,
    Kind,
    RatingOfRecord,
    Section,
    SectionKind,
    State,
    StoredForm,
)
from appraisals.pdf import NotFinal, form_content, form_for, keep_form, open_form, render_form
from appraisals.pdf import stored as storing
from appraisals.pdf.stored import claim_due, file_of
from appraisals.services.amending import record_decision
from appraisals.services.records import start_progress_review
from appraisals.tasks import render_forms
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.pdf_reading import spoken
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document, take


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def final(cast: Cast) -> Appraisal:
    return loaded(make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED).appraisal)


def loaded(appraisal: Appraisal) -> Appraisal:
    return Appraisal.objects.with_people().get(pk=appraisal.pk)


def files(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


# ------------------------------------------------------------------------------- written once


def test_what_becomes_final_is_noted_with_the_step_that_made_it_so(final: Appraisal) -> None:
    rows = [(row.document and row.document.kind, row.made_at) for row in StoredForm.objects.all()]
    assert rows == [
        (Kind.PERFORMANCE_PLAN, None),
        (Kind.PROGRESS_REVIEW, None),
        (Kind.ANNUAL_APPRAISAL, None),
        (None, None),
    ]


def test_worker_renders_what_was_noted(final: Appraisal, media: Path) -> None:
    assert render_forms() == 4
    assert not StoredForm.objects.due().exists()
    assert len(files(media)) == 4
    assert render_forms() == 0


def test_form_is_stored_under_the_hash_of_its_file_and_prints_that_of_its_content(
    final: Appraisal, media: Path
) -> None:
    stored = keep_form(final)
    (file,) = files(media)
    pdf = file.read_bytes()
    assert file == media / stored.path
    assert file.stem == stored.file_hash == hashlib.sha256(pdf).hexdigest()
    assert stored.size == len(pdf)
    assert stored.content_hash in spoken(pdf)
    assert stored.content_hash == form_content(final, reader=final.employee).content_hash


def test_form_is_rendered_once(final: Appraisal, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keep_form(final)
    monkeypatch.setattr(storing, "rendered_form", None)
    assert keep_form(final) == first
    assert form_for(final, reader=final.rating_official).stored == first


def test_a_changed_template_or_name_never_changes_a_final_form(
    final: Appraisal, settings: Any
) -> None:
    before = form_for(final, reader=final.employee).pdf
    Person.objects.filter(pk=final.employee_id).update(last_name="Renamed")
    settings.CUI_DESIGNATION = settings.CUI_DESIGNATION | {"office": "Another office"}
    again = loaded(final)
    assert "Another office" in spoken(render_form(again, reader=again.employee))
    assert form_for(again, reader=again.employee).pdf == before


def test_every_reader_is_given_the_same_bytes(cast: Cast, final: Appraisal) -> None:
    readers = (cast.employee, cast.rating_official, cast.higher_level_reviewer, cast.hr)
    assert len({form_for(final, reader=reader).pdf for reader in readers}) == 1


def test_one_document_is_stored_when_it_is_final_and_the_record_when_all_is(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.COMMUNICATED)
    appraisal = loaded(annual.appraisal)
    with pytest.raises(NotFinal, match="This record is not final yet"):
        keep_form(appraisal)
    with pytest.raises(NotFinal, match="This annual appraisal is not final yet"):
        keep_form(appraisal, annual)
    plan = appraisal.documents.get(kind=Kind.PERFORMANCE_PLAN)
    assert form_for(appraisal, reader=cast.employee, document=plan).stored == keep_form(
        appraisal, plan
    )
    assert form_for(appraisal, reader=cast.employee).stored is None


def test_a_record_that_goes_on_is_final_anew_and_the_old_form_stays(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED).appraisal
    first = keep_form(loaded(appraisal))
    later = PRACTICE_DAY + dt.timedelta(days=3)
    with clock.frozen(later):
        review = start_progress_review(appraisal, by=cast.rating_official)
        Section.objects.filter(document=review, kind=SectionKind.OVERALL_ASSESSMENT).update(
            text="Afterwards"
        )
    assert form_for(loaded(appraisal), reader=cast.hr).stored is None
    take(review, "finish", "communicate", "acknowledge", cast=cast, on=later)
    second = keep_form(loaded(appraisal))
    assert second.pk != first.pk
    assert "Afterwards" in spoken(open_form(second))
    assert "Afterwards" not in spoken(open_form(first))


def test_what_nobody_printed_before_it_went_on_is_printed_once(
    cast: Cast, final: Appraisal
) -> None:
    """The rating is changed before a worker came to the form of the record as it was."""
    rating = RatingOfRecord.objects.get(appraisal=final)
    decision = Decision(
        levels=[3, 3],
        reason=AmendmentReason.GRIEVANCE,
        authority="The arbitrator",
        decided_on=PRACTICE_DAY + dt.timedelta(days=60),
        explanation="Both elements are fully successful.",
    )
    with clock.frozen(PRACTICE_DAY + dt.timedelta(days=60)):
        record_decision(rating, decision, by=cast.hr)
        assert StoredForm.objects.due().count() == 4
        assert render_forms() == 4
    assert not StoredForm.objects.due().exists()


def test_same_content_is_the_same_file(final: Appraisal) -> None:
    first = render_form(final, reader=final.employee)
    assert render_form(loaded(final), reader=final.rating_official) == first


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_store_one_form(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appraisals.workflow.wake", lambda task: None)
    cast = make_cast()
    appraisal = loaded(make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED).appraisal)
    kept: list[StoredForm] = []

    def keep() -> None:
        try:
            kept.append(keep_form(loaded(appraisal)))
        finally:
            connection.close()

    workers = [threading.Thread(target=keep) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {stored.pk for stored in kept} == {StoredForm.objects.get(document=None).pk}
    assert files(media) == [file_of(kept[0])]


def test_a_claimed_form_is_left_alone_until_its_time_is_up(final: Appraisal) -> None:
    claimed = claim_due(2)
    assert len(claimed) == 2
    assert set(claim_due(9)) == set(StoredForm.objects.values_list("pk", flat=True)) - set(claimed)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE appraisals_storedform SET claimed_until = now() - interval '1 second'"
        )
    assert len(claim_due(9)) == 4


# ---------------------------------------------------------------------------- when disks fail


def test_a_full_disk_leaves_no_half_file_and_the_form_is_tried_again(
    final: Appraisal, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", no_space)
        assert render_forms() == 0
    assert files(media) == []
    row = StoredForm.objects.due().first()
    assert row is not None
    assert "No space left" in row.problem
    StoredForm.objects.update(claimed_until=None)
    assert render_forms() == 4
    assert set(StoredForm.objects.values_list("problem", flat=True)) == {""}


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_a_lost_file_is_reported_and_never_made_anew(
    client: Client, cast: Cast, final: Appraisal, harm: str
) -> None:
    stored = keep_form(final)
    file = file_of(stored)
    file.chmod(0o600)
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes().replace(b"obj", b"obk", 1))
    client.force_login(cast.employee)
    response = client.get(reverse("form_pdf", args=[final.pk]))
    assert response.status_code == 409
    text = response.content.decode()
    assert "cannot be read" in text if harm == "gone" else "is not what was stored" in text
    assert f"form {stored.pk} has to be put back from the backup" in text
    assert not file.exists() if harm == "gone" else file.exists()


# --------------------------------------------------------------------------------- verifying


def ask(client: Client, typed: str) -> tuple[int, str]:
    response = client.get(reverse("verify_form"), {"hash": typed})
    return response.status_code, response.content.decode()


def test_a_printed_hash_says_what_it_is_and_gives_the_link_to_who_may_see_it(
    client: Client, cast: Cast, final: Appraisal
) -> None:
    stored = keep_form(final)
    client.force_login(cast.hr)
    grouped = " ".join(stored.content_hash[at : at + 8] for at in range(0, 64, 8)).upper()
    status, page = ask(client, grouped)
    assert status == 200
    assert "This is the hash of a final form" in page
    assert "Whole record of a year, FY 2027" in page
    assert reverse("form_pdf", args=[final.pk]) in page


def test_a_stranger_learns_what_it_is_and_never_whose(
    client: Client, cast: Cast, final: Appraisal
) -> None:
    plan = Document.objects.get(appraisal=final, kind=Kind.PERFORMANCE_PLAN)
    stored = keep_form(final, plan)
    client.force_login(cast.colleague)
    _, page = ask(client, stored.content_hash)
    assert "Performance plan, FY 2027" in page
    assert "Final since" in page
    for hidden in ("Maria", "2000000011", "form.pdf", f"/appraisals/{final.pk}/"):
        assert hidden not in page.replace("/forms/blank.pdf", "")


def test_an_unknown_hash_gets_a_sentence(client: Client, cast: Cast) -> None:
    client.force_login(cast.colleague)
    status, page = ask(client, "0" * 64)
    assert status == 200
    assert "No final form has this hash" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the content hash"),
        ("12ab", "A content hash has 64 digits; this one has 4."),
        ("0" * 63 + "x", "“x” is not in a content hash"),
    ],
)
def test_a_mistyped_hash_is_kept_and_says_what_is_wrong(
    client: Client, cast: Cast, typed: str, sentence: str
) -> None:
    client.force_login(cast.colleague)
    status, page = ask(client, typed)
    assert status == 422
    assert sentence in page
    assert f'value="{typed}"' in page or not typed


def test_blank_form_opens_with_the_number_of_elements_that_was_chosen(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.colleague)
    for asked, has in (("7", 7), ("99", 5), ("many", 5)):
        response = client.get(reverse("blank_form_pdf"), {"elements": asked})
        assert response.headers["Content-Disposition"] == 'inline; filename="dd2906-blank.pdf"'
        assert spoken(response.content).count("Annual appraisal: rating of this element") == has


def test_blank_form_of_an_employee_opens_from_their_record(
    client: Client, cast: Cast, final: Appraisal
) -> None:
    client.force_login(cast.rating_official)
    page = client.get(reverse("appraisal_detail", args=[final.pk])).content.decode()
    address = reverse("record_blank_form_pdf", args=[final.pk])
    assert address in page
    response = client.get(address)
    assert response.headers["Content-Disposition"] == (
        'inline; filename="dd2906-blank-fy-2027-employee-maria.pdf"'
    )


def test_one_document_is_printed_from_its_page(
    client: Client, cast: Cast, final: Appraisal
) -> None:
    plan = final.documents.get(kind=Kind.PERFORMANCE_PLAN)
    client.force_login(cast.employee)
    address = reverse("document_form_pdf", args=[plan.pk])
    assert address in client.get(plan.get_absolute_url()).content.decode()
    response = client.get(address)
    name = "dd2906-fy-2027-employee-maria-performance-plan.pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert response.content == open_form(keep_form(final, plan))


def test_check_forms_names_what_has_to_be_put_back(final: Appraisal) -> None:
    stored, out = keep_form(final), StringIO()
    call_command("check_forms", stdout=out)
    assert out.getvalue() == "Stored forms that are sound: 1.\n"
    file_of(stored).unlink()
    with pytest.raises(CommandError, match=str(stored.path)):
        call_command("check_forms", stdout=out)
