"""What a roster does to records that are open: nothing by itself, so somebody has to see it.

A record keeps its unit and its officials until HR names others. These are the records that the
changes of a roster leave behind, before they are applied and after.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from appraisals.models import Appraisal
from appraisals.selectors import open_appraisals
from orgchart.counting import counted
from orgchart.models import Person, RosterChange, RosterUpload


class How(StrEnum):
    SUPERVISOR = "supervisor"
    UNIT = "unit"
    LEAVES = "leaves"
    OFFICIAL_LEAVES = "official-leaves"
    REVIEWER_LEAVES = "reviewer-leaves"


@dataclass(frozen=True, slots=True)
class _Link:
    """The change that touches a record: its kind, whose change it is, and what of the record must differ."""

    kind: str
    party: str
    unless: str = ""


LINKS = {
    How.SUPERVISOR: _Link("supervisor", "employee", unless="rating_official__dod_id"),
    How.UNIT: _Link("moved", "employee", unless="organization__code"),
    How.LEAVES: _Link("missing", "employee"),
    How.OFFICIAL_LEAVES: _Link("missing", "rating_official"),
    How.REVIEWER_LEAVES: _Link("missing", "higher_level_reviewer"),
}


def ways(upload: RosterUpload) -> list[How]:
    """Once applied, the missing only count if their assignments were ended."""
    stay = upload.state == RosterUpload.State.APPLIED and not upload.separate_missing
    return [how for how, link in LINKS.items() if not (stay and link.kind == "missing")]


def touched(upload: RosterUpload, how: How, user: Person) -> QuerySet[Appraisal]:
    """Open records of cycles that still run on the day of the changes, of those `user` may see."""
    running = Appraisal.objects.visible_to(user).filter(cycle__effective_on__gt=upload.effective_on)
    link = LINKS[how]
    # Said twice: the few keys first lead the database to the few records.
    keys = RosterChange.objects.filter(upload=upload, kind=link.kind).values("key")
    concerned = running.filter(**{f"{link.party}__in": Person.objects.filter(dod_id__in=keys)})
    return open_appraisals(concerned).filter(Exists(_changes(upload, how)))


def with_change(
    records: QuerySet[Appraisal], upload: RosterUpload, how: How
) -> QuerySet[Appraisal]:
    """With what the change says: `was` and `now`, in words."""
    change = _changes(upload, how)
    return records.annotate(
        was=Subquery(change.values("was")[:1]), now=Subquery(change.values("now")[:1])
    )


def touched_counts(upload: RosterUpload, user: Person) -> dict[How, int]:
    """One query for all."""
    found = counted({how.value: touched(upload, how, user) for how in ways(upload)})
    return {how: found[how.value] for how in ways(upload)}


def _changes(upload: RosterUpload, how: How) -> QuerySet[RosterChange]:
    link = LINKS[how]
    changes = RosterChange.objects.filter(
        upload=upload, kind=link.kind, key=OuterRef(f"{link.party}__dod_id")
    )
    return changes.filter(~Q(now_key=OuterRef(link.unless))) if link.unless else changes
