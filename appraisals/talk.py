"""What the pages of the talk all year long ask for: with whom, about which element, what was noted."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from appraisals.models import (
    Appraisal,
    Document,
    Element,
    FeedbackRequest,
    FeedbackState,
    JournalEntry,
    Recognition,
    RecognitionKind,
    Section,
    rated_by,
)
from appraisals.rules import normalize_text
from orgchart import clock
from orgchart.chain import NEAR as CLOSE_BY
from orgchart.chain import people_in
from orgchart.models import Person, PersonQuerySet
from orgchart.selectors import rating_official_of
from orgchart.templatetags.ui import day_month

COLLEAGUES = 300
"""Colleagues in a list to choose from, at most; anybody else is named by address."""

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
class Line:
    """Something of the year that can go into a text. `key` names its button."""

    key: str
    day: dt.date
    source: str
    text: str

    @property
    def words(self) -> str:
        """As it goes into a text: the day, from whom if from somebody else, then the words."""
        start = f"{day_month(self.day)}, {self.source}" if self.source else day_month(self.day)
        return f"{start}: {self.text}"


@dataclass(frozen=True)
class Noted:
    """What a writer finds beside a text, the oldest first, as a year is told.

    `tied`: own notes of this element; `rest`: of this cycle and of no element, or all where the text is
    of none; `shared`: feedback and recognition.
    """

    tied: list[Line]
    rest: list[Line]
    shared: list[Line]

    def __bool__(self) -> bool:
        return bool(self.tied or self.rest or self.shared)


class _Found(NamedTuple):
    """A row of the one query: `giver` and `kind` are of feedback and recognition."""

    part: str
    pk: int
    day: dt.date
    text: str
    giver: str
    kind: str

    @property
    def line(self) -> Line:
        if self.part == "feedback":
            return Line(f"feedback:{self.pk}", self.day, f"feedback of {self.giver}", self.text)
        if self.part == "recognition":
            kind = RecognitionKind(self.kind).label.lower()
            return Line(f"recognition:{self.pk}", self.day, f"{kind} from {self.giver}", self.text)
        return Line(f"journal:{self.pk}", self.day, "", self.text)


def noted_beside(section: Section, document: Document, user: Person) -> Noted:
    """One query, whatever was noted."""
    cycle = document.appraisal.cycle
    own = JournalEntry.objects.visible_to(user).filter(about=document.appraisal.employee_id)
    in_cycle = own.filter(noted_on__gte=cycle.starts_on, noted_on__lte=clock.today())
    tied, rest = own.none(), in_cycle
    if section.element_id is not None:
        tied, rest = own.filter(elements=section.element_id), in_cycle.filter(elements=None)
    rows = _notes(rest, "rest").union(
        _notes(tied, "tied"),
        _feedback(section, document, user),
        _recognition(section, document, user),
        all=True,
    )
    found = sorted((_Found(*row) for row in rows), key=lambda each: (each.day, each.pk))
    return Noted(
        tied=[each.line for each in found if each.part == "tied"],
        rest=[each.line for each in found if each.part == "rest"],
        shared=[each.line for each in found if each.part in ("feedback", "recognition")],
    )


def _notes(entries: QuerySet[JournalEntry], part: str) -> QuerySet[Any, Any]:
    columns = (Value(part), "pk", "noted_on", "text", Value(""), Value(""))
    return entries.order_by("noted_on", "pk").values_list(*columns)[:BESIDE]


GIVER = Concat("giver__first_name", Value(" "), "giver__last_name")


def _feedback(section: Section, document: Document, user: Person) -> QuerySet[Any, Any]:
    """Of this element; where the text is of none, of any."""
    appraisal = document.appraisal
    answers = FeedbackRequest.objects.visible_to(user).filter(
        Q(element=section.element_id) if section.element_id else Q(),
        about=appraisal.employee_id,
        state=FeedbackState.ANSWERED,
        asked_on__gte=appraisal.cycle.starts_on,
    )
    giver = Coalesce(NullIf("giver_name", Value("")), GIVER)
    columns = (Value("feedback"), "pk", "asked_on", "text", giver, Value(""))
    return answers.values_list(*columns)[:BESIDE]


def _recognition(section: Section, document: Document, user: Person) -> QuerySet[Any, Any]:
    """Of this element, and of the work as a whole in this cycle."""
    appraisal = document.appraisal
    of_it = Q(element=section.element_id) | Q(element=None) if section.element_id else Q()
    said = Recognition.objects.visible_to(user).filter(
        of_it,
        recipient=appraisal.employee_id,
        given_on__gte=appraisal.cycle.starts_on,
        given_on__lte=clock.today(),
    )
    columns = (Value("recognition"), "pk", "given_on", "text", GIVER, "kind")
    return said.values_list(*columns)[:BESIDE]


def lines_put(put: str, section: Section, document: Document, user: Person) -> list[str]:
    """What a button beside a text asks for: one line, or all of the reader's notes on its element."""
    noted = noted_beside(section, document, user)
    if put == "journal:all":
        return [line.words for line in noted.tied]
    every = (*noted.tied, *noted.rest, *noted.shared)
    return [line.words for line in every if line.key == put]


def with_line(text: str, line: str) -> str:
    """Below what stands there; once, however often it is asked for."""
    text = normalize_text(text)
    if line in text:
        return text
    return f"{text.rstrip()}\n{line}" if text.strip() else line


def official_of(employee: Person) -> Person | None:
    """Who rates them now: by the newest record in hand, else by the line of command."""
    today = clock.today()
    record = (
        Appraisal.objects.filter(employee=employee, cycle__effective_on__gte=today)
        .select_related("rating_official")
        .order_by("-cycle__starts_on")
        .first()
    )
    return record.rating_official if record else rating_official_of(employee, on=today)


def colleagues_of(about: Person, user: Person) -> PersonQuerySet:
    """Whom feedback may be asked of by name: who works near the asker, and not the two who read it."""
    near = Person.objects.filter(pk__in=people_in(CLOSE_BY, user.pk, clock.today()), is_active=True)
    return near.exclude(pk__in=[about.pk, user.pk]).by_name()[:COLLEAGUES]
