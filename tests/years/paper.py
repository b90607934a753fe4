"""Paper forms are entered afterwards (R4.7): copied in by others, with the days that stand on them."""

import datetime as dt
from dataclasses import replace
from random import Random

from appraisals.models import Document, Kind, State
from appraisals.problems import plan_of
from appraisals.services.on_paper import OPENED, begin_paper, enter_signed, leave_paper
from appraisals.transitions import needs_review
from appraisals.workflow import Given
from orgchart.models import Person
from tests.years.doings import doing, doing_often
from tests.years.going_on import GoingOn
from tests.years.world import one_of


class Paper(GoingOn):
    @doing
    def a_paper_form_is_begun(self, lot: Random) -> None:
        record = self.record(lot)
        if record is None:
            return
        by = self.asked_or_somebody(lot, self.who_enters(lot, record))
        # A statement from another office is what else nobody begins.
        kind = lot.choice([*OPENED, Kind.NARRATIVE_STATEMENT, Kind.NARRATIVE_STATEMENT])
        last = self.world.today - dt.timedelta(days=lot.randint(-1, 10))
        covers = (last - dt.timedelta(days=lot.randint(0, 20)), last)
        self.attempt(
            "begin paper",
            lambda: begin_paper(record, kind, why="No computer.", by=by, covers=covers),
        )

    def who_enters(self, lot: Random, record) -> Person:
        return lot.choice([record.rating_official, record.rating_official, self.world.cast.hr])

    @doing_often
    def a_paper_form_is_begun_and_entered(self, lot: Random) -> None:
        self.a_paper_form_is_begun(lot)
        self.what_is_signed_on_paper_is_entered(lot)

    @doing
    def a_paper_form_is_left(self, lot: Random) -> None:
        document = one_of(lot, Document.objects.filter(on_paper=True).order_by("-pk"))
        if document is not None:
            by = self.asked_or_somebody(lot, document.appraisal.rating_official)
            self.attempt("leave paper", lambda: leave_paper(document, by=by))

    @doing
    def what_is_signed_on_paper_is_entered(self, lot: Random) -> None:
        """Copied in, and the steps on the form in their order: all of them or none."""
        held = Document.objects.filter(on_paper=True, state=State.DRAFT).order_by("pk")
        document = one_of(lot, held)
        if document is None:
            return
        document = self.read(document)
        by = self.asked_or_somebody(lot, self.who_enters(lot, document.appraisal))
        self.copied_in(lot, document, by)
        document = self.read(document)
        steps = ["submit", "record_approval"] if needs_review(document) else ["finish"]
        steps += ["communicate", lot.choice(["record_signature", "record_acknowledgment"])]
        signed = self.world.today - dt.timedelta(days=lot.choice([0, 0, 1, 5, 40, -1]))
        given = replace(self.given(), discussed_on=signed, happened_on=signed)
        entered: list[tuple[str, Given]] = [(name, given) for name in steps]
        done = self.attempt("enter paper", lambda: enter_signed(document, entered, by=by))
        if done is not None:
            assert done.communicated_on == signed
            for name in steps:
                self.world.taken[done.pk, name] += 1
                self.world.done[f"step {name}"] += 1
            self.came_about(self.read(done))
            self.came_into_force(self.read(done))

    def copied_in(self, lot: Random, document: Document, by: Person) -> None:
        """Every text of the form by the one who enters it, the employee's own words as well."""
        plan = plan_of(document.appraisal)
        if plan is not None and plan.pk == document.pk:
            self.plan_ready(document)
        for section in document.sections.all():
            self.save(section, document, by, lot)
