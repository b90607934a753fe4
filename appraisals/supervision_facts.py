"""What the figures about supervisors are made of: two queries, however many records."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Kind,
    ReturnReason,
    Section,
    SectionKind,
    State,
)

WRITTEN = r"\S"
STEPS = ["submit", "finish", "approve", "record_approval", "return_for_change", "recall"]


@dataclass(slots=True)
class Sent:
    """What the present rating official of a record sent up, and what became of it.

    `days`: how long the reviewer had a document each time, from sent up to decided.
    """

    record: int
    documents: set[int] = field(default_factory=set)
    returned: set[int] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)
    days: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Facts:
    """`first_sent`: the day a document was first sent up or finished. By document: `narratives`,
    written and all for each level that was given; `inputs`, answered and given."""

    sent: dict[int, Sent]
    first_sent: dict[int, dt.date]
    narratives: dict[int, dict[int, tuple[int, int]]]
    inputs: dict[int, tuple[int, int]]


def facts_of(records: Sequence[Appraisal]) -> Facts:
    """Texts and ratings count once the draft is over: from then on the reviewer reads them."""
    pks = [record.pk for record in records]
    steps = (
        AppraisalEvent.objects.filter(appraisal__in=pks, name__in=STEPS, document__isnull=False)
        .order_by("pk")
        .values_list(
            "appraisal_id",
            "document_id",
            "name",
            "at",
            "by_id",
            "details__about",
            "details__happened_on",
        )
    )
    officials = {record.pk: record.rating_official_id for record in records}
    sent, first_sent = _walked(steps, officials)
    return Facts(sent, first_sent, *_texts(pks))


_Step = tuple[int, int | None, str, dt.datetime, int, str | None, str | None]


def _walked(
    steps: Iterable[_Step], officials: dict[int, int]
) -> tuple[dict[int, Sent], dict[int, dt.date]]:
    """What an earlier rating official sent up is not laid at the door of the present one."""
    sent: dict[int, Sent] = {}
    first_sent: dict[int, dt.date] = {}
    on_the_way: dict[int, dt.date] = {}
    for record, document, name, at, by, about, on_paper in steps:
        if document is None:
            continue
        day = dt.date.fromisoformat(on_paper) if on_paper else timezone.localdate(at)
        if name in ("submit", "finish"):
            first_sent.setdefault(document, day)
            on_the_way.pop(document, None)
            if name == "submit" and by == officials[record]:
                sent.setdefault(record, Sent(record)).documents.add(document)
                on_the_way[document] = day
            continue
        began = on_the_way.pop(document, None)
        if began is None or name == "recall":
            continue
        sent[record].days.append((day - began).days)
        if name == "return_for_change":
            sent[record].returned.add(document)
            known = about if about in ReturnReason.values else ReturnReason.OTHER.value
            sent[record].reasons[str(known)] += 1
    return sent, first_sent


def _texts(
    pks: Sequence[int],
) -> tuple[dict[int, dict[int, tuple[int, int]]], dict[int, tuple[int, int]]]:
    """Ratings by level, and elements with the employee's input, of what is no draft any more."""
    answer = Section.objects.filter(
        document=OuterRef("document"),
        element=OuterRef("element"),
        kind__in=[SectionKind.RATING, SectionKind.ASSESSMENT],
        text__regex=WRITTEN,
    )
    rated = Q(kind=SectionKind.RATING, level__isnull=False, document__kind=Kind.ANNUAL_APPRAISAL)
    given = Q(kind=SectionKind.EMPLOYEE_INPUT, element__isnull=False, text__regex=WRITTEN)
    counted = (
        Section.objects.filter(rated | given, document__appraisal__in=pks)
        .exclude(document__state=State.DRAFT)
        .annotate(is_written=Q(text__regex=WRITTEN), is_answered=Exists(answer))
        .order_by()
        .values("document_id", "kind", "level")
        .annotate(
            every=Count("pk"),
            written=Count("pk", filter=Q(is_written=True)),
            answered=Count("pk", filter=Q(is_answered=True)),
        )
        .values_list("document_id", "kind", "level", "every", "written", "answered")
    )
    narratives: dict[int, dict[int, tuple[int, int]]] = {}
    inputs: dict[int, tuple[int, int]] = {}
    for document, kind, level, every, written, answered in counted:
        if kind == SectionKind.EMPLOYEE_INPUT:
            inputs[document] = (answered, every)
        elif level is not None:
            narratives.setdefault(document, {})[level] = (written, every)
    return narratives, inputs
