"""The receipt of a batch: read whole or not at all, each mistake with its line; and what it comes to."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from appraisals.models import (
    FeedAnswer,
    FeedBatch,
    FeedLine,
    FeedReceipt,
    FeedRetry,
    RatingAmendment,
)
from appraisals.permissions import may_administer
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

NEEDED = ("line", "result", "reason")
RESULTS = {"accepted": True, "refused": False}
MOST_PROBLEMS = 50
LONGEST_REASON = 500
CHUNK = 2000


@dataclass(frozen=True)
class ReceiptProblem:
    """`at` is the line of the file, its heading being line 1; 0 is the file as a whole."""

    at: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.at}: {self.message}" if self.at else self.message


class ReceiptRefused(Refused):
    """Nothing of the file was kept."""

    def __init__(self, problems: list[ReceiptProblem]) -> None:
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Answer:
    at: int
    line: int
    accepted: bool
    reason: str


@dataclass(frozen=True)
class Report:
    """Of all receipts of a batch together."""

    accepted: int
    refused: int
    missing: int
    asked_again: int


@transaction.atomic
def read_receipt(batch: FeedBatch, file: BinaryIO, *, by: Person) -> FeedReceipt:
    """Raises ReceiptRefused. The same file again is the same receipt; a later one may answer what was missing."""
    if not may_administer(by, batch.organization):
        raise PermissionDenied
    locked = FeedBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    known = locked.receipts.filter(content_hash=digest).first()
    if known:
        return known
    answers = _parsed(data, locked)
    lines = dict(locked.lines.values_list("number", "pk"))
    given = _given(locked)
    problems = list(_judged(answers, lines, given))
    if problems:
        raise ReceiptRefused(problems[:MOST_PROBLEMS])
    receipt = FeedReceipt.objects.create(
        batch=locked, content_hash=digest, read_by=by, read_at=clock.now()
    )
    new = (
        FeedAnswer(
            receipt=receipt,
            line_id=lines[each.line],
            accepted=each.accepted,
            reason=each.reason,
        )
        for each in answers
        if each.line not in given
    )
    while chunk := list(islice(new, CHUNK)):
        FeedAnswer.objects.bulk_create(chunk)
    return receipt


def _given(batch: FeedBatch) -> dict[int, bool]:
    """What earlier receipts said, by the number of the line."""
    answers = FeedAnswer.objects.filter(line__batch=batch)
    return dict(answers.values_list("line__number", "accepted"))


def _parsed(data: bytes, batch: FeedBatch) -> list[_Answer]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ReceiptRefused(
            [ReceiptProblem(0, f"The file is not UTF-8: byte {problem.start + 1} cannot be read.")]
        ) from None
    if "\0" in text:
        raise ReceiptRefused(
            [ReceiptProblem(0, "The file is not plain CSV: it holds a zero byte.")]
        )
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        headings = [(name or "").strip().lower() for name in rows.fieldnames or []]
        missing = [name for name in NEEDED if name not in headings]
        if missing:
            raise ReceiptRefused(
                [
                    ReceiptProblem(
                        1,
                        f"No column “{name}”. The heading reads line,result,reason, and batch if you like.",
                    )
                    for name in missing
                ]
            )
        rows.fieldnames = headings
        return list(_answers(rows, batch))
    except csv.Error as problem:
        raise ReceiptRefused(
            [ReceiptProblem(rows.line_num, f"This is not CSV ({problem}).")]
        ) from None


def _answers(rows: "csv.DictReader[str]", batch: FeedBatch) -> Iterator[_Answer]:
    problems: list[ReceiptProblem] = []
    for row in rows:
        cells = {name: (value or "").strip() for name, value in row.items() if name}
        problem = _problem_of(cells, batch)
        if problem:
            problems.append(ReceiptProblem(rows.line_num, problem))
            if len(problems) == MOST_PROBLEMS:
                break
            continue
        accepted = RESULTS[cells["result"].lower()]
        reason = "" if accepted else cells["reason"]
        yield _Answer(rows.line_num, int(cells["line"]), accepted, reason)
    if problems:
        raise ReceiptRefused(problems)


def _problem_of(cells: dict[str, str], batch: FeedBatch) -> str:
    number = cells.get("batch", "")
    if number and number != str(batch.number):
        return f"It is of batch {number}, and this is batch {batch.number}."
    if not cells["line"].isdecimal() or len(cells["line"]) > 9:
        return f"“{cells['line']}” is no line number."
    if cells["result"].lower() not in RESULTS:
        return f"“{cells['result']}” is neither accepted nor refused."
    if not RESULTS[cells["result"].lower()] and not cells["reason"]:
        return "It is refused without a reason. Ask for the reason."
    if len(cells["reason"]) > LONGEST_REASON:
        return (
            f"The reason has {len(cells['reason'])} characters, and {LONGEST_REASON} is the most."
        )
    return ""


def _judged(
    answers: list[_Answer], lines: dict[int, int], given: dict[int, bool]
) -> Iterator[ReceiptProblem]:
    """Against the batch, and against what was said before: an answer is not taken back."""
    if not answers:
        yield ReceiptProblem(0, "The file answers no line.")
    seen: dict[int, int] = {}
    for each in answers:
        if each.line not in lines:
            yield ReceiptProblem(
                each.at, f"The batch has no line {each.line}; its last is {len(lines)}."
            )
        elif each.line in seen:
            yield ReceiptProblem(
                each.at, f"Line {each.line} was answered in line {seen[each.line]} of this file."
            )
        elif given.get(each.line, each.accepted) != each.accepted:
            before = "accepted" if given[each.line] else "refused"
            yield ReceiptProblem(
                each.at, f"An earlier receipt says that line {each.line} was {before}."
            )
        seen.setdefault(each.line, each.at)


def refused_lines(batch: FeedBatch) -> QuerySet[FeedLine]:
    return batch.lines.filter(answer__accepted=False).order_by("number")


def missing_lines(batch: FeedBatch) -> QuerySet[FeedLine]:
    return batch.lines.filter(answer__isnull=True).order_by("number")


def report_of(batch: FeedBatch) -> Report:
    answers = FeedAnswer.objects.filter(line__batch=batch)
    accepted = answers.filter(accepted=True).count()
    refused = answers.filter(accepted=False).count()
    return Report(
        accepted=accepted,
        refused=refused,
        missing=batch.lines_sent - accepted - refused,
        asked_again=FeedRetry.objects.filter(line__batch=batch).count(),
    )


@transaction.atomic
def send_refused_again(batch: FeedBatch, *, by: Person) -> int:
    """Refused lines go into the next batch, unless something newer of the same rating has gone out."""
    if not may_administer(by, batch.organization):
        raise PermissionDenied
    FeedBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    lines = refused_lines(batch).filter(retry__isnull=True).exclude(_overtaken())
    retries = [FeedRetry(line=line, asked_by=by, asked_at=clock.now()) for line in lines]
    FeedRetry.objects.bulk_create(retries, batch_size=CHUNK)
    return len(retries)


def _overtaken() -> Q:
    """Of the same rating something went out later, or its present version is another."""
    same = Q(rating=OuterRef("rating")) | Q(more_current=OuterRef("more_current"))
    later = FeedLine.objects.filter(same, pk__gt=OuterRef("pk"))
    newer = RatingAmendment.objects.filter(
        rating=OuterRef("rating"), version__gt=OuterRef("version")
    )
    return Q(Exists(later)) | Q(Exists(newer))
