"""What the demonstration shows a second-level supervisor."""

import pytest

from appraisals.demonstration.fill import TODAY, Summary
from appraisals.models import AppraisalEvent, CoachingNote, Nudge, Reading, State
from appraisals.services.approvals import queue_of, with_reading
from orgchart.models import Person

pytestmark = pytest.mark.django_db


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@example.mil")


def test_whoever_decided_had_opened_what_was_sent(filled: Summary) -> None:
    decisions = AppraisalEvent.objects.filter(name__in=["approve", "return_for_change"])
    assert decisions.count() > 100
    decided = {(event.document_id, event.by_id) for event in decisions}
    read = set(Reading.objects.values_list("sent__document", "reader"))
    assert decided <= read


def test_of_henrys_queue_some_is_opened_and_some_is_not(filled: Summary) -> None:
    henry = person("henry.okafor")
    opened = {
        getattr(document, "read_at", None) is not None
        for document in with_reading(queue_of(henry), henry)
    }
    assert opened == {True, False}
    assert not Reading.objects.exclude(sent__document__state=State.IN_REVIEW).filter(
        read_at__date__gte=TODAY
    )


def test_dana_is_reminded_of_paul_and_reads_no_note_about_her(filled: Summary) -> None:
    dana = person("dana.whitfield")
    (nudge,) = Nudge.objects.filter(supervisor=dana).unanswered()
    assert nudge.employee_ids == [person("paul.sorensen").pk]
    assert nudge.title == "Returned documents to be revised: 1"
    assert CoachingNote.objects.filter(about=dana).count() == 2
    assert not CoachingNote.objects.visible_to(dana).exists()
