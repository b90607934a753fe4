"""Rows of the post for tests, and the database's own time moved for letters."""

import datetime as dt
from contextlib import AbstractContextManager
from typing import Any

from django.db import connection
from django.db.models import F

from appraisals.models import Letter, Notice, PostPreference, Rhythm
from appraisals.notifications import delivery, gathering, tell
from orgchart import clock
from orgchart.models import Person

WORDS: dict[str, Any] = {
    "what": "Performance plan",
    "employee": "Maria Employee",
    "by": "Dana Official",
}


def told(person: Person, key: str = "one", kind: str = "to_review") -> Notice:
    tell(person, kind, key=key, link=f"/documents/{key}/", **WORDS)
    return Notice.objects.get(recipient=person, key=key)


def prefers(person: Person, rhythm: Rhythm) -> None:
    PostPreference.objects.update_or_create(person=person, defaults={"rhythm": rhythm})


def tomorrow_morning() -> AbstractContextManager[None]:
    """After the next daily digest."""
    return clock.frozen(clock.today() + dt.timedelta(days=1), at=dt.time(8))


def post_all() -> int:
    """Gather and deliver what is due by tomorrow morning."""
    with tomorrow_morning():
        gathering.gather()
        return delivery.deliver()


def time_passes(seconds: float) -> None:
    """For the machinery, whose times are the database's."""
    ago = dt.timedelta(seconds=seconds)
    Letter.objects.update(next_try_at=F("next_try_at") - ago, claimed_at=F("claimed_at") - ago)


def seconds_to_next_try(letter: Letter) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM next_try_at - now()) FROM appraisals_letter WHERE id = %s",
            [letter.pk],
        )
        return float(cursor.fetchone()[0])
