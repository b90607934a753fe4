"""When a supervisor's training is due (R17.3)."""

import calendar
from datetime import date

from appraisals.rules.policy import Policy


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def training_due_on(first_led_on: date, last_completed_on: date | None, policy: Policy) -> date:
    """R17.3: within a year of the first appointment as a supervisor, then every three years.

    What was completed before the appointment counts for its three years, and takes nothing of the first year.
    """
    first = months_later(first_led_on, policy.training_first_months)
    if last_completed_on is None:
        return first
    again = months_later(last_completed_on, policy.training_every_months)
    return again if last_completed_on >= first_led_on else max(first, again)
