"""Ratings straight in their tables, batches as they are sent, receipts as they come back."""

import csv
import hashlib
import io

from appraisals.feed import batch_bytes, make_batch
from appraisals.models import AmendmentReason, Appraisal, Decision, FeedBatch, RatingOfRecord
from appraisals.services.amending import record_decision
from orgchart import clock
from orgchart.models import Person, RoleGrant
from tests.appraisals.rows import NOON, issue_rating
from tests.cast import PRACTICE_DAY, Cast
from tests.factories import PersonFactory


def rated(cast: Cast, **person: str) -> RatingOfRecord:
    """Straight into the tables: the feed asks for no more."""
    known = {"dod_id": f"{4_000_000_000 + RatingOfRecord.objects.count()}", **person}
    appraisal = Appraisal.objects.create(
        employee=PersonFactory(email=f"{known['dod_id']}@example.mil", **known),
        rating_official=cast.rating_official,
        cycle=cast.cycle,
        organization=cast.places["FIRE"],
        position_title="Firefighter",
        pay_plan="GS",
        occupational_series="0081",
        grade="08",
        starts_on=cast.cycle.starts_on,
        opened_at=NOON,
    )
    return issue_rating(appraisal)


def sent(batch: FeedBatch | None) -> list[dict[str, str]]:
    assert batch is not None
    data = b"".join(batch_bytes(batch))
    assert hashlib.sha256(data).hexdigest() == batch.content_hash
    assert len(data) == batch.size
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def batch_of(cast: Cast) -> FeedBatch | None:
    with clock.frozen(PRACTICE_DAY):
        return make_batch(cast.cycle, cast.places["DOD"], by=None)


def receipt(batch: FeedBatch, *rows: str) -> io.BytesIO:
    return io.BytesIO("\n".join(["line,result,reason", *rows]).encode())


def amend(rating: RatingOfRecord, by: Person, level: int = 5) -> None:
    with clock.frozen(PRACTICE_DAY):
        decision = Decision(
            levels=[level] * rating.rated_count,
            reason=AmendmentReason.GRIEVANCE,
            authority="Arbitrator's award",
            approved_by="The commander" if level == 1 else "",
            decided_on=PRACTICE_DAY,
        )
        record_decision(rating, decision, by=by)


def dod_hr(cast: Cast) -> Person:
    """HR of the department: the cast's own HR administers one command."""
    person = cast.secretary
    RoleGrant.objects.get_or_create(
        person=person,
        role=RoleGrant.Role.HR_ADMINISTRATOR,
        organization=cast.places["DOD"],
        starts_on=cast.cycle.starts_on,
    )
    person.__dict__.pop("_paths", None)
    return person
