"""The one source of today's date.

Practice mode keeps its date in one row, so that every process agrees. A request, a task or a
command loads it once; whoever has not asks the row each time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone

from orgchart.models import PracticeClock

_day: ContextVar[date | None] = ContextVar("orgchart.clock", default=None)
_hour: ContextVar[time | None] = ContextVar("orgchart.clock.hour", default=None)


def today() -> date:
    return _day.get() or _kept_day() or timezone.localdate()


def now() -> datetime:
    """The time of day is the real one; in practice mode its local date is `today()`."""
    local = timezone.localtime()
    day, hour = today(), _hour.get()
    if hour is not None:
        return datetime.combine(day, hour, tzinfo=local.tzinfo)
    return local.replace(year=day.year, month=day.month, day=day.day)


def load() -> None:
    """Read the practice date once for this request, task or command; `clear()` when it ends."""
    _day.set(_kept_day() or timezone.localdate())


def clear() -> None:
    _day.set(None)


def set_today(day: date) -> None:
    """For this context only; `move` changes it for everybody."""
    _day.set(day)


def move(day: date) -> None:
    PracticeClock.objects.update_or_create(pk=PracticeClock.ONLY, defaults={"today": day})
    if _day.get() is not None:
        _day.set(day)


@contextmanager
def frozen(day: date, *, at: time | None = None) -> Iterator[None]:
    """With `at` the time of day stands still as well: what is told twice is told alike."""
    day_before, hour_before = _day.set(day), _hour.set(at)
    try:
        yield
    finally:
        _hour.reset(hour_before)
        _day.reset(day_before)


def _kept_day() -> date | None:
    if not settings.PRACTICE_MODE:
        return None
    return PracticeClock.objects.values_list("today", flat=True).first()
