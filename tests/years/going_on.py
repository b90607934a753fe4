"""Years go on: whoever is asked for something does it properly, so that records come to their end."""

from random import Random

from django.db.models import Count

from appraisals.models import Appraisal, Document, Kind, State
from appraisals.models.scope import Party
from appraisals.permissions import parties
from appraisals.problems import document_problems, plan_elements, plan_of
from appraisals.sections import spec_of
from appraisals.selectors import cycle_for, with_documents
from appraisals.services.records import (
    start_annual_appraisal,
    start_progress_review,
    start_record,
)
from appraisals.services.writing import accept_element
from appraisals.transitions import TRANSITIONS, Transition
from appraisals.turns import current_turn
from appraisals.workflow import available
from orgchart import clock
from orgchart.models import Assignment, Person
from tests.years.doings import Steps, Writing, doing, doing_often
from tests.years.world import one_of

UNDER_WAY = [State.DRAFT, State.IN_REVIEW, State.APPROVED, State.COMMUNICATED]


STARTS = {
    "start_progress_review": start_progress_review,
    "start_annual_appraisal": start_annual_appraisal,
}


class GoingOn(Writing, Steps):
    @doing_often
    def a_working_day(self, lot: Random) -> None:
        """What some of the open documents wait for."""
        waiting = list(Document.objects.filter(state__in=UNDER_WAY).order_by("pk"))
        for document in lot.sample(waiting, min(6, len(waiting))):
            self.done_properly(lot, document)

    @doing_often
    def a_year_is_walked(self, lot: Random) -> None:
        """One record so far, or to its end, from wherever it stands; days pass where there is nothing to do but to wait."""
        record = self.begun(lot)
        far = lot.choice([2, 4, 6, 10, 24])
        for _ in range(far if record else 0):
            record = self.again(record)
            if record is None or record.not_rated:
                return
            open_one = record.documents.filter(state__in=UNDER_WAY).order_by("pk").first()
            if open_one is not None:
                if not self.done_properly(lot, open_one):
                    return
            elif not self.begin_what_follows(record):
                return

    def begun(self, lot: Random) -> Appraisal | None:
        """A record that is not at its end, or that of somebody who has none in the cycle that runs."""
        is_rated = {"rating_of_record__isnull": False}
        found = Appraisal.objects.filter(not_rated="").exclude(**is_rated).order_by("pk")
        if lot.choice([True, False]):
            return one_of(lot, found)
        held = one_of(
            lot,
            Assignment.objects.on(self.world.today)
            .filter(covered=True, supervisor__isnull=False)
            .order_by("pk"),
        )
        cycle = cycle_for(held.employee, on=self.world.today) if held else None
        if held is None or cycle is None:
            return None
        by = self.world.fresh(held.supervisor)
        return self.attempt(
            "start a record", lambda: start_record(held.employee, cycle=cycle, by=by)
        )

    def again(self, record: Appraisal) -> Appraisal | None:
        return with_documents(Appraisal.objects.filter(pk=record.pk)).first()

    def begin_what_follows(self, record: Appraisal) -> bool:
        """The review or the appraisal, on the day on which it may begin."""
        for _ in range(2):
            with clock.frozen(self.world.today):
                turn = current_turn(record)
            if turn.action in STARTS:
                by, start = self.world.fresh(record.rating_official), STARTS[turn.action]
                return bool(self.attempt("start what follows", lambda: start(record, by=by)))  # noqa: B023
            ends_on = record.period_ends_on
            if turn.stage != 1 or self.world.today >= ends_on:
                return False
            self.world.today = ends_on
        return False

    def plan_in_force(self, lot: Random) -> Document | None:
        """Approved, in a year whose appraisal has not begun; where there is none, one is walked so far."""
        plans = Document.objects.filter(
            kind=Kind.PERFORMANCE_PLAN, approved_on__isnull=False, appraisal__not_rated=""
        ).exclude(appraisal__documents__kind=Kind.ANNUAL_APPRAISAL)
        plan = one_of(lot, plans.exclude(state=State.CLOSED).order_by("pk"))
        record = self.begun(lot) if plan is None else None
        begun = plan_of(record) if record else None
        for _ in range(3 if begun else 0):
            if self.read(begun).approved_on is None:
                self.done_properly(lot, begun)
        found = plan or begun
        return self.read(found) if found else None

    # --- a document, as those do who mean it to go on

    def done_properly(self, lot: Random, document: Document) -> bool:
        """One step of it by whoever has one; a draft is made ready first. Whether it moved."""
        document = self.read(document)
        if document.state == State.DRAFT:
            self.make_ready(lot, document)
            document = self.read(document)
        rows = self.ways_on(document)
        row = one_of(lot, rows[:1] if lot.randint(0, 5) else rows)
        if row is None:
            return False
        before = document.state
        self.take(lot, document, row[0].name, row[1])
        return self.read(document).state != before

    def read(self, document: Document) -> Document:
        return Document.objects.with_contents().get(pk=document.pk)

    def ways_on(self, document: Document) -> list[tuple[Transition, Person]]:
        """Steps that may be taken now and lead on, the main one first."""
        record, found = document.appraisal, []
        with clock.frozen(self.world.today):
            ready = document.state != State.DRAFT or not document_problems(document)
            for party in (Party.HIGHER_LEVEL_REVIEWER, Party.RATING_OFFICIAL, Party.EMPLOYEE):
                person = getattr(record, party.value)
                rows = available(document, self.world.fresh(person)) if person else []
                found += [(row, person) for row in rows if row.moves_to not in (None, State.CLOSED)]
        return [each for each in found if ready or not each[0].checked]

    def make_ready(self, lot: Random, document: Document) -> None:
        """Everything that is asked of it: a goal, an element, a text, a level."""
        if document.kind == Kind.PERFORMANCE_PLAN:
            self.plan_ready(document)
        for section in document.sections.all():
            spec = spec_of(document.kind, section.kind)
            if spec.writer == Party.RATING_OFFICIAL and not section.text:
                allowed = [level for level, _ in spec.levels if level]
                level = lot.choice(allowed) if allowed else None
                self.save_level(section, document.appraisal.rating_official, level)

    def plan_ready(self, plan: Document) -> None:
        by = self.world.fresh(plan.appraisal.rating_official)
        for element in plan_elements(plan):
            if not element.accepted:
                self.attempt("accept an element", lambda: accept_element(element, by=by))  # noqa: B023
        if not any(each.mandatory_id is None and each.accepted for each in plan_elements(plan)):
            self.add(plan, by, is_supervisory=plan.appraisal.is_supervisor)

    # --- each step of the table, as often as it can be taken

    @doing_often
    def a_step_that_is_open_is_taken(self, lot: Random) -> None:
        """Whichever of them, those first that nobody took in this life."""
        found: dict[str, list[tuple[Document, Person]]] = {}
        for document in Document.objects.with_contents().exclude(state=State.CLOSED).order_by("pk"):
            for row, person in self.open_steps(document):
                found.setdefault(row.name, []).append((document, person))
        new = sorted(name for name in found if not self.world.done[f"step {name}"])
        name = one_of(lot, new or sorted(found))
        if name is None:
            return
        document, person = one_of(lot, found[name])
        if TRANSITIONS[name].checked:
            self.make_ready(lot, document)
        self.take(lot, document, name, person)

    @doing
    def a_plan_should_never_have_been(self, lot: Random) -> None:
        """One on which nothing rests: HR closes it."""
        plans = Document.objects.annotate(held=Count("appraisal__documents")).filter(
            kind=Kind.PERFORMANCE_PLAN, approved_on__isnull=False, held=1
        )
        plan = one_of(lot, plans.order_by("pk"))
        if plan is not None:
            self.take(lot, plan, "close_as_erroneous", self.world.cast.hr_of_all)

    def open_steps(self, document: Document) -> list[tuple[Transition, Person]]:
        steps = [
            row
            for row in TRANSITIONS.values()
            if document.kind in row.kinds
            and document.state in row.sources
            and not (row.name == "share_input" and document.input_shared_at)
        ]
        with clock.frozen(self.world.today):
            found = [(row, self.whose(row, document)) for row in steps if row.when(document)]
        return [(row, person) for row, person in found if person is not None]

    def whose(self, row: Transition, document: Document) -> Person | None:
        if row.who == Party.HR:
            hr = self.world.fresh(self.world.cast.hr_of_all)
            return hr if Party.HR in parties(hr, document.appraisal) else None
        person: Person | None = getattr(document.appraisal, row.who.value)
        return person
