"""Feedback asked of a colleague, or of a customer who is not here and gets a link that works once."""

import datetime as dt
import uuid
from collections.abc import Callable

from celery import current_app
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse

from appraisals.invitations import new_link_name
from appraisals.models import Element, FeedbackRequest, FeedbackState, Letter, LetterState
from appraisals.notifications import policy_over, tell, withdraw
from appraisals.notifications.gathering import sender_domain
from appraisals.notifications.telling import DELIVERY
from appraisals.rules import normalize_text
from appraisals.talk_permissions import may_ask_feedback
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.templatetags.ui import day
from orgchart.waking import wake

WITHDRAWN = "The request was taken back before it was sent."
# The time of the database: how long a mail server is left alone has nothing to do with the practice date.
DUE_NOW = "UPDATE appraisals_letter SET next_try_at = now() WHERE id = %s"


def give_address(asked: FeedbackRequest) -> str:
    return reverse("feedback_give", args=[asked.pk])


def _new(element: Element, about: Person, by: Person, days: int) -> FeedbackRequest:
    return FeedbackRequest(
        about=about,
        asked_by=by,
        element=element,
        element_title=element.title,
        asked_on=clock.today(),
        ends_on=clock.today() + dt.timedelta(days=days),
    )


@transaction.atomic
def ask_colleague(
    about: Person, *, by: Person, element: Element, colleague: Person
) -> FeedbackRequest:
    if not may_ask_feedback(by, about):
        raise PermissionDenied
    if colleague.pk in (about.pk, by.pk):
        raise Refused("Ask somebody else: nobody gives feedback to themselves.")
    _lock(by)
    open_now = FeedbackRequest.objects.answerable().filter(about=about, element=element)
    if open_now.filter(giver=colleague, asked_by=by).exists():
        raise Refused(f"{colleague.full_name} is asked about this element already.")
    asked = _new(element, about, by, policy_over(about).feedback_days)
    asked.giver = colleague
    asked.save()
    tell(
        colleague,
        "feedback_asked",
        key=f"feedback:{asked.pk}",
        link=give_address(asked),
        by=by.full_name,
        about=about.full_name,
        until=day(asked.ends_on),
    )
    return asked


@transaction.atomic
def ask_outside(
    about: Person, *, by: Person, element: Element, name: str, email: str
) -> FeedbackRequest:
    """The link goes by mail to the address alone: who asks never sees it, so nobody answers in their place."""
    if not may_ask_feedback(by, about):
        raise PermissionDenied
    policy = policy_over(about)
    _lock(by)
    open_now = FeedbackRequest.objects.answerable().filter(asked_by=by).exclude(giver_email="")
    if open_now.filter(about=about, element=element, giver_email=email).exists():
        raise Refused(f"{email} is asked about this element already.")
    if open_now.count() >= policy.feedback_outside_at_once:
        raise Refused(_too_many(policy.feedback_outside_at_once))
    asked = _new(element, about, by, policy.feedback_days)
    asked.giver_name, asked.giver_email = name, email
    asked.link_name = new_link_name()
    asked.save()
    letter = Letter.objects.create(
        invitation=asked,
        address=email,
        message_id=f"<{uuid.uuid4()}@{sender_domain()}>",
        made_at=clock.now(),
        next_try_at=clock.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(DUE_NOW, [letter.pk])
    wake(current_app.tasks[DELIVERY])
    return asked


def _lock(by: Person) -> None:
    """Two requests of one asker at once must not pass the limit together."""
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)


def _too_many(most: int) -> str:
    if not most:
        return "Your organization asks no feedback of people outside. Ask a colleague."
    return (
        f"{most} people outside are asked by you already. Wait for an answer, or take a request back. "
        "Nothing was sent."
    )


@transaction.atomic
def give_feedback(asked: FeedbackRequest, *, by: Person | None, text: str) -> FeedbackRequest:
    """`by` None: through the link, whose holder is known by nothing else."""

    def answered(held: FeedbackRequest) -> None:
        held.state, held.text = FeedbackState.ANSWERED, normalize_text(text)

    held = _end(asked, by, answered)
    # What an employee asked is theirs; what was asked above them, both read.
    for reader in {held.about, held.asked_by}:
        tell(
            reader,
            "feedback_given",
            key=f"feedback:{held.pk}:given",
            link=reverse("feedback_list"),
            giver=held.asked_of,
            about=held.about.full_name,
        )
    return held


def decline_feedback(asked: FeedbackRequest, *, by: Person | None) -> FeedbackRequest:
    def declined(held: FeedbackRequest) -> None:
        held.state = FeedbackState.DECLINED

    return _end(asked, by, declined)


@transaction.atomic
def _end(
    asked: FeedbackRequest, by: Person | None, change: Callable[[FeedbackRequest], None]
) -> FeedbackRequest:
    held = _locked(asked)
    if (by.pk if by else None) != held.giver_id:
        raise PermissionDenied
    if held.state != FeedbackState.OPEN or held.ends_on < clock.today():
        raise Refused("This request is over. Nothing was sent.")
    change(held)
    held.ended_at = clock.now()
    held.save()
    if by is not None:
        withdraw(by, link=give_address(held))
    return held


@transaction.atomic
def withdraw_feedback(asked: FeedbackRequest, *, by: Person) -> FeedbackRequest:
    """By whoever asked. The link stops working; a letter that has not gone out stays here."""
    held = _locked(asked)
    if held.asked_by_id != by.pk:
        raise PermissionDenied
    if held.state != FeedbackState.OPEN:
        return held
    held.state, held.ended_at = FeedbackState.WITHDRAWN, clock.now()
    held.save()
    Letter.objects.filter(invitation=held, state=LetterState.WAITING).update(
        state=LetterState.WITHHELD,
        next_try_at=None,
        ended_at=clock.now(),
        last_error=WITHDRAWN,
    )
    if held.giver is not None:
        withdraw(held.giver, link=give_address(held))
    return held


def _locked(asked: FeedbackRequest) -> FeedbackRequest:
    return (
        FeedbackRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("about", "asked_by", "giver")
        .get(pk=asked.pk)
    )
