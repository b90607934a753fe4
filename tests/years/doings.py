"""What people do in a year: what is asked of them, and what nobody asked for."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import TypeVar

from appraisals import rollups
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Document,
    Element,
    Kind,
    ReturnReason,
    Section,
    State,
)
from appraisals.models.scope import TURN
from appraisals.problems import document_problems
from appraisals.sections import spec_of
from appraisals.services.program import open_cycle, suggested_milestones
from appraisals.services.records import (
    start_annual_appraisal,
    start_progress_review,
    start_record,
)
from appraisals.services.writing import (
    accept_element,
    add_element,
    copy_elements,
    remove_element,
    save_element,
    save_section,
)
from appraisals.workflow import TRANSITIONS, Given, advance, available
from orgchart import clock
from orgchart.models import Assignment, Person
from tests.cast import Cast
from tests.years.world import Undone, World, one_of

Doing = TypeVar("Doing", bound=Callable[..., None])
MOSTLY = (3, 3)
"""Drawn beside the levels that there are."""


def doing(method: Doing) -> Doing:
    """One of the things that happen in a year. It does nothing where there is nothing to do it to."""
    method.often = 1
    return method


def doing_often(method: Doing) -> Doing:
    method.often = 4
    return method


class Doings:
    """`world` is given by the machine before the first doing. What is about one subject is a class below."""

    world: World
    undone: Undone

    def attempt(self, name, act):
        return self.world.attempt(name, act)

    def somebody(self, lot: Random) -> Person:
        return self.world.fresh(one_of(lot, self.world.everybody))

    def document(self, lot: Random, **which: object) -> Document | None:
        found = one_of(
            lot, Document.objects.filter(**which).order_by("pk").values_list("pk", flat=True)
        )
        return Document.objects.with_contents().get(pk=found) if found else None

    def record(self, lot: Random, **which: object) -> Appraisal | None:
        return one_of(lot, Appraisal.objects.with_people().filter(**which).order_by("pk"))

    def asked_or_somebody(self, lot: Random, asked: Person) -> Person:
        """Whoever should, and sometimes whoever should not."""
        is_asked = self.world.in_earnest or lot.randint(0, 2)
        return self.world.fresh(asked) if is_asked else self.somebody(lot)

    def came_about(self, document: Document) -> None:
        """After a step that was taken; what follows from it for the account."""

    def came_into_force(self, document: Document) -> None:
        """The discussion of it is recorded."""


def element_values(title: str, record: Appraisal, cast: Cast) -> dict[str, object]:
    goal = cast.goals[-1] if record.cycle_id == cast.cycle.pk else None
    return {
        "title": title,
        "description": "What it is.",
        "standards": "Nine in ten, each month.",
        "goal_id": goal.pk if goal else None,
        "is_supervisory": False,
    }


class Time(Doings):
    @doing
    def days_pass(self, lot: Random) -> None:
        days = lot.randint(1, 25)
        self.world.today += dt.timedelta(days=days)

    @doing
    def a_long_time_passes(self, lot: Random) -> None:
        days = lot.choice([60, 91, 200, 370])
        self.world.today += dt.timedelta(days=days)

    @doing
    def the_year_comes_to_its_end(self, lot: Random) -> None:
        """The last day of the cycle that runs, or the day after it."""
        running = (
            AppraisalCycle.objects.filter(ends_on__gte=self.world.today).order_by("ends_on").first()
        )
        if running is not None and running.ends_on > self.world.today:
            self.world.today = running.ends_on

    @doing_often
    def the_next_year_is_opened(self, lot: Random) -> None:
        world = self.world
        last = AppraisalCycle.objects.order_by("starts_on").last()
        starts_on = last.ends_on + dt.timedelta(days=1)
        while starts_on.replace(year=starts_on.year + 1) <= world.today:
            starts_on = starts_on.replace(year=starts_on.year + 1)
        if (starts_on - world.today).days > 60:
            return
        ends_on, effective_on = (
            starts_on.replace(year=starts_on.year + 1),
            dt.date(starts_on.year + 1, 6, 1),
        )
        ends_on -= dt.timedelta(days=1)
        self.attempt(
            "open a year",
            lambda: open_cycle(
                world.cast.places["CMD"],
                name=f"FY {starts_on.year + 1}",
                starts_on=starts_on,
                ends_on=ends_on,
                effective_on=effective_on,
                milestones=suggested_milestones(starts_on, ends_on, effective_on),
                by=world.fresh(world.cast.hr),
            ),
        )

    @doing
    def the_sweep_comes(self, lot: Random) -> None:
        with clock.frozen(self.world.today):
            rollups.fold()


class Writing(Doings):
    @doing
    def a_record_is_started(self, lot: Random) -> None:
        held = one_of(
            lot, Assignment.objects.on(self.world.today).filter(covered=True).order_by("pk")
        )
        running = AppraisalCycle.objects.filter(starts_on__lte=self.world.today).order_by(
            "-starts_on"
        )
        cycle = running.first()
        if held and cycle:
            by = held.supervisor if lot.choice([True, False]) else self.somebody(lot)
            by = by or self.somebody(lot)
            self.attempt("start a record", lambda: start_record(held.employee, cycle=cycle, by=by))

    @doing
    def a_plan_is_written(self, lot: Random) -> None:
        """As many elements as it takes, by whoever writes it."""
        plan = self.document(lot, kind=Kind.PERFORMANCE_PLAN, state=State.DRAFT)
        if plan is None:
            return
        by = self.world.fresh(plan.appraisal.rating_official)
        wanted = plan.elements.filter(mandatory__isnull=False, removed_at=None).count() or 1
        for _ in range(lot.randint(1, 2)):
            self.add(plan, by, is_supervisory=plan.appraisal.is_supervisor and wanted > 0)

    @doing
    def an_element_is_proposed_or_forced(self, lot: Random) -> None:
        plan = self.document(lot, kind=Kind.PERFORMANCE_PLAN)
        if plan is not None:
            by = plan.appraisal.employee if lot.choice([True, False]) else self.somebody(lot)
            self.add(plan, by)

    def add(self, plan: Document, by: Person, *, is_supervisory: bool = False) -> None:
        title = self.world.new_words()
        values = element_values(title, plan.appraisal, self.world.cast)
        values["is_supervisory"] = is_supervisory
        element = self.attempt("add an element", lambda: add_element(plan, by=by, values=values))
        if element is not None:
            self.world.written["element", element.pk].append(title)

    @doing
    def an_element_is_decided(self, lot: Random) -> None:
        held = Element.objects.filter(removed_at=None).order_by("pk")
        drafted = held.filter(plan__state=State.DRAFT)
        proposed = drafted.filter(accepted=False)
        element = one_of(lot, lot.choice([held, drafted, proposed]))
        if element is None:
            return
        asked = lot.choice([True, False])
        by = element.plan.appraisal.rating_official if asked else self.somebody(lot)
        if not element.accepted and lot.choice([True, False]):
            self.attempt("accept an element", lambda: accept_element(element, by=by))
        elif element.mandatory_id is None and lot.randint(0, 3) == 0:
            self.attempt("remove an element", lambda: remove_element(element, by=by))
        else:
            title = self.world.new_words()
            version = element.version - lot.choice([0, 0, 0, 1])
            saved = self.attempt(
                "reword an element",
                lambda: save_element(
                    element, by=by, expected_version=version, values={"title": title}
                ),
            )
            if saved is not None:
                self.world.written["element", element.pk].append(title)

    @doing
    def a_draft_is_filled_in(self, lot: Random) -> None:
        """Every text of it by its own writer, ratings included."""
        draft = self.document(lot, state=State.DRAFT)
        if draft is not None:
            self.fill_in(lot, draft)

    def fill_in(self, lot: Random, draft: Document) -> None:
        for section in draft.sections.all():
            writer = getattr(draft.appraisal, spec_of(draft.kind, section.kind).writer.value)
            self.save(section, draft, writer, lot)

    @doing
    def somebody_writes_somewhere(self, lot: Random) -> None:
        section = one_of(lot, Section.objects.select_related("document").order_by("pk"))
        if section is not None:
            stale = lot.choice([0, 0, 1])
            self.save(section, section.document, self.somebody(lot), lot, stale=stale)

    def save(
        self,
        section: Section,
        document: Document,
        by: Person,
        lot: Random,
        *,
        stale: int = 0,
    ) -> None:
        spec = spec_of(document.kind, section.kind)
        level = lot.choice([*dict(spec.levels), *MOSTLY]) if spec.levels else None
        self.save_level(section, by, level, stale=stale)

    def save_level(
        self, section: Section, by: Person, level: int | None, *, stale: int = 0
    ) -> None:
        text = self.world.new_words()
        saved = self.attempt(
            "save a text",
            lambda: save_section(
                section,
                by=self.world.fresh(by),
                expected_version=section.version - stale,
                text=text,
                level=level,
            ),
        )
        if saved is not None:
            self.world.written["section", section.pk].append(text)

    @doing
    def elements_are_copied(self, lot: Random) -> None:
        source, target = (
            self.document(lot, kind=Kind.PERFORMANCE_PLAN),
            self.document(lot, kind=Kind.PERFORMANCE_PLAN, state=State.DRAFT),
        )
        if source is None or target is None or source == target:
            return
        by = self.world.fresh(target.appraisal.rating_official)
        elements = list(source.elements.filter(removed_at=None))
        self.attempt("copy elements", lambda: copy_elements(elements, into=target, by=by))


class Steps(Doings):
    @doing
    def a_review_is_started(self, lot: Random) -> None:
        record = self.record(lot)
        if record is not None:
            asked = lot.choice([True, False])
            by = record.rating_official if asked else self.somebody(lot)
            self.attempt("start a review", lambda: start_progress_review(record, by=by))

    @doing
    def an_appraisal_is_started(self, lot: Random) -> None:
        record = self.record(lot)
        if record is not None:
            asked = lot.choice([True, False])
            by = record.rating_official if asked else self.somebody(lot)
            self.attempt("start an appraisal", lambda: start_annual_appraisal(record, by=by))

    @doing
    def whose_turn_it_is_goes_on(self, lot: Random) -> None:
        most = lot.randint(1, 4)
        document = self.document(lot, state__in=list(TURN))
        if document is not None:
            self.go_on(lot, document, most)

    def go_on(self, lot: Random, document: Document, most: int) -> None:
        """Whoever's turn it is takes the main step, or another that they may; a draft when it is ready."""
        for _ in range(most):
            document = Document.objects.with_contents().get(pk=document.pk)
            with clock.frozen(self.world.today):
                if document.state == State.DRAFT and document_problems(document):
                    return
                party = TURN.get(document.state)
                person = getattr(document.appraisal, party.value) if party else None
                steps = (
                    [row for row in available(document, person) if row.moves_to] if person else []
                )
            row = one_of(lot, steps[:1] if lot.randint(0, 3) else steps)
            if row is None:
                return
            self.take(lot, document, row.name, person)

    @doing
    def somebody_tries_a_step(self, lot: Random) -> None:
        document = self.document(lot)
        if document is not None:
            name = lot.choice(sorted(TRANSITIONS))
            self.take(lot, document, name, self.somebody(lot))

    @doing
    def a_step_comes_twice(self, lot: Random) -> None:
        document = self.document(lot, state__in=[State.IN_REVIEW, State.COMMUNICATED])
        if document is not None:
            person = getattr(document.appraisal, TURN[document.state].value)
            row = one_of(lot, available(document, person)) if person else None
            if row is not None:
                key = uuid.uuid4()
                self.take(lot, document, row.name, person, key=key)
                before = document.events.filter(name=row.name).count()
                self.attempt(
                    "take a step again",
                    lambda: self.advanced(document, row.name, person, key),
                )
                assert document.events.filter(name=row.name).count() == before

    def take(
        self, lot, document: Document, name: str, by: Person, *, key: uuid.UUID | None = None
    ) -> None:
        by = self.world.fresh(by)
        done = self.attempt(f"step {name}", lambda: self.advanced(document, name, by, key))
        if done is not None:
            self.world.taken[document.pk, name] += 1
            self.came_about(done)

    def advanced(
        self, document: Document, name: str, by: Person, key: uuid.UUID | None
    ) -> Document:
        today = self.world.today
        given = replace(self.given(), happened_on=today if TRANSITIONS[name].for_whom else None)
        return advance(document, name, by=by, given=given, request_key=key)

    def given(self) -> Given:
        return Given(
            reason="Because it was so.",
            about=ReturnReason.STANDARDS,
            discussed_on=self.world.today,
            method="F",
            signed_by="A. Signer",
            witness="W. Witness",
        )
