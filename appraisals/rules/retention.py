"""How long what was written is kept (R13.1 to R13.3), and what goes along when somebody moves (R9.8)."""

from datetime import date, timedelta

from appraisals.rules.dates import day_of, retain_until, years_later
from appraisals.rules.policy import Policy


def effective_by(today: date, policy: Policy) -> date:
    """R13.1: what took effect on this day or before has been kept long enough today."""
    return day_of(today.year - policy.retention_years, today.month, today.day)


def superseded_kept_until(decided_on: date, policy: Policy) -> date:
    """R13.2: a rating that was replaced by another on that day."""
    return decided_on + timedelta(days=policy.superseded_rating_days)


def unacceptable_kept_until(notice_on: date, policy: Policy) -> date:
    """R13.3: from the notice of an action that was not carried out, performance being acceptable since."""
    return years_later(notice_on, policy.unacceptable_retention_years)


def noticed_by(today: date, policy: Policy) -> date:
    """R13.3: a notice of this day or before has been kept long enough today."""
    years = policy.unacceptable_retention_years
    return day_of(today.year - years, today.month, today.day)


def goes_along(effective_on: date, today: date, policy: Policy) -> bool:
    """R9.8: a rating of record that is not older than these years."""
    return years_later(effective_on, policy.transfer_years) >= today


__all__ = [
    "effective_by",
    "goes_along",
    "noticed_by",
    "retain_until",
    "superseded_kept_until",
    "unacceptable_kept_until",
]
