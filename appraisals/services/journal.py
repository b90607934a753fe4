"""A private journal: written, changed and deleted by its writer alone; nothing of it is kept elsewhere."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals.models import Element, JournalEntry
from appraisals.rules import normalize_text
from appraisals.talk_permissions import may_keep_journal
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


class NewerEntry(Refused):
    """Saved in another window after it was opened. Holds what is kept now."""

    def __init__(self, current: JournalEntry) -> None:
        super().__init__("You saved this note in another window after you opened it here.")
        self.current = current


@transaction.atomic
def write_entry(
    about: Person, *, by: Person, noted_on: dt.date, text: str, elements: Iterable[Element] = ()
) -> JournalEntry:
    if not may_keep_journal(by, about):
        raise PermissionDenied
    entry = JournalEntry.objects.create(
        writer=by,
        about=about,
        noted_on=noted_on,
        text=normalize_text(text),
        written_at=clock.now(),
    )
    entry.elements.set(elements)
    return entry


@transaction.atomic
def change_entry(
    entry: JournalEntry,
    *,
    by: Person,
    expected_version: int,
    noted_on: dt.date,
    text: str,
    elements: Iterable[Element],
) -> JournalEntry:
    """Raises NewerEntry when it was changed since; then nothing is written."""
    held = _locked(entry, by)
    cleaned, chosen = normalize_text(text), set(elements)
    if held.version != expected_version and held.text != cleaned:
        raise NewerEntry(held)
    held.noted_on, held.text, held.written_at = noted_on, cleaned, clock.now()
    held.version += 1
    held.save()
    held.elements.set(chosen)
    return held


@transaction.atomic
def delete_entry(entry: JournalEntry, *, by: Person) -> None:
    _locked(entry, by).delete()


def _locked(entry: JournalEntry, by: Person) -> JournalEntry:
    held = JournalEntry.objects.visible_to(by).select_for_update(no_key=True).filter(pk=entry.pk)
    found = held.first()
    if found is None:
        raise PermissionDenied
    return found
