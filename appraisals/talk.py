"""What the pages of the talk all year long ask for: with whom, about which element, what was noted."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from appraisals.models import (
    Appraisal,
    Document,
    Element,
    JournalEntry,
    Section,
    rated_by,
)
from appraisals.rules import normalize_text
from orgchart import clock
from orgchart.models import Person, PersonQuerySet
from orgchart.templatetags.ui import day_month

BESIDE = 60
"""Notes beside a text at most; the journal itself has all."""


def people_rated_by(user: Person) -> PersonQuerySet:
    return Person.objects.filter(rated_by(user)).exclude(pk=user.pk).by_name()


def elements_of(about: Person, reader: Person) -> QuerySet[Element]:
    """Of this person's plans in hand, those that `reader` may see; the newest cycle first."""
    records = Appraisal.objects.visible_to(reader).filter(
        employee=about, cycle__effective_on__gte=clock.today()
    )
    return (
        Element.objects.standing()
        .filter(plan__appraisal__in=records.values("pk"), accepted=True)
        .select_related("plan__appraisal__cycle")
        .order_by("-plan__appraisal__cycle__starts_on", "number")
    )


@dataclass(frozen=True)
class Noted:
    """`tied`: to this element; `rest`: of this cycle and to no element, or all where the text is of none."""

    tied: list[JournalEntry]
    rest: list[JournalEntry]

    def __bool__(self) -> bool:
        return bool(self.tied or self.rest)


def journal_beside(section: Section, document: Document, user: Person) -> Noted:
    """The reader's own notes for this text, the oldest first, as a year is told."""
    appraisal = document.appraisal
    own = JournalEntry.objects.visible_to(user).filter(about=appraisal.employee_id)
    in_cycle = Q(noted_on__gte=appraisal.cycle.starts_on, noted_on__lte=clock.today())
    if section.element_id is None:
        return Noted([], list(own.filter(in_cycle).order_by("noted_on", "pk")[:BESIDE]))
    tied = own.filter(elements=section.element_id)
    untied = own.filter(in_cycle, elements=None)
    return Noted(
        list(tied.order_by("noted_on", "pk")[:BESIDE]),
        list(untied.order_by("noted_on", "pk")[:BESIDE]),
    )


def as_line(entry: JournalEntry) -> str:
    """As it goes into a text: the day, then the words."""
    return f"{day_month(entry.noted_on)}: {entry.text}"


def lines_put(put: str, section: Section, document: Document, user: Person) -> list[str]:
    """What a button beside a text asks for: one of the reader's notes, or all of its element."""
    noted = journal_beside(section, document, user)
    if put == "journal:all":
        return [as_line(entry) for entry in noted.tied]
    return [as_line(entry) for entry in (*noted.tied, *noted.rest) if put == f"journal:{entry.pk}"]


def with_line(text: str, line: str) -> str:
    """Below what stands there; once, however often it is asked for."""
    text = normalize_text(text)
    if line in text:
        return text
    return f"{text.rstrip()}\n{line}" if text.strip() else line
