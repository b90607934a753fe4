"""What the texts of the demonstration are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Theme(StrEnum):
    """What a goal is about. An element serves the nearest goal above its writer with its theme."""

    PROTECT = "protect"
    FAMILIES = "families"
    INFRASTRUCTURE = "infrastructure"
    DOLLARS = "dollars"
    PEOPLE = "people"


Choices = Mapping[str, Sequence[int] | Sequence[str]]


@dataclass(frozen=True)
class ElementText:
    """An element and what people write about it. `{names}` are filled from the occupation's choices."""

    title: str
    theme: Theme
    description: str
    standards: str
    employee_input: str
    progress: str
    outstanding: str
    fully_successful: str
    unacceptable: str = ""
    is_supervisory: bool = False
    mandatory: str = ""


@dataclass(frozen=True)
class Occupation:
    """A kind of work. `series` is the occupational series its people hold; "" fits nobody by itself."""

    key: str
    series: str
    elements: tuple[ElementText, ...]
    discussion: tuple[str, ...]
    development: tuple[str, ...]
    resources: tuple[str, ...]
    choices: Choices = field(default_factory=dict)


@dataclass(frozen=True)
class Voice:
    """One person's figures and choices for one cycle, so that no two people read alike."""

    values: Mapping[str, object]
    random: Random

    def say(self, text: str) -> str:
        return text.format_map(self.values)

    def one_of(self, texts: Sequence[str]) -> str:
        return self.say(self.random.choice(texts))


def voice_of(
    occupation: Occupation, *, seed: str, first: str, last: str, unit: str, people: int = 0
) -> Voice:
    random = Random(seed)  # noqa: S311 - the same texts every time, not a secret
    values: dict[str, object] = {
        name: random.choice(options) for name, options in sorted(occupation.choices.items())
    }
    values |= {"first": first, "last": last, "unit": unit, "people": people}
    return Voice(values, random)
