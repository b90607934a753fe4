"""What must never be of notes and of what is asked through the year, tried against the database itself."""

import pytest

from appraisals.models import JournalEntry
from tests.appraisals.rows import APRIL, NOON
from tests.appraisals.test_constraints import refused
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_journal_entry_says_something():
    person = PersonFactory()
    note = {"writer": person, "about": person, "noted_on": APRIL, "written_at": NOON}
    JournalEntry.objects.create(text="Turnout fell.", **note)
    with refused("a_journal_entry_says_something"):
        JournalEntry.objects.create(text="", **note)
