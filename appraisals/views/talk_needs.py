"""What of the talk all year long waits for somebody: a request to answer, feedback to give, a check-in to hold."""

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast
from django.urls import reverse

from appraisals.models import CheckIn, FeedbackRequest, SupportKind, SupportRequest
from appraisals.views.needs import Need, need
from appraisals.views.rows import Action
from orgchart import clock
from orgchart.models import Person
from orgchart.templatetags.ui import day_month

AHEAD = dt.timedelta(days=3)


class Waiting(NamedTuple):
    """`about`: what kind of support, which element; `due`: until when, or the day that is planned."""

    what: str
    pk: int
    person: int
    first_name: str
    last_name: str
    dod_id: str
    about: str
    due: dt.date | None


def talk_needs(user: Person) -> list[Need]:
    """One query, whatever waits."""
    requests = SupportRequest.objects.visible_to(user).unanswered().exclude(employee=user)
    check_ins = CheckIn.objects.visible_to(user).planned()
    soon = check_ins.filter(planned_on__lte=clock.today() + AHEAD)
    rows = (
        requests.order_by()
        .values_list(*_columns("support", "employee", "kind", "due_on"))
        .union(
            FeedbackRequest.objects.to_give(user)
            .order_by()
            .values_list(*_columns("feedback", "about", "element_title", "ends_on")),
            soon.order_by().values_list(*_columns("check_in", "employee", Value(""), "planned_on")),
            all=True,
        )
    )
    return [_need(Waiting(*row), user) for row in rows]


def _columns(what: str, person: str, about: Any, due: str) -> list[Any]:
    names = ("first_name", "last_name", "dod_id")
    of_person = [f"{person}__{name}" for name in names]
    return [Value(what), "pk", person, *of_person, Cast(about, CharField()), due]


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
