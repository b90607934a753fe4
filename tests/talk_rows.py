"""What is noted and asked through the year, for `test_permission_matrix`, and what its addresses need.

Everything is about the employee. The notes are the employee's own; the feedback is asked by the rating
official of the colleague.
"""

import datetime as dt

from appraisals.models import (
    AgendaItem,
    AgreedAction,
    Element,
    FeedbackRequest,
    JournalEntry,
    RecognitionKind,
    SupportKind,
    SupportRequest,
)
from appraisals.services.check_ins import add_to_agenda, agree_on_action, plan_check_in
from appraisals.services.feedback import ask_colleague
from appraisals.services.journal import write_entry
from appraisals.services.recognition import recognize
from appraisals.services.support import ask_support
from orgchart import clock
from tests.cast import PRACTICE_DAY, SECRET, Cast

OF_THE_SERIES = (
    "check_in_series",
    "check_in_plan",
    "check_in_hold",
    "agenda_add",
    "action_add",
    "recognition_new",
)


def make_talk(cast: Cast) -> None:
    employee, official = cast.employee, cast.rating_official
    with clock.frozen(PRACTICE_DAY):
        write_entry(employee, by=employee, noted_on=PRACTICE_DAY, text=SECRET)
        plan_check_in(employee, by=official, planned_on=PRACTICE_DAY + dt.timedelta(days=7))
        add_to_agenda(employee, by=employee, text=SECRET)
        agree_on_action(employee, by=official, text=SECRET, by_employee=True, due_on=None)
        ask_support(by=employee, kind=SupportKind.TRAINING, text=SECRET)
        recognize(
            employee, by=official, kind=RecognitionKind.THANKS, text=SECRET, given_on=PRACTICE_DAY
        )
        element = Element.objects.filter(plan__appraisal__employee=employee).order_by("pk")[0]
        ask_colleague(employee, by=official, element=element, colleague=cast.colleague)


def talk_arguments(cast: Cast) -> dict[str, list[object]]:
    entry = JournalEntry.objects.get(writer=cast.employee)
    asked, feedback = SupportRequest.objects.get(), FeedbackRequest.objects.get()
    return {
        **{each: [entry.pk] for each in ("journal_edit", "journal_delete")},
        **{each: [cast.employee.dod_id] for each in OF_THE_SERIES},
        "agenda_remove": [AgendaItem.objects.get().pk],
        "action_end": [AgreedAction.objects.get().pk],
        **{each: [asked.pk] for each in ("support_detail", "support_end")},
        **{each: [feedback.pk] for each in ("feedback_give", "feedback_withdraw")},
        "feedback_answer": ["a-guess"],
    }
