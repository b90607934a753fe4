"""The scanned form: what is taken, who may download it, and how."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from appraisals.models import (
    Document,
    Kind,
    Scan,
    State,
)
from appraisals.scans import file_of
from appraisals.services.on_paper import begin_paper
from orgchart import clock
from tests.appraisals.views.opening import opened, posted, text_of
from tests.appraisals.views.paper import paper_plan, timeline
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def plan(cast: Cast) -> Document:
    return paper_plan(cast)


def attach(cast: Cast, plan: Document, content: bytes, name: str = "form.pdf") -> HttpResponse:
    return posted(
        cast.rating_official,
        reverse("scan_attach", args=[plan.pk]),
        {"scan": SimpleUploadedFile(name, content, content_type="application/pdf")},
    )


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_scan_is_kept_by_its_hash_and_only_ever_downloaded(cast: Cast, plan: Document) -> None:
    attach(cast, plan, PDF)
    attach(cast, plan, PDF, name="again.pdf")
    scan = Scan.objects.get()
    assert file_of(scan).read_bytes() == PDF
    response = opened(cast.rating_official, reverse("scan_download", args=[scan.pk]))
    assert b"".join(response) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html><script>alert(1)</script>", "is not a PDF file, whatever its name says"),
        (b"%PDF-1.7 cut off", "is not a PDF file"),
        (b"", "This file is empty."),
        (PDF + b" " * 1_000_001, "1 MB is the most"),
    ],
)
def test_what_is_no_scan_is_refused(
    cast: Cast, plan: Document, settings, content: bytes, sentence: str
) -> None:
    settings.SCAN_MAX_BYTES = 1_000_000
    response = attach(cast, plan, content)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Scan.objects.exists()


def test_a_scan_of_a_rating_is_read_with_the_rating(cast: Cast) -> None:
    review = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    with clock.frozen(PRACTICE_DAY):
        annual = begin_paper(
            review.appraisal, Kind.ANNUAL_APPRAISAL, why="Why", by=cast.rating_official
        )
    attach(cast, annual, PDF)
    url = reverse("scan_download", args=[Scan.objects.get().pk])
    seen = {}
    for actor in ("rating_official", "hr", "higher_level_reviewer", "employee", "colleague"):
        response = opened(cast.people[actor], url)
        seen[actor] = response.status_code
        list(response)
    assert seen == {
        "rating_official": 200,
        "hr": 200,
        "higher_level_reviewer": 404,
        "employee": 404,
        "colleague": 404,
    }


def test_a_removed_scan_is_gone_and_that_it_was_there_is_not(
    cast: Cast, plan: Document, django_capture_on_commit_callbacks
) -> None:
    attach(cast, plan, PDF)
    scan = Scan.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        posted(cast.rating_official, reverse("scan_remove", args=[scan.pk]))
    assert opened(cast.hr, reverse("scan_download", args=[scan.pk])).status_code == 404
    assert not file_of(scan).exists()
    assert "Scan of the paper form removed" in timeline(cast, plan)
