"""What comes back: read whole or not at all, and what is refused can go out again."""

import io

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.feed import ReceiptRefused, Report, read_receipt, report_of, send_refused_again
from appraisals.models import FeedAnswer, FeedBatch
from tests.appraisals.feed.sending import amend, batch_of, dod_hr, rated, receipt, sent
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def batch(cast: Cast) -> FeedBatch:
    for number in range(3):
        rated(cast, dod_id=f"{3_000_000_000 + number}")
    made = batch_of(cast)
    assert made is not None
    return made


def test_a_receipt_says_what_was_accepted_refused_and_is_missing(
    cast: Cast, batch: FeedBatch
) -> None:
    file = receipt(batch, "1,accepted,", "2,Refused,No such employee")
    read_receipt(batch, file, by=dod_hr(cast))
    assert report_of(batch) == Report(accepted=1, refused=1, missing=1, asked_again=0)
    assert FeedAnswer.objects.get(accepted=False).reason == "No such employee"


def test_a_second_receipt_answers_what_was_missing_and_the_same_one_counts_once(
    cast: Cast, batch: FeedBatch
) -> None:
    by = dod_hr(cast)
    first = read_receipt(batch, receipt(batch, "1,accepted,"), by=by)
    assert read_receipt(batch, receipt(batch, "1,accepted,"), by=by) == first
    read_receipt(batch, receipt(batch, "1,accepted,", "2,accepted,", "3,accepted,"), by=by)
    assert report_of(batch) == Report(accepted=3, refused=0, missing=0, asked_again=0)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"line,result,reason\n4,accepted,\n", "Line 2: The batch has no line 4; its last is 3."),
        (b"line,result,reason\none,accepted,\n", "Line 2: \u201cone\u201d is no line number."),
        (b"line,result,reason\n1,maybe,\n", "\u201cmaybe\u201d is neither accepted nor refused."),
        (b"line,result,reason\n1,refused,\n", "It is refused without a reason."),
        (
            b"line,result,reason\n1,accepted,\n1,accepted,\n",
            "Line 3: Line 1 was answered in line 2 of this file.",
        ),
        (b"line,result\n1,accepted\n", "No column \u201creason\u201d."),
        (b"", "No column \u201cline\u201d."),
        (b"line,result,reason\n", "The file answers no line."),
        (b"batch,line,result,reason\n7,1,accepted,\n", "It is of batch 7, and this is batch 1."),
        (
            b"line,result,reason\n1,accepted,\xff\n",
            "The file is not UTF-8: byte 31 cannot be read.",
        ),
        (b"line,result,reason\n1,accepted,\0\n", "it holds a zero byte"),
        (b'line,result,reason\n1,"acc"x,\n', "This is not CSV"),
        (b"line,result,reason\n1,refused," + b"x" * 501 + b"\n", "The reason has 501 characters"),
    ],
)
def test_a_receipt_with_a_mistake_is_not_read(
    cast: Cast, batch: FeedBatch, data: bytes, sentence: str
) -> None:
    with pytest.raises(ReceiptRefused) as refused:
        read_receipt(batch, io.BytesIO(data), by=dod_hr(cast))
    assert sentence in refused.value.message
    assert not FeedAnswer.objects.exists()


def test_an_answer_is_not_taken_back(cast: Cast, batch: FeedBatch) -> None:
    by = dod_hr(cast)
    read_receipt(batch, receipt(batch, "1,accepted,"), by=by)
    with pytest.raises(ReceiptRefused, match="An earlier receipt says that line 1 was accepted"):
        read_receipt(batch, receipt(batch, "1,refused,Changed our mind"), by=by)


def test_what_was_refused_goes_out_again_once_it_is_asked_for(cast: Cast, batch: FeedBatch) -> None:
    by = dod_hr(cast)
    read_receipt(batch, receipt(batch, "1,accepted,", "2,refused,Later", "3,accepted,"), by=by)
    assert batch_of(cast) is None
    assert send_refused_again(batch, by=by) == 1
    assert send_refused_again(batch, by=by) == 0
    (line,) = sent(batch_of(cast))
    assert (line["kind"], line["dod_id"], line["version"]) == ("again", "3000000001", "1")
    assert batch_of(cast) is None


def test_a_refused_line_does_not_overtake_a_newer_rating(cast: Cast, batch: FeedBatch) -> None:
    by = dod_hr(cast)
    read_receipt(batch, receipt(batch, "1,refused,Later"), by=by)
    line = batch.lines.get(number=1)
    send_refused_again(batch, by=by)
    amend(line.rating, by)
    (correction,) = sent(batch_of(cast))
    assert (correction["version"], correction["kind"]) == ("2", "new")
    assert batch_of(cast) is None


def test_only_hr_of_the_organization_reads_a_receipt(cast: Cast, batch: FeedBatch) -> None:
    for actor in ("hr", "hr_elsewhere", "auditor", "leader"):
        with pytest.raises(PermissionDenied):
            read_receipt(batch, receipt(batch, "1,accepted,"), by=cast.people[actor])
        with pytest.raises(PermissionDenied):
            send_refused_again(batch, by=cast.people[actor])
