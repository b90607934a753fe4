"""HR makes a batch, hands it over, reads what comes back, and sends again what was refused."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from appraisals.feed import batch_bytes
from appraisals.models import FeedBatch, FeedLine
from orgchart.models import OrgEvent
from tests.appraisals.feed.sending import rated, receipt
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def make(cast: Cast) -> FeedBatch:
    rated(cast)
    given = {"organization": "CMD", "cycle": cast.cycle.pk}
    assert posted(cast.hr, "/hr/feed/", given).status_code == 200
    return FeedBatch.objects.latest("number")


def test_what_waits_is_shown_and_made_into_a_batch(cast: Cast) -> None:
    rated(cast)
    page = text_of(opened(cast.hr, "/hr/feed/"))
    assert "No batch yet" in page
    assert "Ratings1" in page
    batch = make(cast)
    assert (batch.lines_sent, batch.made_by) == (2, cast.hr)
    again = text_of(posted(cast.hr, "/hr/feed/", {"organization": "CMD", "cycle": cast.cycle.pk}))
    assert "Nothing new waits" in again
    assert FeedBatch.objects.count() == 1


def test_the_file_is_the_same_twice_and_each_download_is_recorded(cast: Cast) -> None:
    batch = make(cast)
    url = reverse("feed_file", args=[batch.number])
    first, second = (b"".join(opened(cast.hr, url)) for _ in range(2))
    assert first == second == b"".join(batch_bytes(batch))
    assert OrgEvent.objects.filter(what="exported").count() == 2


def test_a_receipt_is_read_and_what_was_refused_goes_out_again(cast: Cast) -> None:
    batch = make(cast)
    url = reverse("feed_receipt", args=[batch.number])
    wrong = SimpleUploadedFile("r.csv", receipt(batch, "9,accepted,").getvalue())
    response = posted(cast.hr, url, {"receipt": wrong})
    assert response.status_code == 422
    assert "Line 2: The batch has no line 9; its last is 1." in text_of(response)
    right = SimpleUploadedFile("r.csv", receipt(batch, "1,refused,No such employee").getvalue())
    page = text_of(posted(cast.hr, url, {"receipt": right}))
    assert "No such employee" in page
    page = text_of(posted(cast.hr, reverse("feed_again", args=[batch.number])))
    assert "1 rating goes into the next batch again." in page
    csv = opened(cast.hr, f"/hr/feed/{batch.number}/?format=csv&table=refused-lines")
    assert "No such employee" in b"".join(csv).decode()
    posted(cast.hr, "/hr/feed/", {"organization": "CMD", "cycle": cast.cycle.pk})
    assert list(FeedLine.objects.order_by("pk").values_list("attempt", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("organization", "sentence"),
    [("YARD", "No organization with the code “YARD” in your scope"), ("", "Enter the code")],
)
def test_what_is_not_in_scope_is_refused(cast: Cast, organization: str, sentence: str) -> None:
    response = opened(cast.hr, f"/hr/feed/?organization={organization}&cycle={cast.cycle.pk}")
    assert response.status_code == 422
    assert sentence in text_of(response)


@pytest.mark.parametrize("lines", [1, 4])
def test_pages_cost_the_same_with_any_number_of_lines(cast: Cast, lines: int) -> None:
    for _ in range(lines):
        batch = make(cast)
    assert queries(cast.hr, "/hr/feed/") <= 15
    assert queries(cast.hr, f"/hr/feed/{batch.number}/") <= 15


def test_the_page_says_whether_it_goes_out_every_night(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    assert "every night" not in text_of(opened(cast.hr, "/hr/feed/"))
    settings.FEED_FOLDER = tmp_path
    assert "goes out by itself every night" in text_of(opened(cast.hr, "/hr/feed/"))
