"""What people were told in the last months, as if it had been told step by step, and two letters that failed."""

import datetime as dt

from django.db.models import Max
from django.utils import timezone

from appraisals.models import AppraisalEvent, GoalPublication, Letter, LetterState, Notice
from appraisals.notifications.steps import step_told
from appraisals.notifications.telling import notices_of, rhythms_of
from appraisals.services.goals import tell_of_goals
from appraisals.transitions import TRANSITIONS
from orgchart import clock
from orgchart.models import Person

SINCE = dt.timedelta(days=220)
KNOWN_AFTER = dt.timedelta(days=5)
MORNING, EVENING = dt.time(9, 20), dt.time(18)
AFTER_WORK = dt.timedelta(hours=9)
FAILED_AT = dt.time(7, 2)
FAILED = {
    "linh.nguyen": "The mail server refused it: 550 5.1.1 This mailbox does not exist",
    "aisha.khan": "Given up after 10 tries. The mail server refused it for now: 451 4.7.1 Try again later",
}


def build_post(people: dict[str, Person], *, until: dt.date) -> None:
    """Whoever has gone on since, or waited for days, has read it; what is of today waits for the digest."""
    for publication in GoalPublication.objects.filter(at__gte=_days_before(until)):
        with clock.frozen(timezone.localdate(publication.at), at=MORNING):
            tell_of_goals(publication)
    with clock.frozen(until, at=EVENING):
        now = clock.now()
        _note_what_was_told_before()
        Notice.objects.bulk_create(_steps(now), batch_size=1000, ignore_conflicts=True)
    _fail(people, until=until)


def _days_before(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day - SINCE, dt.time()))


def _note_what_was_told_before() -> None:
    """Reorganizations, reminders and goals of the demonstration told of themselves when they were built."""
    Notice.objects.filter(created_at__lt=clock.now() - KNOWN_AFTER).note_read(clock.now())


def _steps(now: dt.datetime) -> list[Notice]:
    events = AppraisalEvent.objects.filter(
        name__in=[name for name, row in TRANSITIONS.items() if row.tells], at__gte=now - SINCE
    ).select_related(
        "by",
        "on_behalf_of",
        "document__policy",
        "document__appraisal__employee",
        "document__appraisal__rating_official",
        "document__appraisal__higher_level_reviewer",
    )
    newest = dict(
        AppraisalEvent.objects.filter(at__gte=now - SINCE)
        .values_list("document")
        .annotate(newest=Max("pk"))
    )
    rhythms = rhythms_of(Person.objects.all())
    notices = []
    for event in events.order_by("pk"):
        document = event.document
        if document is None:
            continue
        tells = TRANSITIONS[event.name].tells
        told = step_told(document, event, tells, for_whom=event.on_behalf_of)
        for notice in notices_of(told, now=event.at, rhythms=rhythms):
            is_over = newest[document.pk] != event.pk
            if is_over or event.at < now - KNOWN_AFTER:
                notice.read_at, notice.post_at = event.at + AFTER_WORK, None
            elif notice.post_at is not None and notice.post_at < now:
                notice.post_at = None
            notices.append(notice)
    return notices


def _fail(people: dict[str, Person], *, until: dt.date) -> None:
    at = timezone.make_aware(dt.datetime.combine(until, FAILED_AT))
    for name, error in FAILED.items():
        newest = Notice.objects.filter(recipient=people[name], letter=None).order_by("-created_at")
        notice = newest.first()
        if notice is None:
            continue
        notice.letter = Letter.objects.create(
            recipient=people[name],
            address=people[name].email,
            message_id=f"<{people[name].dod_id}@dpmap.example.mil>",
            state=LetterState.DEAD,
            attempts=1,
            made_at=at,
            ended_at=at,
            last_error=error,
        )
        notice.post_at = at
        notice.save(update_fields=["letter", "post_at"])
