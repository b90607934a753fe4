"""Who drafts for a rating official, and for how long (R8.4)."""

from datetime import date

from appraisals.rules.facts import Problem
from appraisals.rules.policy import Policy
from appraisals.rules.words import counted, date_words


def delegation_problems(
    starts_on: date, ends_on: date, *, today: date, policy: Policy
) -> list[Problem]:
    """R8.4: it begins today or later, ends after it begins, and lasts as long as policy lets it."""
    found = []
    if starts_on < today:
        found.append(
            Problem(
                "R8.4",
                f"{date_words(starts_on)} is over. Begin today or later: nobody drafts for a day that was.",
                field="starts_on",
            )
        )
    if ends_on < starts_on:
        found.append(
            Problem(
                "R8.4", "The last day comes before the first. Choose a later one.", field="ends_on"
            )
        )
    days = (ends_on - starts_on).days + 1
    if days > policy.delegation_longest_days:
        longest = counted(policy.delegation_longest_days, "day")
        found.append(
            Problem(
                "R8.4",
                f"That is {counted(days, 'day')}, and {longest} is the most. Choose an earlier last day; "
                "you can name the same person again when it is over.",
                field="ends_on",
            )
        )
    return found
