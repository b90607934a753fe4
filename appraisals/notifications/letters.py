"""A letter as an e-mail: text and HTML of what is to do, with links; nobody's name, nothing that needs a marking.

But one: who is asked for feedback from outside has to know by whom and about whom.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from appraisals.invitations import path_of
from appraisals.models import FeedbackRequest, Letter, Notice
from appraisals.notifications.kinds import KINDS, Group

# Nobody's out-of-office shall answer, RFC 3834.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
ORDER = list(Group)


def message_of(letter: Letter, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    """The same letter always has the same Message-ID, so a second copy can be told from a second letter."""
    if letter.invitation:
        context = invitation_of(letter.invitation)
        plain, html = "post/invitation.txt", "post/invitation.html"
    else:
        context = context_of(notices)
        plain, html = "post/letter.txt", "post/letter.html"
    message = EmailMultiAlternatives(
        subject=context["subject"],
        body=render_to_string(plain, context).strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.address],
        headers={"Message-ID": letter.message_id, **AUTOMATIC},
    )
    message.attach_alternative(render_to_string(html, context), "text/html")
    return message


def invitation_of(asked: FeedbackRequest) -> dict[str, Any]:
    """Names and the link; the element's title is behind the link, and nothing that anybody wrote is here."""
    return {
        "subject": "dpmap: feedback is asked of you",
        "asked": asked,
        "url": settings.SITE_ADDRESS + path_of(asked),
    }


def context_of(notices: Sequence[Notice]) -> dict[str, Any]:
    groups = sorted(notices, key=lambda notice: (ORDER.index(_group(notice)), notice.pk))
    return {
        "subject": subject_of(notices),
        "headline": headline_of(notices),
        "groups": [
            {
                "title": group.value,
                "items_told": [_item(each) for each in items],
            }
            for group, items in groupby(groups, key=_group)
        ],
        "site": settings.SITE_ADDRESS,
        "all_url": settings.SITE_ADDRESS + reverse("notice_list"),
        "preferences_url": settings.SITE_ADDRESS + reverse("post_preferences"),
    }


def subject_of(notices: Sequence[Notice]) -> str:
    """No name and no title: a subject is read on locked screens."""
    return f"dpmap: {headline_of(notices)}"


def headline_of(notices: Sequence[Notice]) -> str:
    """ "1 thing waits for you, 2 things happened"."""
    waiting = sum(_group(notice) == Group.TURN for notice in notices)
    told = len(notices) - waiting
    parts = []
    if waiting:
        parts.append("1 thing waits for you" if waiting == 1 else f"{waiting} things wait for you")
    if told:
        parts.append("1 thing happened" if told == 1 else f"{told} things happened")
    return ", ".join(parts)


def _group(notice: Notice) -> Group:
    kind = KINDS.get(notice.kind)
    return kind.group if kind else Group.NEWS


def _item(notice: Notice) -> dict[str, Any]:
    title, text = notice.mailed
    return {"notice": notice, "title": title, "text": text, "url": _url(notice)}


def _url(notice: Notice) -> str:
    return settings.SITE_ADDRESS + reverse("notice_open", args=[notice.pk])
