"""What a changed setting does to records, as conditions that are counted and listed alike.

A document keeps the edition it was opened under, so an edition never changes what was decided: it meets what is still to be
opened. Each effect says whom that concerns as things stand today.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Q

from appraisals import rules
from appraisals.editions.bases import Base
from appraisals.models import AppraisalCycle
from orgchart.templatetags.ui import day


class What(StrEnum):
    REVIEWS = "Higher level review and progress reviews"
    PLANS = "Plans that would not be in order"
    DATES = "Dates that move"
    RATINGS = "Ratings still to be given"
    CONSEQUENCES = "What ratings lead to"


def _record_detail(row: Any) -> str:
    if row.plan_approved_on is None:
        return "Plan not approved yet"
    reviews = "one progress review held" if row.held == 1 else f"{row.held} progress reviews held"
    return f"Plan approved {day(row.plan_approved_on)}, {reviews}"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """`key` stands in the address of its list. `old` and `new` are the two values in words."""

    key: str
    what: What
    rule: str
    title: str
    then: str
    condition: Q
    base: Base = Base.RECORDS
    old: str = ""
    new: str = ""
    detail: Callable[[Any], str] = field(default=_record_detail, repr=False)


@dataclass(frozen=True)
class Change:
    """From one policy to another on a day, where an edition reaches; `cycles` are those with records under way there."""

    on: dt.date
    before: rules.Policy
    after: rules.Policy
    cycles: Sequence[AppraisalCycle]

    def differs(self, *names: str) -> bool:
        return any(getattr(self.before, name) != getattr(self.after, name) for name in names)

    def values(self, name: str) -> tuple[Any, Any]:
        return getattr(self.before, name), getattr(self.after, name)
