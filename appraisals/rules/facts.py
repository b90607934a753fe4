"""What the rules are asked about, and what they answer when something is wrong."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Problem:
    """What is wrong, where, and what to do, in plain words.

    `element` is the element's number, None when the whole document is at fault; `field` is the name of
    the field to put right: title, description, standards, goal, is_supervisory, level, narrative, text,
    core_values, overall, starts_on, ends_on; "" when no single field is.
    """

    rule: str
    message: str
    element: int | None = None
    field: str = ""


@dataclass(frozen=True)
class ElementFacts:
    number: int
    title: str
    description: str = ""
    standards: str = ""
    goal_id: int | None = None
    is_supervisory: bool = False
    mandatory_code: str | None = None


@dataclass(frozen=True)
class MandatoryFacts:
    """A mandatory element (R3.8): an effective-dated row, not code."""

    code: str
    title: str
    rule: str = "R3.8"
    supervisors_only: bool = False
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class AssessmentFacts:
    """A progress review's text on one element; `level` is there to be refused (R5.2)."""

    number: int
    title: str
    text: str = ""
    level: int | None = None


@dataclass(frozen=True)
class RatingFacts:
    """An element's rating: None is still to be rated, 0 is not rated for want of a chance to perform."""

    number: int
    title: str
    level: int | None
    narrative: str = ""
