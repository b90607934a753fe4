"""What reviewers have opened and not decided, what one noted about a supervisor, of what he reminded her."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from appraisals.models import (
    AppraisalEvent,
    CoachingNote,
    Document,
    Kind,
    Nudge,
    NudgeAnswer,
    NudgePurpose,
    Reading,
    RecordView,
    State,
)
from orgchart.models import Person

_NOTES = (
    (
        19,
        "Her feedback talks are good: concrete, and early. She writes the narratives too late and then in one evening. "
        "Ask in May whether an hour a week from February would help.",
    ),
    (
        4,
        "Paul’s narrative: the numbers exist, she had them in her head. Show her the response-time report.",
    ),
)
_TALK = "The new watch schedule before you write next year’s plans. Thursday at ten?"
_WORDS = "You have the figures. Two lines on what came of them are enough; call me if you want to talk it over first."


def build_coaching(people: Mapping[str, Person], *, until: dt.date) -> None:
    """As the pages write it, at fixed hours: filling twice gives the same."""
    _build_readings()
    henry, dana = people["henry.okafor"], people["dana.whitfield"]
    for days_ago, text in _NOTES:
        at = _evening(until, days_ago)
        CoachingNote.objects.create(
            writer=henry, about=dana, noted_on=at.date(), text=text, written_at=at
        )
    asked, answered = _evening(until, 9), _evening(until, 8)
    talk = _nudge(henry, dana, asked, purpose=NudgePurpose.TALK, words=_TALK)
    NudgeAnswer.objects.create(nudge=talk, answer=NudgeAnswer.Answer.DONE, answered_at=answered)
    drafts = Document.objects.filter(
        appraisal__rating_official=dana,
        appraisal__higher_level_reviewer=henry,
        kind=Kind.ANNUAL_APPRAISAL,
        state=State.DRAFT,
    ).select_related("appraisal__cycle")
    returned = [each.appraisal for each in drafts if _last_step(each) == "return_for_change"]
    if returned:
        _nudge(
            henry,
            dana,
            _evening(until, 0),
            purpose=NudgePurpose.RETURNED,
            words=_WORDS,
            cycle=returned[0].cycle,
            employee_ids=[record.employee_id for record in returned],
        )


def _evening(until: dt.date, days_ago: int) -> dt.datetime:
    day = until - dt.timedelta(days=days_ago)
    return dt.datetime.combine(day, dt.time(16, 40), tzinfo=timezone.get_current_timezone())


def _nudge(sender: Person, supervisor: Person, at: dt.datetime, **values: Any) -> Nudge:
    return Nudge.objects.create(
        sender=sender, supervisor=supervisor, sent_on=at.date(), sent_at=at, **values
    )


def _last_step(document: Document) -> str:
    last = document.events.order_by("-pk").first()
    return last.name if last else ""


def _build_readings() -> None:
    """Who decided had read; of what waits, every second document was opened the day after it came."""
    sent: dict[int, AppraisalEvent] = {}
    readings, views = [], []
    steps = AppraisalEvent.objects.filter(name__in=["submit", "approve", "return_for_change"])
    for event in steps.order_by("pk"):
        if event.document_id is None:
            continue
        if event.name == "submit":
            sent[event.document_id] = event
        elif event.document_id in sent:
            read = sent.pop(event.document_id)
            readings.append(Reading(sent=read, reader=event.by, read_at=event.at))
    waiting = Document.objects.filter(state=State.IN_REVIEW).order_by("state_since", "pk")
    for document in waiting.select_related("appraisal__higher_level_reviewer")[::2]:
        reader = document.appraisal.higher_level_reviewer
        at = document.state_since + dt.timedelta(hours=2)
        if reader is None:
            continue
        readings.append(Reading(sent=sent[document.pk], reader=reader, read_at=at))
        views.append(
            RecordView(
                appraisal=document.appraisal,
                viewer=reader,
                page=document.kind,
                viewed_on=at.date(),
                viewed_at=at,
            )
        )
    Reading.objects.bulk_create(readings)
    RecordView.objects.bulk_create(views, ignore_conflicts=True)
