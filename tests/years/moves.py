"""People come, go and answer to others; units move; officials are named."""

import datetime as dt
from dataclasses import replace
from random import Random

from appraisals.services.officials import name_officials
from appraisals.services.reorganizing import apply_due, decide, undo
from orgchart import clock
from orgchart.models import Assignment, Organization, Reorganization
from orgchart.models.reorganization import Kind
from orgchart.services import assign, change_supervisor, separate
from orgchart.services.reorganizing import Wanted
from tests.years.doings import Doings, doing
from tests.years.world import one_of


class Moves(Doings):
    def held(self, lot: Random) -> Assignment | None:
        return one_of(
            lot, Assignment.objects.on(self.world.today).filter(ends_on=None).order_by("pk")
        )

    @doing
    def somebody_works_elsewhere(self, lot: Random) -> None:
        ahead = lot.randint(0, 40)
        held = self.held(lot)
        if held is None:
            return
        place = one_of(lot, self.world.cast.places.values())
        starts_on = self.world.today + dt.timedelta(days=ahead)
        supervisor = held.supervisor if lot.choice([True, False]) else self.somebody(lot)
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

    @doing
    def somebody_answers_to_another(self, lot: Random) -> None:
        held = self.held(lot)
        if held is not None:
            boss, day = self.somebody(lot), self.world.today
            self.attempt(
                "change a supervisor",
                lambda: change_supervisor(held.employee, supervisor=boss, starts_on=day, by=None),
            )

    @doing
    def somebody_leaves(self, lot: Random) -> None:
        ahead = lot.randint(0, 30)
        held = self.held(lot)
        if held is not None:
            last = self.world.today + dt.timedelta(days=ahead)
            self.attempt("leave", lambda: separate(held.employee, on=last, by=None))

    @doing
    def officials_are_named(self, lot: Random) -> None:
        record = self.record(lot)
        if record is not None:
            by = (
                self.world.fresh(self.world.cast.hr)
                if lot.choice([True, False])
                else self.somebody(lot)
            )
            rates, reviews = self.somebody(lot), self.somebody(lot)
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

    @doing
    def a_unit_is_reorganized(self, lot: Random) -> None:
        ahead = lot.randint(0, 30)
        world = self.world
        unit = one_of(lot, Organization.objects.exclude(parent=None).order_by("pk"))
        kinds = [Kind.MOVE, Kind.MERGE, Kind.CLOSE, Kind.RENAME, Kind.HEAD, Kind.SUPERVISOR]
        kind = lot.choice(kinds)
        wanted = Wanted(
            kind=kind,
            organization=unit,
            effective_on=world.today + dt.timedelta(days=ahead),
            reason="It is better so.",
            target=one_of(lot, Organization.objects.order_by("pk"))
            if kind in (Kind.MOVE, Kind.MERGE)
            else None,
            name=world.new_words() if kind == Kind.RENAME else "",
            person=self.somebody(lot) if kind in (Kind.HEAD, Kind.SUPERVISOR) else None,
            former_supervisor=self.somebody(lot) if kind == Kind.SUPERVISOR else None,
            whole_team=kind == Kind.SUPERVISOR,
            officials_follow=lot.choice([True, False]),
        )
        if kind == Kind.SUPERVISOR and (held := self.held(lot)):
            wanted = replace(
                wanted, organization=held.organization, former_supervisor=held.supervisor
            )
        by = self.asked_or_somebody(lot, world.cast.hr_of_all)
        self.attempt(f"reorganize: {kind}", lambda: decide(wanted, by=by))

    @doing
    def a_reorganization_is_undone(self, lot: Random) -> None:
        row = one_of(lot, Reorganization.objects.order_by("-pk")[:3])
        if row is not None:
            by = self.asked_or_somebody(lot, self.world.cast.hr_of_all)
            self.attempt("undo", lambda: undo(row, by=by))

    @doing
    def what_was_planned_comes_due(self, lot: Random) -> None:
        with clock.frozen(self.world.today):
            apply_due()
