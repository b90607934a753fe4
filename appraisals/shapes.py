"""Where a record stands, as the kept counts say it: `RecordStanding.shape` read."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from appraisals import rules

KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What `RecordStanding.shape` says: how far each document has come, and the days that lateness hangs on.

    `edition` None: there is no record, and it counts from `from_day` until `until_day`. `rateable` None: no plan
    is approved yet. `first_day` is told while the plan is not acknowledged. `is_closed`: HR closed the year without
    a rating; `extended_until` is the last day of a period that was extended (R1.11). `together_until`: the last day
    together of an early appraisal that is under way (R9.5).
    """

    plan: int
    review: int
    annual: int
    open_review: int
    reviews: int
    rateable: bool | None
    edition: int | None
    first_day: dt.date | None
    from_day: dt.date | None
    until_day: dt.date | None
    is_closed: bool = False
    extended_until: dt.date | None = None
    together_until: dt.date | None = None

    def appraisal_due_on(self, due_on: dt.date | None, cycle_ends_on: dt.date) -> dt.date | None:
        """As `turns.due_on`: a milestone moves with a period that was extended (R1.11), and what is written because
        somebody leaves is due by the last day together."""
        if due_on is not None:
            due_on = rules.shifted(due_on, cycle_ends_on, self.extended_until)
        return min(filter(None, (due_on, self.together_until)), default=None)


@lru_cache(maxsize=KNOWN)
def shape_of(text: str) -> Shape:
    _, plan, review, annual, open_review, reviews, rateable, edition, *days = text.split(":")
    rateable, _, together = rateable.partition("!")
    rateable, _, extended = rateable.partition("@")
    first_day, from_day, until_day = (dt.date.fromisoformat(day) if day else None for day in days)
    return Shape(
        plan=int(plan),
        review=int(review),
        annual=int(annual),
        open_review=int(open_review),
        reviews=int(reviews),
        rateable={"yes": True, "no": False}.get(rateable),
        edition=int(edition) if edition else None,
        first_day=first_day,
        from_day=from_day,
        until_day=until_day,
        is_closed=rateable == "closed",
        extended_until=dt.date.fromisoformat(extended) if extended else None,
        together_until=dt.date.fromisoformat(together) if together else None,
    )
