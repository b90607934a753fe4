"""The higher level reviewer's queue: what waits, what of it was read, and approving what was read."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery

from appraisals.models import AppraisalEvent, Document, Reading, State
from appraisals.models.appraisal import DocumentQuerySet
from appraisals.models.scope import Party
from appraisals.permissions import parties
from appraisals.services.writing import lock_document
from appraisals.workflow import advance
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

UNREAD = "It was sent up again after you opened it, so you have not read it as it stands now."


def queue_of(user: Person) -> DocumentQuerySet:
    """The longest waiting first: the order in which one document follows the other."""
    return Document.objects.filter(
        state=State.IN_REVIEW, appraisal__higher_level_reviewer=user
    ).order_by("state_since", "pk")


def with_reading(documents: DocumentQuerySet, reader: Person) -> DocumentQuerySet:
    """Adds `sent_id`, the event that sent it up last, and `read_at`: when `reader` opened it since."""
    sent = AppraisalEvent.objects.filter(document=OuterRef("pk"), name="submit").order_by("-pk")
    read = Reading.objects.filter(reader=reader, sent=OuterRef("sent_id"))
    return documents.annotate(
        sent_id=Subquery(sent.values("pk")[:1]),
        read_at=Subquery(read.values("read_at")[:1]),
    )


def note_reading(document: Document, *, by: Person) -> None:
    """The reviewer has the document before them as it was sent up."""
    reviews = Party.HIGHER_LEVEL_REVIEWER in parties(by, document.appraisal)
    if not reviews or document.state != State.IN_REVIEW:
        return
    sent = AppraisalEvent.objects.filter(document=document, name="submit").order_by("-pk").first()
    if sent is not None:
        Reading.objects.bulk_create(
            [Reading(sent=sent, reader=by, read_at=clock.now())], ignore_conflicts=True
        )


@dataclass(frozen=True)
class Place:
    """Where a document stands in the reviewer's walk through the queue: "3 of 9".

    `following` is the next document and its employee; None when this is the only one.
    """

    position: int
    total: int
    following: tuple[int, str] | None


def place_of(document: Document, user: Person, *, decided: int) -> Place | None:
    """`decided`: how many were decided on this walk and so are in the queue no more."""
    rows = list(
        queue_of(user).values_list(
            "pk", "appraisal__employee__first_name", "appraisal__employee__last_name"
        )
    )
    at = next((index for index, row in enumerate(rows) if row[0] == document.pk), None)
    if at is None:
        return None
    pk, first_name, last_name = rows[(at + 1) % len(rows)]
    following = (pk, f"{first_name} {last_name}") if pk != document.pk else None
    return Place(decided + at + 1, decided + len(rows), following)


def next_after(document: Document, user: Person) -> int | None:
    """What follows a document that was just decided; from the last one back to what was passed over.

    `document` is as it was before the decision.
    """
    rows = list(queue_of(user).exclude(pk=document.pk).values_list("state_since", "pk"))
    later = (pk for since, pk in rows if (since, pk) > (document.state_since, document.pk))
    return next(later, rows[0][1] if rows else None)


def next_of(user: Person) -> tuple[int, tuple[int, str] | None]:
    """How many wait, and the longest waiting with its employee."""
    names = ("pk", "appraisal__employee__first_name", "appraisal__employee__last_name")
    rows = list(queue_of(user).values_list(*names))
    if not rows:
        return 0, None
    pk, first_name, last_name = rows[0]
    return len(rows), (pk, f"{first_name} {last_name}")


@dataclass(frozen=True)
class Outcome:
    """What became of one document that was to be approved with others."""

    document: Document
    is_approved: bool
    words: str


def approve_read(document: Document, *, by: Person, request_key: uuid.UUID) -> Outcome:
    """Approve one of several in a transaction of its own; whatever stands in the way is said."""
    try:
        _approve(document, by=by, request_key=request_key)
    except PermissionDenied:
        return Outcome(document, False, "You are no longer its higher level reviewer.")
    except Refused as refusal:
        return Outcome(document, False, _what_happened(document) or refusal.message)
    return Outcome(document, True, "Approved.")


@transaction.atomic
def _approve(document: Document, *, by: Person, request_key: uuid.UUID) -> None:
    """Under the lock, so that nobody takes it back, changes it and sends it up again in between."""
    lock_document(document)
    again = AppraisalEvent.objects.filter(request_key=request_key, by=by, document=document)
    waiting = with_reading(queue_of(by).filter(pk=document.pk), by)
    if any(getattr(each, "read_at", None) is None for each in waiting) and not again.exists():
        raise Refused(UNREAD)
    advance(document, "approve", by=by, request_key=request_key)


LEFT_THE_QUEUE = {
    "recall": "{name} took it back meanwhile.",
    "return_for_change": "It was returned meanwhile.",
    "approve": "It was approved already.",
}


def _what_happened(document: Document) -> str:
    """Why a document is in the queue no more; nothing when it still is."""
    last = document.events.select_related("by").order_by("-pk").first()
    if last is None or last.to_state == State.IN_REVIEW:
        return ""
    words = LEFT_THE_QUEUE.get(last.name, "It went on meanwhile: its last step was {name}’s.")
    return words.format(name=last.by.full_name)
