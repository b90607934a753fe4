"""What a worked example is."""

from collections.abc import Callable
from dataclasses import dataclass

from appraisals.rules.policy import Policy


@dataclass(frozen=True)
class WorkedExample:
    """`answer` is asked of the same functions that the product itself asks."""

    number: str
    rule: str
    given: str
    expected: str
    answer: Callable[[Policy], str]
