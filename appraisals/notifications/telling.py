"""Telling somebody something, in the transaction of what happened."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from celery import current_app
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from appraisals.models import Notice, PostPreference, Rhythm
from appraisals.notifications.times import is_mandatory, post_at_sql, time_for
from appraisals.notifications.words import words_of
from appraisals.rules import Policy
from orgchart import clock
from orgchart.models import Person
from orgchart.waking import wake

DELIVERY = "appraisals.tasks.post.deliver_post"
BATCH = 1000

# One statement, however many people: the words are the same for all.
TELL_ALL = """
INSERT INTO appraisals_notice
    (recipient_id, kind, key, title, text, mail_title, mail_text, link, created_at, post_at)
SELECT listed.id, %s, %s, %s, %s, %s, %s, %s, %s, {value}
FROM ({people}) listed (id)
LEFT JOIN LATERAL (
    SELECT o.path FROM orgchart_assignment a JOIN orgchart_organization o ON o.id = a.organization_id
    WHERE a.employee_id = listed.id AND a.starts_on <= %s AND (a.ends_on IS NULL OR a.ends_on >= %s)
    LIMIT 1
) place ON true
{join}
ON CONFLICT (recipient_id, key) DO NOTHING
"""


@dataclass(frozen=True, kw_only=True)
class Telling:
    """`words` go to the kind's template. `policy`: of the record it is about; None: of the person's unit."""

    recipient: Person
    kind: str
    key: str
    link: str
    policy: Policy | None = None
    words: dict[str, object] = field(default_factory=dict)


def tell(
    recipient: Person,
    kind: str,
    *,
    key: str,
    link: str,
    policy: Policy | None = None,
    **words: object,
) -> None:
    """Once for each person and key, however often it is called."""
    tell_each(
        [Telling(recipient=recipient, kind=kind, key=key, link=link, policy=policy, words=words)]
    )


def tell_each(tellings: Sequence[Telling]) -> None:
    """Different things to different people, in two statements."""
    now = clock.now()
    notices = notices_of(tellings, now=now)
    Notice.objects.bulk_create(notices, batch_size=BATCH, ignore_conflicts=True)
    if any(notice.post_at is not None and notice.post_at <= now for notice in notices):
        wake(current_app.tasks[DELIVERY])


def rhythms_of(people: Collection[int] | QuerySet[Person]) -> dict[int, str]:
    """What those chose who chose something."""
    chosen = PostPreference.objects.filter(person__in=people)
    return dict(chosen.values_list("person_id", "rhythm"))


def notices_of(
    tellings: Sequence[Telling], *, now: dt.datetime, rhythms: Mapping[int, str] | None = None
) -> list[Notice]:
    """Not saved yet. Also for histories that are written in bulk, which have read the `rhythms` before."""
    chosen = rhythms_of({each.recipient.pk for each in tellings}) if rhythms is None else rhythms
    notices = []
    for each in tellings:
        rhythm = Rhythm(chosen.get(each.recipient.pk, Rhythm.DAILY))
        mandatory = is_mandatory(each.kind, each.recipient, rhythm, each.policy)
        notices.append(
            Notice(
                recipient=each.recipient,
                kind=each.kind,
                key=each.key,
                **words_of(each.kind, **each.words)._asdict(),
                link=each.link,
                created_at=now,
                post_at=time_for(each.kind, rhythm, mandatory=mandatory, now=now),
            )
        )
    return notices


def tell_all(people: QuerySet[Person], kind: str, *, key: str, link: str, **words: object) -> int:
    """The same to everybody in a queryset; how many were told. Those who want it at once wait for a sweep."""
    now, today = clock.now(), clock.today()
    said = words_of(kind, **words)
    when = post_at_sql(kind, person="listed.id", path="place.path", now=now)
    try:
        listed, params = people.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    statement = TELL_ALL.format(people=listed, value=when.value, join=when.join)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [kind, key, *said, link, now, *when.params, *params, today, today],
        )
        return int(cursor.rowcount)


def withdraw(recipient: Person, *, link: str) -> None:
    """What is over needs no reading and no mail: the work behind `link` was done or taken back."""
    Notice.objects.filter(recipient=recipient, link=link).note_read(clock.now())
