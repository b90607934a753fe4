"""What is noted and asked through the year, for `test_permission_matrix`, and what its addresses need.

Everything is about the employee; the notes are the employee's own.
"""

from appraisals.models import JournalEntry
from appraisals.services.journal import write_entry
from orgchart import clock
from tests.cast import PRACTICE_DAY, SECRET, Cast


def make_talk(cast: Cast) -> None:
    with clock.frozen(PRACTICE_DAY):
        write_entry(cast.employee, by=cast.employee, noted_on=PRACTICE_DAY, text=SECRET)


def talk_arguments(cast: Cast) -> dict[str, list[object]]:
    entry = JournalEntry.objects.get(writer=cast.employee)
    return {each: [entry.pk] for each in ("journal_edit", "journal_delete")}
