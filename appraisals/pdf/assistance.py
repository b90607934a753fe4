"""Work that is not good enough, as its forms print it: the terms and the meetings beside the texts (R10)."""

from django.utils import timezone

from appraisals.models import (
    ActionInstance,
    Document,
    Kind,
    OpportunityExtension,
    OpportunityMeeting,
    OpportunityPeriod,
    ProposedAction,
    State,
)
from appraisals.pdf.parts import Entry, Group, Sections, title_of, unread
from appraisals.pdf.text import Paragraph, paragraphs
from appraisals.rules.words import date_words


def confidential_groups(documents: list[Document], sections: Sections) -> list[Group]:
    """Each text of such a document, with what it came to, after the terms it was given under."""
    found = []
    for document in documents:
        rows = [row for row in sections[document.pk] if row.text.strip() or row.level_words]
        entries = [Entry(title_of(row), paragraphs(row.text), row.level_words) for row in rows]
        note = "" if entries else unread(document)
        found.append(Group(document.title, [*_terms(document), *entries], note))
    return found


def _terms(document: Document) -> list[Entry]:
    if document.kind == Kind.OPPORTUNITY_NOTICE:
        return [
            _entry("The opportunity", _given(each))
            for each in OpportunityPeriod.objects.filter(notice=document)
        ]
    if document.kind == Kind.OPPORTUNITY_RESULT:
        periods = OpportunityPeriod.objects.filter(result=document)
        return [
            entry
            for each in periods.select_related("notice").prefetch_related("extensions__by")
            for entry in (_entry("The opportunity", _ran(each)), *_meetings(each, document))
        ]
    if document.kind == Kind.PROPOSED_ACTION:
        actions = ProposedAction.objects.filter(document=document)
        return [
            entry
            for each in actions
            for entry in (
                _entry("What is proposed", each.get_action_display()),
                *_instances(each),
            )
        ]
    return []


def _entry(title: str, text: str) -> Entry:
    return Entry(Paragraph(title), paragraphs(text))


def _given(period: OpportunityPeriod) -> str:
    """As the notice gave it; more days came later, and stand on the form of the result."""
    lines = [
        f"{period.days} days from the day after this notice is discussed, with a meeting at least every "
        f"{period.meeting_every} days."
    ]
    if period.consulted and period.consulted_on:
        lines.append(
            f"Human resources: {period.consulted}, consulted on {date_words(period.consulted_on)}."
        )
    return "\n".join(lines)


def _ran(period: OpportunityPeriod) -> str:
    lines = []
    if period.began_on and period.ends_on:
        began, ends = date_words(period.began_on), date_words(period.ends_on)
        lines.append(f"From the day after {began} to {ends}, {period.days_in_all} days.")
    return "\n".join([*lines, *map(_more, period.extensions.all())])


def _more(extension: OpportunityExtension) -> str:
    on = date_words(timezone.localdate(extension.at))
    return (
        f"{extension.days} days more, given on {on} by {extension.by.full_name}: {extension.reason}"
    )


def _meetings(period: OpportunityPeriod, result: Document) -> list[Entry]:
    """What the employee said of one after the result was acknowledged stands in the record alone."""
    entries = []
    for meeting in OpportunityMeeting.objects.filter(period=period).select_related("word"):
        when = date_words(meeting.held_on)
        title = f"Meeting on {when}, {meeting.get_method_display().lower()}"
        entries.append(_entry(title, meeting.account))
        word = getattr(meeting, "word", None)
        is_over = result.state == State.ACKNOWLEDGED
        if word and not (is_over and word.written_at > result.state_since):
            entries.append(_entry(f"The employee on the meeting of {when}", word.text))
    return entries


def _instances(action: ProposedAction) -> list[Entry]:
    instances = ActionInstance.objects.filter(action=action).select_related("element")
    return [
        _entry(f"{date_words(each.happened_on)}: {each.element.title}", each.what)
        for each in instances
    ]
