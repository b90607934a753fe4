"""How dates, counts, persons, stages and differences are shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

AVATAR_HUES = 8
CODE = re.compile(r"\b[A-Z]{2}-\d{4}(?:-\d{2})?\b")
STATE_WORDS = {"done": "done", "now": "your turn", "other": "under way"}


@register.filter
def avatar_class(person: Any) -> str:
    return f"dot--{(person.pk or 0) % AVATAR_HUES + 1}"


@register.filter
def keep_codes(text: str) -> SafeString:
    """GS-0081-12 in one piece, however narrow the column."""
    return mark_safe(CODE.sub(r'<span class="nowrap">\g<0></span>', escape(text)))  # noqa: S308


@register.filter
def thousands(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


@register.filter
def plural(count: int, nouns: str) -> str:
    """plural(1, "person,people") is "1 person"; "day" alone gets an s."""
    one, _, many = nouns.partition(",")
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@register.filter
def day(value: date | None) -> str:
    """15 April 2027"""
    return f"{_local(value):%-d %B %Y}" if value else ""


@register.filter
def day_month(value: date | None) -> str:
    """15 April: where the year is plain from the page."""
    return f"{_local(value):%-d %B}" if value else ""


@register.filter
def clock_time(value: datetime | None) -> str:
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """15 April 2027, 10:42"""
    return f"{day(value)}, {clock_time(value)}" if value else ""


@register.filter
def days_left(due: date | None, today: date) -> str:
    if due is None:
        return ""
    days = (due - today).days
    if days == 0:
        return "due today"
    return f"{plural(days, 'day')} left" if days > 0 else f"{plural(-days, 'day')} late"


@register.filter
def due_kind(due: date | None, today: date) -> str:
    """The tag for something that is the reader's own turn."""
    return "late" if due and due < today else "turn"


@register.filter
def since(value: date | None, today: date) -> str:
    if value is None:
        return ""
    moved = _local(value)
    on = moved.date() if isinstance(moved, datetime) else moved
    if on == today:
        return "since today"
    same_year = abs((today - on).days) < 300
    return f"since {day_month(on) if same_year else day(on)}"


@register.filter
def page_numbers(page: Page[Any]) -> list[int]:
    """The numbers to show; 0 stands for a gap."""
    elided = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else 0 for number in elided]


@register.filter
def walk_words(stages: Sequence[Mapping[str, str]]) -> str:
    return ", ".join(
        f"{stage['label']} {STATE_WORDS.get(stage.get('state', ''), 'not started')}"
        for stage in stages
    )


@register.filter
def segments(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where each part of a stacked bar begins and how wide it is, in hundredths of the bar."""
    total = sum(part["count"] for part in parts)
    found, before = [], 0
    for part in parts:
        if part["count"]:
            x, width = 100 * before / total, 100 * part["count"] / total
            found.append({**part, "x": f"{x:.2f}", "width": f"{width:.2f}"})
        before += part["count"]
    return found


@register.filter
def bar_words(parts: Sequence[Mapping[str, Any]]) -> str:
    shown = ", ".join(f"{part['label']} {part['count']:,}" for part in parts if part["count"])
    return shown or "Nobody yet"


@register.filter
def diff_words(old: str, new: str) -> list[dict[str, str]]:
    before, after = (re.findall(r"\s+|[^\s]+", text) for text in (old, new))
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    return [
        {"kind": kind, "text": text}
        for opcode in matcher.get_opcodes()
        for kind, text in _changed(opcode, before, after)
        if text
    ]


def _changed(
    opcode: tuple[str, int, int, int, int], before: list[str], after: list[str]
) -> Iterator[tuple[str, str]]:
    operation, old_start, old_end, new_start, new_end = opcode
    if operation == "equal":
        yield "same", "".join(before[old_start:old_end])
        return
    yield "removed", "".join(before[old_start:old_end])
    yield "added", "".join(after[new_start:new_end])


def _local(value: date) -> date:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value
