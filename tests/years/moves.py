"""People come, go and answer to others; units move; officials are named."""

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import rule

from appraisals.services.officials import name_officials
from appraisals.services.reorganizing import apply_due, decide, undo
from orgchart import clock
from orgchart.models import Assignment, Organization, Reorganization
from orgchart.models.reorganization import Kind
from orgchart.services import assign, change_supervisor, separate
from orgchart.services.reorganizing import Wanted
from tests.years.doings import DATA, Doings
from tests.years.world import one_of


class Moves(Doings):
    def held(self, data: st.DataObject) -> Assignment | None:
        return one_of(
            data, Assignment.objects.on(self.world.today).filter(ends_on=None).order_by("pk")
        )

    @rule(data=DATA, ahead=st.integers(0, 40))
    def somebody_works_elsewhere(self, data: st.DataObject, ahead: int) -> None:
        held = self.held(data)
        if held is None:
            return
        place = one_of(data, self.world.cast.places.values())
        starts_on = self.world.today + dt.timedelta(days=ahead)
        supervisor = held.supervisor if data.draw(st.booleans()) else self.somebody(data)
        self.attempt(
            "move somebody",
            lambda: assign(
                held.employee,
                supervisor=supervisor,
                organization=place,
                position=held.position,
                starts_on=starts_on,
                by=None,
            ),
        )

    @rule(data=DATA)
    def somebody_answers_to_another(self, data: st.DataObject) -> None:
        held = self.held(data)
        if held is not None:
            boss, day = self.somebody(data), self.world.today
            self.attempt(
                "change a supervisor",
                lambda: change_supervisor(held.employee, supervisor=boss, starts_on=day, by=None),
            )

    @rule(data=DATA, ahead=st.integers(0, 30))
    def somebody_leaves(self, data: st.DataObject, ahead: int) -> None:
        held = self.held(data)
        if held is not None:
            last = self.world.today + dt.timedelta(days=ahead)
            self.attempt("leave", lambda: separate(held.employee, on=last, by=None))

    @rule(data=DATA)
    def officials_are_named(self, data: st.DataObject) -> None:
        record = self.record(data)
        if record is not None:
            by = (
                self.world.fresh(self.world.cast.hr)
                if data.draw(st.booleans())
                else self.somebody(data)
            )
            rates, reviews = self.somebody(data), self.somebody(data)
            self.attempt(
                "name officials",
                lambda: name_officials(
                    record,
                    rating_official=rates,
                    higher_level_reviewer=reviews,
                    by=by,
                    reason="So it is.",
                ),
            )

    @rule(data=DATA, ahead=st.integers(0, 30))
    def a_unit_is_reorganized(self, data: st.DataObject, ahead: int) -> None:
        world = self.world
        unit = one_of(data, Organization.objects.exclude(parent=None).order_by("pk"))
        kind = data.draw(
            st.sampled_from(
                [Kind.MOVE, Kind.MERGE, Kind.CLOSE, Kind.RENAME, Kind.HEAD, Kind.SUPERVISOR]
            )
        )
        wanted = Wanted(
            kind=kind,
            organization=unit,
            effective_on=world.today + dt.timedelta(days=ahead),
            reason="It is better so.",
            target=one_of(data, Organization.objects.order_by("pk"))
            if kind in (Kind.MOVE, Kind.MERGE)
            else None,
            name=world.new_words() if kind == Kind.RENAME else "",
            person=self.somebody(data) if kind in (Kind.HEAD, Kind.SUPERVISOR) else None,
            former_supervisor=self.somebody(data) if kind == Kind.SUPERVISOR else None,
            whole_team=kind == Kind.SUPERVISOR,
            officials_follow=data.draw(st.booleans()),
        )
        by = world.fresh(world.cast.hr) if data.draw(st.integers(0, 3)) else self.somebody(data)
        self.attempt(f"reorganize: {kind}", lambda: decide(wanted, by=by))

    @rule(data=DATA)
    def a_reorganization_is_undone(self, data: st.DataObject) -> None:
        row = one_of(data, Reorganization.objects.order_by("pk"))
        if row is not None:
            self.attempt("undo", lambda: undo(row, by=self.somebody(data)))

    @rule()
    def what_was_planned_comes_due(self) -> None:
        with clock.frozen(self.world.today):
            apply_due()
