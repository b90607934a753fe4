"""A plan that was approved changes in the middle of its year (R3.9)."""

from random import Random

from appraisals.models import Document, ElementChange, Kind, State
from appraisals.services.plan_change import (
    add_to_change,
    remove_in_change,
    reword_in_change,
    save_element_change,
    start_plan_change,
    take_out_of_change,
)
from tests.years.doings import doing, doing_often, element_values
from tests.years.going_on import GoingOn
from tests.years.world import one_of


class PlanChanges(GoingOn):
    @doing_often
    def a_plan_is_changed(self, lot: Random) -> None:
        """Begun, an element worded anew or added, and so far as it goes."""
        any_plan = self.document(lot, kind=Kind.PERFORMANCE_PLAN, approved_on__isnull=False)
        plan = self.plan_in_force(lot) if lot.randint(0, 3) else any_plan
        if plan is None:
            return
        by = self.asked_or_somebody(lot, plan.appraisal.rating_official)
        change = self.attempt("change a plan", lambda: start_plan_change(plan.appraisal, by=by))
        if change is None:
            return
        element = one_of(lot, plan.elements.filter(removed_at=None, accepted=True).order_by("pk"))
        doing = lot.choice(["reword", "reword", "add", "remove"])
        if doing == "add" or element is None:
            values = element_values(self.world.new_words(), plan.appraisal, self.world.cast)
            added = self.attempt(
                "add in a change", lambda: add_to_change(change, by=by, values=values)
            )
            self.note(added)
        elif doing == "remove":
            self.attempt("remove in a change", lambda: remove_in_change(change, element, by=by))
        else:
            row = self.attempt(
                "reword in a change", lambda: reword_in_change(change, element, by=by)
            )
            if row is not None:
                self.write(row, by)
        self.go_on(lot, change, lot.randint(0, 4))

    @doing
    def somebody_writes_in_a_change(self, lot: Random) -> None:
        rows = ElementChange.objects.select_related("document").order_by("pk")
        drafted = rows.filter(document__state=State.DRAFT, removed_at=None)
        row = one_of(lot, lot.choice([rows, drafted, drafted]))
        if row is None:
            return
        by = self.asked_or_somebody(lot, row.document.appraisal.rating_official)
        if lot.randint(0, 4):
            self.write(row, by, stale=lot.choice([0, 0, 1]))
        else:
            self.attempt("take out of a change", lambda: take_out_of_change(row, by=by))

    def write(self, row: ElementChange, by, *, stale: int = 0) -> None:
        title = self.world.new_words()
        saved = self.attempt(
            "write in a change",
            lambda: save_element_change(
                row, by=by, expected_version=row.version - stale, values={"title": title}
            ),
        )
        self.note(saved)

    def note(self, row: ElementChange | None) -> None:
        if row is not None:
            self.world.written["change", row.pk].append(row.title)

    def came_about(self, document) -> None:
        super().came_about(document)
        if document.state == State.COMMUNICATED:
            self.came_into_force(document)

    def came_into_force(self, document: Document) -> None:
        """The words of the change are the words of the plan."""
        if document.kind == Kind.PLAN_CHANGE:
            for row in document.element_changes.filter(removed_at=None, action="reword"):
                if self.world.written["element", row.element_id][-1:] != [row.title]:
                    self.world.written["element", row.element_id].append(row.title)
