"""What stands between a person and another beside the documents, in one query: what the talk all year long
waits for (a request to answer, feedback to give, a check-in to hold), and who drafts for whom."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast
from django.urls import reverse

from appraisals.models import (
    CheckIn,
    Delegation,
    Document,
    FeedbackRequest,
    SupportKind,
    SupportRequest,
)
from appraisals.models.scope import party_itself
from appraisals.selectors import goal_news
from appraisals.services.coaching import open_nudges
from appraisals.views.needs import Need, need
from appraisals.views.rows import Action
from orgchart import clock
from orgchart.models import Organization, Person
from orgchart.templatetags.ui import day_month

AHEAD = dt.timedelta(days=3)


class Waiting(NamedTuple):
    """`about`: what kind of support, which element; `due`: until when, or the day that is planned.

    Of a delegation `about` is its first day and `due` its last.
    """

    what: str
    pk: int
    person: int
    first_name: str
    last_name: str
    dod_id: str
    about: str
    due: dt.date | None


@dataclass(frozen=True, slots=True)
class Drafting:
    """A delegation, from one of its sides (R8.4): `words` say who drafts for whom."""

    url: str
    words: str
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What most people have none of is only said to be there, and asked for by itself then: work that is not
    good enough, reminders of the second level, goals published above."""

    needs: list[Need]
    drafting: list[Drafting]
    is_assisted: bool
    is_reminded: bool
    has_news: bool


def beside_documents(user: Person, place: Organization | None) -> Beside:
    """One query, whatever there is."""
    requests = SupportRequest.objects.visible_to(user).unanswered().exclude(employee=user)
    check_ins = CheckIn.objects.visible_to(user).planned()
    soon = check_ins.filter(planned_on__lte=clock.today() + AHEAD)
    delegations = Delegation.objects.not_over(clock.today())
    confidential = Document.objects.confidential().filter(party_itself(user, "appraisal__"))
    rows = _rows(requests, "support", "employee", "kind", "due_on").union(
        _rows(
            FeedbackRequest.objects.to_give(user), "feedback", "about", "element_title", "ends_on"
        ),
        _rows(soon, "check_in", "employee", Value(""), "planned_on"),
        _rows(delegations.filter(principal=user), "by", "delegate", "starts_on", "ends_on"),
        _rows(delegations.filter(delegate=user), "for", "principal", "starts_on", "ends_on"),
        _rows(confidential, "assistance", "appraisal__employee", "kind", "approved_on"),
        _rows(open_nudges(user), "nudge", "sender", "purpose", "cycle__ends_on"),
        _rows(goal_news(user, place), "news", "by", Value(""), "cycle__ends_on"),
        all=True,
    )
    found = [Waiting(*row) for row in rows]
    kinds = {each.what for each in found}
    return Beside(
        needs=[_need(each, user) for each in found if each.what in _WORDS],
        drafting=[_drafting(each) for each in found if each.what in _DRAFTS],
        is_assisted="assistance" in kinds,
        is_reminded="nudge" in kinds,
        has_news="news" in kinds,
    )


def _rows(held: QuerySet[Any], what: str, person: str, about: Any, due: str) -> QuerySet[Any, Any]:
    of_person = [f"{person}__{name}" for name in ("first_name", "last_name", "dod_id")]
    columns: list[Any] = [Value(what), "pk", person, *of_person, Cast(about, CharField()), due]
    return held.order_by().values_list(*columns)


_DRAFTS = {"by": "{name} drafts for you", "for": "You draft for {name}"}


def _drafting(waiting: Waiting) -> Drafting:
    name = f"{waiting.first_name} {waiting.last_name}"
    return Drafting(
        url=reverse("delegation_detail", args=[waiting.pk]),
        words=_DRAFTS[waiting.what].format(name=name),
        starts_on=dt.date.fromisoformat(waiting.about),
        ends_on=waiting.due,
    )


def _need(waiting: Waiting, user: Person) -> Need:
    person = Person(pk=waiting.person, first_name=waiting.first_name, last_name=waiting.last_name)
    title, detail, action = _WORDS[waiting.what](waiting, person, waiting.person == user.pk)
    return need(person=person, title=title, detail=detail, due=waiting.due, action=action)


def _support(waiting: Waiting, person: Person, own: bool) -> tuple[str, str, Action]:
    kind = str(SupportKind(waiting.about).label).lower()
    url = reverse("support_detail", args=[waiting.pk])
    return (
        f"Answer the request of {person.full_name}",
        f"For {kind}",
        Action(label="Answer", url=url, about=person.full_name),
    )


def _feedback(waiting: Waiting, person: Person, own: bool) -> tuple[str, str, Action]:
    url = reverse("feedback_give", args=[waiting.pk])
    return (
        f"Give feedback on the work of {person.full_name}",
        waiting.about,
        Action(label="Give feedback", url=url, about=person.full_name),
    )


def _check_in(waiting: Waiting, person: Person, own: bool) -> tuple[str, str, Action]:
    url = reverse("check_in_series", args=[waiting.dod_id])
    return (
        "Check-in with your rating official" if own else f"Check-in with {person.full_name}",
        f"Planned for {day_month(waiting.due)}. Look at the agenda, then record it when it was held.",
        Action(label="Open", url=url, about="your check-in" if own else person.full_name),
    )


_WORDS = {"support": _support, "feedback": _feedback, "check_in": _check_in}
