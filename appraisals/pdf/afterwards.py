"""What came after a rating was issued: changes of it, and what the employee put on record (R7.11, R11.5)."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch

from appraisals import rules
from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Disagreement,
    DisagreementKind,
    Document,
    RatingAmendment,
    RatingOfRecord,
)
from appraisals.pdf.text import Paragraph, paragraphs


@dataclass(frozen=True)
class Change:
    """A changed rating: it stands beside the one that was issued."""

    level: int
    name: str
    ratings: str
    reason: str
    authority: str
    decided_on: dt.date
    recorded_at: dt.datetime


@dataclass(frozen=True)
class Said:
    """A disagreement that the employee put on record."""

    on: dt.date
    text: list[Paragraph]


@dataclass(frozen=True)
class Afterwards:
    """Each of `moments` makes what was final before final anew."""

    changes: list[Change] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    moments: list[dt.datetime] = field(default_factory=list)


def afterwards_of(appraisal: Appraisal) -> Afterwards:
    """What is issued may be read by whoever may read the rating."""
    return afterwards_by_record([appraisal]).get(appraisal.pk, Afterwards())


def afterwards_by_record(appraisals: Collection[Appraisal]) -> dict[int, Afterwards]:
    """Three queries, however many records; one without a rating is not among them."""
    stated = Disagreement.objects.standing().filter(kind=DisagreementKind.STATEMENT)
    issued = RatingOfRecord.objects.filter(appraisal__in=appraisals).prefetch_related(
        "amendments", Prefetch("disagreements", queryset=stated)
    )
    return {each.appraisal_id: _afterwards(each) for each in issued}


def _afterwards(issued: RatingOfRecord) -> Afterwards:
    amendments, statements = issued.amendments.all(), issued.disagreements.all()
    moments = [each.recorded_at for each in amendments] + [each.filed_at for each in statements]
    return Afterwards(
        changes=[_change(each) for each in amendments if not each.content_destroyed_on],
        said=[Said(each.filed_on, paragraphs(each.text)) for each in statements],
        moments=moments,
    )


def differences(documents: Iterable[Document]) -> dict[int, list[dt.datetime]]:
    """When the employee said that something entered for them differs (R4.6), by document: final anew each
    time."""
    noted = AppraisalEvent.objects.filter(document__in=documents, name="note_difference")
    found: dict[int, list[dt.datetime]] = {}
    for pk, at in noted.values_list("document", "at"):
        found.setdefault(pk, []).append(at)
    return found


def _change(amendment: RatingAmendment) -> Change:
    return Change(
        level=amendment.level,
        name=rules.LEVEL_NAMES[amendment.level],
        ratings=", ".join(str(each) if each else "not rated" for each in amendment.levels),
        reason=amendment.get_reason_display(),
        authority=amendment.authority,
        decided_on=amendment.decided_on,
        recorded_at=amendment.recorded_at,
    )
