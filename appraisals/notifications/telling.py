"""Telling somebody something, in the transaction of what happened."""

from celery import current_app

from appraisals.models import Notice
from appraisals.notifications.times import post_at
from appraisals.notifications.words import words_of
from appraisals.rules import Policy
from orgchart import clock
from orgchart.models import Person
from orgchart.waking import wake

DELIVERY = "appraisals.tasks.post.deliver_post"


def tell(
    recipient: Person,
    kind: str,
    *,
    key: str,
    link: str,
    policy: Policy | None = None,
    **words: object,
) -> None:
    """Once for each person and key, however often it is called. `words` go to the kind's template."""
    now = clock.now()
    title, text = words_of(kind, **words)
    at = post_at(recipient, kind, policy=policy, now=now)
    notice = Notice(
        recipient=recipient,
        kind=kind,
        key=key,
        title=title,
        text=text,
        link=link,
        created_at=now,
        post_at=at,
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    if at is not None and at <= now:
        wake(current_app.tasks[DELIVERY])


def withdraw(recipient: Person, *, link: str) -> None:
    """What is over needs no reading and no mail: the work behind `link` was done or taken back."""
    Notice.objects.filter(recipient=recipient, link=link).note_read(clock.now())
