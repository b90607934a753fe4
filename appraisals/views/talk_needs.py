"""What stands between a person and another beside the documents, in one query: what the talk all year long
waits for (a request to answer, feedback to give, a check-in to hold), and who drafts for whom."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import JSONField, QuerySet, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse

from appraisals.models import (
    AppraisalCycle,
    CheckIn,
    Delegation,
    Document,
    FeedbackRequest,
    GoalPublication,
    Nudge,
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

    Of a delegation `about` is its first day and `due` its last. `more`: what else is shown of it.
    """

    what: str
    pk: int
    person: int
    first_name: str
    last_name: str
    dod_id: str
    about: str
    due: dt.date | None
    more: dict[str, Any]

    @property
    def who(self) -> Person:
        return Person(pk=self.person, first_name=self.first_name, last_name=self.last_name)


@dataclass(frozen=True, slots=True)
class Drafting:
    """A delegation, from one of its sides (R8.4): `words` say who drafts for whom."""

    url: str
    words: str
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Work that is not good enough is only said to be there, and asked for by itself then. Reminders of the
    second level and goals published above come the newest first, with what a page shows of them and no more."""

    needs: list[Need]
    drafting: list[Drafting]
    is_assisted: bool
    nudges: list[Nudge]
    news: list[GoalPublication]


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
        _rows(open_nudges(user), "nudge", "sender", "purpose", "cycle__ends_on", **_OF_NUDGE),
        _rows(goal_news(user, place), "news", "by", Value(""), "cycle__ends_on", **_OF_NEWS),
        all=True,
    )
    found = [Waiting(*row) for row in rows]
    kinds = {each.what for each in found}
    newest = sorted(found, key=lambda each: -each.pk)
    return Beside(
        needs=[_need(each, user) for each in found if each.what in _WORDS],
        drafting=[_drafting(each) for each in found if each.what in _DRAFTS],
        is_assisted="assistance" in kinds,
        nudges=[_nudge(each) for each in newest if each.what == "nudge"],
        news=[_news(each) for each in newest if each.what == "news"],
    )


_OF_NUDGE = {
    "employees": "employee_ids",
    "late": "late",
    "words": "words",
    "at": "sent_at",
    "cycle": "cycle__name",
}
_OF_NEWS = {
    "at": "at",
    "code": "organization__code",
    "place": "organization__name",
    "cycle_id": "cycle",
    "cycle": "cycle__name",
}


def _nudge(waiting: Waiting) -> Nudge:
    more = waiting.more
    return Nudge(
        pk=waiting.pk,
        sender=waiting.who,
        purpose=waiting.about,
        employee_ids=more["employees"],
        late=more["late"],
        words=more["words"],
        sent_at=dt.datetime.fromisoformat(more["at"]),
        cycle=AppraisalCycle(name=more["cycle"]) if more["cycle"] else None,
    )


def _news(waiting: Waiting) -> GoalPublication:
    more = waiting.more
    return GoalPublication(
        pk=waiting.pk,
        by=waiting.who,
        at=dt.datetime.fromisoformat(more["at"]),
        organization=Organization(code=more["code"], name=more["place"]),
        cycle=AppraisalCycle(pk=more["cycle_id"], name=more["cycle"]),
    )


def _rows(
    held: QuerySet[Any], what: str, person: str, about: Any, due: str, **more: str
) -> QuerySet[Any, Any]:
    of_person = [f"{person}__{name}" for name in ("first_name", "last_name", "dod_id")]
    columns: list[Any] = [Value(what), "pk", person, *of_person, Cast(about, CharField()), due]
    rest = JSONObject(**more) if more else Cast(Value(None), JSONField())
    return held.order_by().values_list(*columns, rest)


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
    person = waiting.who
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
