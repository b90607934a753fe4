"""How problems name an element and measure a text."""

from collections.abc import Iterator

from appraisals.rules.facts import Problem
from appraisals.rules.text import text_length

_TITLE_SHOWN = 60


def element_name(number: int, title: str) -> str:
    """ "Element 2 (Emergency response readiness)", a long title cut."""
    name = " ".join(title.split())
    if len(name) > _TITLE_SHOWN:
        name = name[:_TITLE_SHOWN].rstrip() + "…"
    return f"Element {number} ({name})" if name else f"Element {number}"


def text_limit_problems(
    text: str, limit: int, *, where: str, element: int | None = None, field: str = "text"
) -> Iterator[Problem]:
    """R6.5: `where` opens the sentence and says which text is meant."""
    length = text_length(text)
    if length > limit:
        yield Problem(
            "R6.5",
            f"{where} has {length:,} characters; {limit:,} are allowed. "
            f"Shorten it by {length - limit:,}.",
            element,
            field,
        )
