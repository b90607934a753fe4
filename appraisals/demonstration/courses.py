"""How far each document of a record has come: written stories for the cast, a fixed mix for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from appraisals.demonstration.phrases import Reason
from appraisals.models import ReturnReason


class Stage(IntEnum):
    """How far a document has come. For a plan, INPUT is the employee's proposals and comments."""

    NONE = 0
    OPENED = 1
    INPUT_BEGUN = 2
    INPUT_SHARED = 3
    PARTLY_WRITTEN = 4
    WRITTEN = 5
    RETURNED = 6
    IN_REVIEW = 7
    APPROVED = 8
    COMMUNICATED = 9
    ACKNOWLEDGED = 10
    ACKNOWLEDGED_FOR = 11


@dataclass(frozen=True)
class Course:
    """What becomes of one record. `level`: the summary rating its ratings come to.

    `dates` fixes days that are otherwise drawn, by "document.step"; `reason` is the reviewer's, with
    what it is about.
    """

    plan: Stage = Stage.ACKNOWLEDGED
    review: Stage = Stage.ACKNOWLEDGED
    annual: Stage = Stage.ACKNOWLEDGED
    narrative: Stage = Stage.NONE
    level: int = 3
    late_plan: bool = False
    second_review: bool = False
    returned_once: bool = False
    reason: Reason | None = None
    dates: Mapping[str, date] = field(default_factory=dict)


S = Stage
_LEVELS = (3, 3, 5, 3, 3, 3, 5, 3, 3, 5, 3, 3)
_ANNUAL = (
    S.NONE,
    S.ACKNOWLEDGED,
    S.INPUT_SHARED,
    S.IN_REVIEW,
    S.PARTLY_WRITTEN,
    S.COMMUNICATED,
    S.INPUT_BEGUN,
    S.APPROVED,
    S.NONE,
    S.ACKNOWLEDGED,
    S.INPUT_SHARED,
    S.OPENED,
    S.ACKNOWLEDGED,
    S.RETURNED,
    S.IN_REVIEW,
    S.WRITTEN,
    S.COMMUNICATED,
    S.PARTLY_WRITTEN,
    S.ACKNOWLEDGED,
    S.APPROVED,
    S.INPUT_BEGUN,
    S.IN_REVIEW,
    S.ACKNOWLEDGED_FOR,
)
_OPEN_REVIEWS = (
    S.NONE,
    S.APPROVED,
    S.NONE,
    S.INPUT_SHARED,
    S.COMMUNICATED,
    S.APPROVED,
    S.ACKNOWLEDGED,
)
_NEXT_PLAN = (
    S.NONE,
    S.PARTLY_WRITTEN,
    S.IN_REVIEW,
    S.NONE,
    S.INPUT_BEGUN,
    S.OPENED,
    S.ACKNOWLEDGED,
    S.NONE,
    S.INPUT_SHARED,
    S.APPROVED,
    S.NONE,
    S.COMMUNICATED,
    S.WRITTEN,
    S.NONE,
    S.RETURNED,
    S.ACKNOWLEDGED,
    S.NONE,
    S.IN_REVIEW,
)


def last_year(index: int, story: str) -> Course | None:
    """A finished year: mostly Fully Successful, some Outstanding, very few Unacceptable."""
    if story in {"newcomer", "arrived_lately", "under_dpmap_lately"}:
        return None
    level = {"ortega": 5, "whitfield": 5, "unacceptable_before": 1}.get(
        story, _LEVELS[index % len(_LEVELS)]
    )
    return Course(
        level=level,
        annual=S.ACKNOWLEDGED_FOR if index % 41 == 7 else S.ACKNOWLEDGED,
        late_plan=index % 13 == 4,
        second_review=index % 11 == 3,
        returned_once=index % 7 == 2,
    )


def this_year(index: int, story: str) -> Course | None:
    """The year that has just ended and is being rated."""
    if story in _THIS_YEAR:
        return _THIS_YEAR[story]
    annual = _ANNUAL[index % len(_ANNUAL)]
    review = S.ACKNOWLEDGED
    if annual == S.NONE:
        review = _OPEN_REVIEWS[index // 4 % len(_OPEN_REVIEWS)]
    return Course(
        annual=annual,
        review=review,
        level=_LEVELS[(index + 5) % len(_LEVELS)],
        late_plan=index % 17 == 6,
        second_review=index % 9 == 5 and review == S.ACKNOWLEDGED,
        returned_once=index % 10 == 8,
    )


def next_year(index: int, story: str) -> Course | None:
    """The year that has just begun: plans only."""
    plan = _NEXT_YEAR.get(story, _NEXT_PLAN[index % len(_NEXT_PLAN)])
    if plan == S.NONE:
        return None
    return Course(plan=plan, review=S.NONE, annual=S.NONE, dates=_FIXED.get(story, {}))


_THIS_YEAR: dict[str, Course | None] = {
    "ortega": Course(
        annual=S.PARTLY_WRITTEN,
        level=5,
        dates={
            "plan.approved": date(2026, 4, 17),
            "review.opened": date(2026, 9, 28),
            "review.communicated": date(2026, 10, 14),
            "annual.shared": date(2027, 3, 29),
            "annual.written": date(2027, 4, 5),
        },
    ),
    "whitfield": Course(
        annual=S.INPUT_SHARED,
        level=5,
        dates={
            "plan.acknowledged": date(2026, 4, 22),
            "review.opened": date(2026, 9, 28),
            "review.communicated": date(2026, 10, 14),
            "annual.shared": date(2027, 3, 28),
        },
    ),
    "okafor": Course(annual=S.INPUT_BEGUN),
    "blake": Course(
        annual=S.COMMUNICATED,
        dates={"annual.approved": date(2027, 3, 31), "annual.communicated": date(2027, 4, 2)},
    ),
    "nguyen": Course(annual=S.INPUT_SHARED, dates={"annual.shared": date(2027, 3, 30)}),
    "sorensen": Course(
        annual=S.RETURNED,
        level=5,
        reason=(
            ReturnReason.NARRATIVE,
            "The standard asks for response times; say what they were.",
        ),
        dates={"annual.returned": date(2027, 4, 2)},
    ),
    "khan": Course(
        annual=S.IN_REVIEW,
        second_review=True,
        dates={"annual.written": date(2027, 3, 31), "annual.submitted": date(2027, 4, 1)},
    ),
    "jensen": Course(
        annual=S.NONE,
        dates={
            "plan.opened": date(2027, 1, 4),
            "plan.approved": date(2027, 1, 20),
            "review.opened": date(2027, 3, 8),
        },
    ),
    "adeyemi": Course(level=5, returned_once=True),
    "kowalczyk": Course(annual=S.APPROVED),
    "damico": Course(annual=S.INPUT_BEGUN),
    "newcomer": Course(annual=S.NONE, dates={"review.opened": date(2027, 3, 15)}),
    "unacceptable": Course(annual=S.IN_REVIEW, level=1),
    "without_plan": None,
    "arrived_lately": None,
    "review_in_review": Course(annual=S.NONE, review=S.IN_REVIEW),
    "narrative_draft": Course(annual=S.NONE, narrative=S.PARTLY_WRITTEN),
    "narrative_in_review": Course(annual=S.NONE, narrative=S.IN_REVIEW),
    "narrative_approved": Course(annual=S.NONE, narrative=S.APPROVED),
    "narrative_communicated": Course(annual=S.INPUT_SHARED, narrative=S.COMMUNICATED),
    "moved": Course(annual=S.PARTLY_WRITTEN, narrative=S.ACKNOWLEDGED),
}

_FIXED = {"whitfield": {"plan.communicated": date(2027, 4, 4)}}

_NEXT_YEAR: dict[str, Stage] = {
    "ortega": S.NONE,
    "whitfield": S.COMMUNICATED,
    "okafor": S.IN_REVIEW,
    "blake": S.IN_REVIEW,
    "nguyen": S.INPUT_BEGUN,
    "sorensen": S.NONE,
    "khan": S.INPUT_SHARED,
    "jensen": S.ACKNOWLEDGED,
    "adeyemi": S.RETURNED,
    "kowalczyk": S.OPENED,
    "damico": S.APPROVED,
}
