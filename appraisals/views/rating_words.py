"""What the timeline says of ratings that are questioned, of more time and of years without a rating."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from appraisals.models import AmendmentReason
from appraisals.rules.words import date_words

RATING_WORDS = {
    "ask_extension": "More time asked for",
    "extend": "Appraisal period extended",
    "decline_extension": "More time declined",
    "end_extension": "Extension taken back",
    "close_year": "Year closed without a rating",
    "reopen_year": "Year opened again",
    "enter_situation": "Special situation entered",
    "change_situation": "Special situation changed",
    "remove_situation": "Special situation taken out: it was entered wrongly",
    "change_cycle": "Moved to another cycle",
    "ask_reconsideration": "The employee asks that the rating be looked at again",
    "note_disagreement": "The employee put a disagreement on record",
    "withdraw_disagreement": "The employee withdrew the request about the rating",
    "answer_reconsideration": "The request about the rating was answered",
}


def period_words(details: dict[str, Any]) -> Iterator[str]:
    """Of more time, a special situation, a year without a rating, a changed rating."""
    if details.get("why"):
        yield str(details["why"])
    first, last = (
        date_words(dt.date.fromisoformat(details[name])) if details.get(name) else ""
        for name in ("from", "until")
    )
    if first:
        yield f"From {first}" + (f" to {last}" if last else " on")
    elif last:
        yield f"Until {last}"
    if details.get("authority"):
        yield f"Authority: {details['authority']}"
    if details.get("amended_for") in AmendmentReason.values:
        yield str(AmendmentReason(details["amended_for"]).label)
