"""The worked examples of the rule book (§18): what is given, what the book says, and what a policy answers.

One declaration: the page `worked_examples` shows it under any edition, the tests hold the rule book to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from appraisals.rules.examples.dates import DATES
from appraisals.rules.examples.decisions import DECISIONS
from appraisals.rules.examples.facts import WorkedExample
from appraisals.rules.examples.ratings import RATINGS
from appraisals.rules.policy import Policy, policy_settings

GROUPS: tuple[tuple[str, tuple[WorkedExample, ...]], ...] = (
    ("The summary rating", RATINGS),
    ("Dates", DATES),
    ("Other decisions", DECISIONS),
)
WORKED_EXAMPLES: tuple[WorkedExample, ...] = (*RATINGS, *DATES, *DECISIONS)


@dataclass(frozen=True)
class Answered:
    """`because`: the settings that, each put back to what the rule book says, restore its answer."""

    example: WorkedExample
    answer: str
    because: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return self.answer == self.example.expected


def answered(example: WorkedExample, policy: Policy) -> Answered:
    answer = example.answer(policy)
    because = () if answer == example.expected else tuple(_reasons(example, policy))
    return Answered(example, answer, because)


def _reasons(example: WorkedExample, policy: Policy) -> Iterator[str]:
    for setting in policy_settings():
        if getattr(policy, setting.name) == setting.default:
            continue
        usual: dict[str, Any] = {setting.name: setting.default}
        if example.answer(replace(policy, **usual)) == example.expected:
            yield setting.label
