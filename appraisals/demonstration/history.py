"""Histories written in bulk: every step is checked against the table of the workflow before it counts.

`services` and `workflow.advance` save row by row, which is right for one person at one screen and
too slow for thousands of finished years. What is built here holds the same rows: a version for
every text, an event for every step, and a state that its events lead to.
"""

import datetime as dt
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db.models import Model

from appraisals import rules
from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Document,
    Element,
    Kind,
    OfficialChange,
    PolicyEdition,
    RatingOfRecord,
    ReturnReason,
    Section,
    SectionKind,
    State,
    TextVersion,
)
from appraisals.models.scope import Party
from appraisals.sections import SECTIONS, spec_of
from appraisals.services.officials import NewOfficials, drawn_up
from appraisals.workflow import TRANSITIONS, Given, Transition, details_of
from orgchart.models import Person


class ImpossibleStepError(Exception):
    """The script asks for a step that the table of transitions does not have from there."""


class NotYetError(Exception):
    """The step lies after the day on which the history stops."""


@dataclass(frozen=True)
class _Happened:
    """An event before it is saved: the text it saw last and the element it is about have no key yet."""

    event: AppraisalEvent
    newest: TextVersion | None
    element: Element | None


@dataclass
class Batch:
    """Rows of many records, saved together in the order their keys depend on."""

    until: dt.date
    appraisals: list[Appraisal] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    versions: list[TextVersion] = field(default_factory=list)
    happened: list[_Happened] = field(default_factory=list)
    changes: list[OfficialChange] = field(default_factory=list)
    ratings: list[RatingOfRecord] = field(default_factory=list)

    def save(self) -> None:
        """Versions and events go in by time, since their keys stand for their order."""
        self.versions.sort(key=attrgetter("written_at"))
        rows: list[list[Any]] = [
            self.appraisals,
            self.documents,
            self.elements,
            self.sections,
            self.versions,
        ]
        for row in rows:
            _insert(row)
        self.happened.sort(key=lambda each: each.event.at)
        for each in self.happened:
            each.event.text_mark = each.newest.pk if each.newest else 0
            if each.element is not None:
                each.event.details["element"] = each.element.pk
        _insert([each.event for each in self.happened])
        _insert(self.changes)
        _insert(self.ratings)


def _insert(rows: list[Any]) -> None:
    if rows:
        model: type[Model] = type(rows[0])
        model._default_manager.bulk_create(rows, batch_size=2000)


class RecordHistory:
    """One employee's year, told from its first day on."""

    def __init__(self, appraisal: Appraisal, batch: Batch) -> None:
        self.appraisal = appraisal
        self.batch = batch
        self.plan: DocumentHistory | None = None
        self.reviews = 0
        self._began = False

    def open(
        self, kind: Kind, *, at: dt.datetime, policy: PolicyEdition, numbers: rules.Policy
    ) -> "DocumentHistory":
        if at.date() > self.batch.until:
            raise NotYetError
        if kind != Kind.PERFORMANCE_PLAN and (
            self.plan is None or self.plan.document.approved_on is None
        ):
            raise ImpossibleStepError(f"{kind} without an approved plan")
        if not self._began:
            self._began = True
            self.batch.appraisals.append(self.appraisal)
        number = 1
        if kind == Kind.PROGRESS_REVIEW:
            self.reviews += 1
            number = self.reviews
        document = Document(
            appraisal=self.appraisal,
            kind=kind,
            number=number,
            policy=policy,
            state=State.DRAFT,
            state_since=at,
            opened_at=at,
        )
        if kind == Kind.NARRATIVE_STATEMENT:
            # Begun three weeks before the last day together.
            document.covers_from = self.appraisal.starts_on
            document.covers_until = at.date() + dt.timedelta(days=21)
        self.batch.documents.append(document)
        history = DocumentHistory(self, document, numbers, at)
        if kind == Kind.PERFORMANCE_PLAN:
            self.plan = history
        return history

    def name_officials(
        self, *, at: dt.datetime, by: Person, rating_official: Person, reviewer: Person, reason: str
    ) -> None:
        """R9.9"""
        record = self.appraisal
        new = NewOfficials(record, rating_official, reviewer)
        event, changes = drawn_up(new, by=by, reason=reason, at=at, day=at.date())
        record.rating_official, record.higher_level_reviewer = rating_official, reviewer
        self.batch.changes += changes
        self.batch.happened.append(_Happened(event, None, None))


class DocumentHistory:
    """One document from its opening on. `at` of each call may not lie before the last one."""

    def __init__(
        self, record: RecordHistory, document: Document, numbers: rules.Policy, at: dt.datetime
    ) -> None:
        self.record = record
        self.document = document
        self.numbers = numbers
        self.elements: list[Element] = []
        self._sections: dict[tuple[str, int | None], Section] = {}
        self._newest: TextVersion | None = None
        self._last = at
        self._open_sections()
        self._happen("open", at=at, by=self._person(Party.RATING_OFFICIAL), came_from=State.DRAFT)

    # --- texts

    def add_element(
        self,
        *,
        at: dt.datetime,
        by: Party = Party.RATING_OFFICIAL,
        event: bool = True,
        **values: Any,
    ) -> Element:
        """Drafted by the rating official, or proposed by the employee and waiting (R3.6)."""
        self._require_draft(Kind.PERFORMANCE_PLAN)
        self._tick(at)
        proposes = by == Party.EMPLOYEE
        element = Element(
            plan=self.document,
            number=len(self.elements) + 1,
            proposed_by_employee=proposes,
            accepted=not proposes,
            **values,
        )
        self.elements.append(element)
        self.record.batch.elements.append(element)
        self._write(element, at=at, by=self._person(by))
        if event:
            self._happen(
                "propose_element" if proposes else "add_element",
                at=at,
                by=self._person(by),
                came_from=State.DRAFT,
                element=element,
                details={"title": element.title},
            )
        return element

    def accept_element(self, element: Element, *, at: dt.datetime) -> None:
        self._require_draft(Kind.PERFORMANCE_PLAN)
        self._tick(at)
        element.accepted = True
        self._happen(
            "accept_element",
            at=at,
            by=self._person(Party.RATING_OFFICIAL),
            came_from=State.DRAFT,
            element=element,
            details={"title": element.title},
        )

    def change_element(self, element: Element, *, at: dt.datetime, **values: Any) -> None:
        self._require_draft(Kind.PERFORMANCE_PLAN)
        self._tick(at)
        for name, value in values.items():
            setattr(element, name, value)
        self._write(element, at=at, by=self._person(Party.RATING_OFFICIAL))

    def write(
        self,
        kind: SectionKind,
        text: str,
        *,
        at: dt.datetime,
        number: int | None = None,
        level: int | None = None,
    ) -> None:
        """Fill the section of this kind, by the party it belongs to. `number`: of its element."""
        self._require_draft(Kind(self.document.kind))
        self._tick(at)
        section = self._sections[kind, number]
        section.text, section.level = text, level
        self._write(section, at=at, by=self._person(spec_of(self.document.kind, kind).writer))

    # --- steps

    def step(self, name: str, *, at: dt.datetime, given: Given | None = None) -> None:
        row, given, document = TRANSITIONS[name], given or Given(), self.document
        self._check(row, given)
        self._tick(at)
        came_from = document.state
        self._move(row, given, at)
        self._happen(
            name,
            at=at,
            by=self._person(row.who),
            came_from=came_from,
            reason=given.reason,
            details=details_of(row, given),
            on_behalf_of=self._person(Party.EMPLOYEE) if row.asks == "acknowledgment" else None,
        )
        if row.moves_to == State.COMMUNICATED and document.kind == Kind.ANNUAL_APPRAISAL:
            self._issue_rating(at)

    def _check(self, row: Transition, given: Given) -> None:
        document = self.document
        needs_review = rules.needs_review(
            self.numbers,
            document.kind,
            level=rules.summary_level(self.levels, self.numbers),
        )
        applies = {"submit": needs_review, "finish": not needs_review}.get(row.name, True)
        if document.state not in row.sources or document.kind not in row.kinds or not applies:
            raise ImpossibleStepError(f"{row.name} of a {document.kind} that is {document.state}")
        if row.asks in {"reason", "acknowledgment"} and not given.reason:
            raise ImpossibleStepError(f"{row.name} needs a reason")
        if row.asks == "reason" and given.about not in ReturnReason.values:
            raise ImpossibleStepError(f"{row.name} needs to say what it is about")
        if row.asks == "communication" and not (given.discussed_on and given.method):
            raise ImpossibleStepError(f"{row.name} needs a date and a method")

    def _move(self, row: Transition, given: Given, at: dt.datetime) -> None:
        document = self.document
        if row.moves_to is None:
            document.input_shared_at = at
            return
        document.state, document.state_since = row.moves_to, at
        if row.moves_to == State.APPROVED:
            document.approved_on = at.date()
        if row.moves_to == State.COMMUNICATED:
            document.communicated_on = given.discussed_on
            document.communicated_method = given.method
            document.communicated_other = given.other
        if row.moves_to == State.ACKNOWLEDGED:
            document.acknowledged_on = at.date()
            document.acknowledged_for_employee = row.asks == "acknowledgment"

    @property
    def levels(self) -> list[int]:
        return [
            section.level
            for (kind, _), section in self._sections.items()
            if kind == SectionKind.RATING and section.level is not None
        ]

    def _issue_rating(self, at: dt.datetime) -> None:
        """R7.11"""
        total, count = rules.sum_and_count(self.levels)
        level = rules.summary_level(self.levels, self.numbers)
        if level is None:
            raise ImpossibleStepError("a rating of record of nothing")
        appraisal = self.record.appraisal
        self.record.batch.ratings.append(
            RatingOfRecord(
                appraisal=appraisal,
                level=level,
                rated_sum=total,
                rated_count=count,
                effective_on=appraisal.cycle.effective_on,
                issued_at=at,
                issued_by=appraisal.rating_official,
            )
        )

    # --- rows

    def _person(self, party: Party) -> Person:
        person: Person | None = getattr(self.record.appraisal, party.value)
        if person is None:
            raise ImpossibleStepError(f"nobody is the {party}")
        return person

    def _require_draft(self, kind: Kind) -> None:
        if self.document.state != State.DRAFT or self.document.kind != kind:
            raise ImpossibleStepError(
                f"writing in a {self.document.kind} that is {self.document.state}"
            )

    def _tick(self, at: dt.datetime) -> None:
        if at < self._last:
            raise ImpossibleStepError(f"{at} lies before {self._last}")
        if at.date() > self.record.batch.until:
            raise NotYetError
        self._last = at

    def _open_sections(self) -> None:
        plan = self.record.plan
        for spec in SECTIONS[self.document.kind]:
            elements = plan.elements if spec.per_element and plan else []
            for element in elements if spec.per_element else [None]:
                section = Section(document=self.document, kind=spec.kind, element=element)
                self._sections[spec.kind, element.number if element else None] = section
                self.record.batch.sections.append(section)

    def _write(self, item: Element | Section, *, at: dt.datetime, by: Person) -> None:
        item.version += 1
        item.written_by, item.written_at = by, at
        self._newest = TextVersion(
            document=self.document,
            element=item if isinstance(item, Element) else None,
            section=item if isinstance(item, Section) else None,
            version=item.version,
            content={name: getattr(item, name) for name in item.CONTENT},
            written_by=by,
            written_at=at,
        )
        self.record.batch.versions.append(self._newest)

    def _happen(
        self,
        name: str,
        *,
        at: dt.datetime,
        by: Person,
        came_from: str,
        element: Element | None = None,
        reason: str = "",
        details: dict[str, Any] | None = None,
        on_behalf_of: Person | None = None,
    ) -> None:
        event = AppraisalEvent(
            appraisal=self.record.appraisal,
            document=self.document,
            name=name,
            from_state=came_from,
            to_state=self.document.state,
            by=by,
            on_behalf_of=on_behalf_of,
            at=at,
            reason=reason,
            details=details or {},
        )
        self.record.batch.happened.append(_Happened(event, self._newest, element))
