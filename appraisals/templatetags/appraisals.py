"""Words for levels and methods; what of the year stands in a text already."""

from django import template

from appraisals.models import Method
from appraisals.rules import LEVEL_NAMES
from appraisals.talk import Line

register = template.Library()


@register.filter
def level_name(level: int | None) -> str:
    """ "5 Outstanding"; "Not rated" has no number."""
    if level is None:
        return "Still to be rated"
    name = LEVEL_NAMES[level]
    return f"{level} {name}" if level else name


@register.filter
def method_name(method: str, other: str = "") -> str:
    """ "face to face"; what was written for "other" (R4.2)."""
    return other or str(Method(method).label).lower()


@register.filter
def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


@register.filter
def stands_in(line: Line, text: str) -> bool:
    return line.words in text
