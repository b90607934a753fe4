"""Titles, texts and links of reminders, as far as they are the same for everybody; the rest is filled in by SQL."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from appraisals.reminders.points import EMPLOYEE, OFFICIAL, REVIEWER
from appraisals.rules.reminders import OCCASIONS, Occasion, Rule, Who, when_words
from appraisals.rules.words import date_words

_ROLE = {
    Occasion.APPROVAL_WAITING: REVIEWER,
    Occasion.ACKNOWLEDGMENT_WAITING: EMPLOYEE,
    Occasion.INPUT_DUE: EMPLOYEE,
}
_LISTS = {OFFICIAL: "team", REVIEWER: "review_queue", EMPLOYEE: "home"}
KEY = "{occasion}:{{cycle}}:{due_on}:{mark}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice with its gaps: `one` and `many` go where a title says {what}."""

    kind: str
    key: str
    title: str
    text: str
    one: str
    many: str
    link: str


def kind_of(rule: Rule) -> str:
    if rule.who in (Who.SECOND_LEVEL, Who.UNIT_HEAD):
        return "late_below"
    return "late" if rule.offset > 0 else "reminder"


def letter_of(occasion: Occasion, rule: Rule, due_on: dt.date, today: dt.date) -> Letter:
    one, many = _nouns(occasion, rule.who)
    return Letter(
        kind=kind_of(rule),
        key=KEY.format(occasion=occasion.value, due_on=due_on, mark=rule.mark),
        title=_dated(rule.title, due_on, today),
        text=_dated(rule.text, due_on, today),
        one=one,
        many=many,
        link=link_of(occasion, rule.who),
    )


def _nouns(occasion: Occasion, who: Who) -> tuple[str, str]:
    facts = OCCASIONS[occasion]
    if who == Who.EMPLOYEE or (who == Who.HOLDER and facts.is_employees):
        return facts.own, facts.own_many
    return facts.one, facts.many


def link_of(occasion: Occasion, who: Who) -> str:
    """The list behind more than one; behind one is its record."""
    if who == Who.EMPLOYEE:
        return reverse("home")
    role = OFFICIAL if who == Who.RATING_OFFICIAL else _ROLE.get(occasion, OFFICIAL)
    return reverse(_LISTS[role])


def below_link() -> str:
    return reverse("supervisors")


def record_link() -> str:
    """With {record} where the key goes."""
    return reverse("appraisal_detail", args=[0]).replace("/0/", "/{record}/")


def unit_link() -> str:
    """What is late in a unit, with {place} for its code and {cycle} for the key of the cycle."""
    return reverse("unit_records", args=["place"]).replace("place", "{place}") + (
        "?cycle={cycle}&late=any"
    )


def prompt_letter(occasion: Occasion, *, day: dt.date, late_only: bool) -> Letter:
    """What HR sends; `text` has {due} left open, since each person's first day differs."""
    one, many = _nouns(occasion, Who.HOLDER)
    return Letter(
        kind="prompt",
        key=f"prompt:{day}",
        title="Late: {what}" if late_only else "Human resources reminds you: {what}",
        text="The first was due on {due}. Please see to it now."
        if late_only
        else "The first is due on {due}. Please see to it.",
        one=one,
        many=many,
        link=link_of(occasion, Who.HOLDER),
    )


def _dated(text: str, due_on: dt.date, today: dt.date) -> str:
    return text.replace("{due}", date_words(due_on)).replace("{when}", when_words(due_on, today))
