"""Somebody leaves, moves, goes on a detail or hands over (R9); the day after comes; HR puts right what is left."""

import datetime as dt
from random import Random

from django.db.models import F

from appraisals.models import Appraisal, Departure, DepartureKind, DepartureState
from appraisals.models.departure import Arrangement
from appraisals.services.cycles import change_cycle, cycles_to_follow
from appraisals.services.departures import decide_departure, rehearse, run_due, take_back
from appraisals.services.leaving import Leaving
from appraisals.services.reorganizing import apply_due
from appraisals.services.stranded import FINDINGS, OFFICIAL_GONE, put_right, stranded
from orgchart import clock
from orgchart.models import Assignment, Person
from tests.years.doings import Doings, doing, doing_often
from tests.years.world import digest, one_of

DECIDED = [kind for kind in DepartureKind if kind != DepartureKind.RETURNS]


class Departures(Doings):
    def wanted(self, lot: Random, person: Person) -> Leaving:
        kind = lot.choice(DECIDED)
        last_day = self.world.today + dt.timedelta(days=lot.choice([-20, 0, 3, 14, 25, 60]))
        detail = kind == DepartureKind.DETAIL
        moves = kind == DepartureKind.MOVES or (detail and lot.choice([True, False]))
        place = one_of(lot, self.world.cast.places.values()) if lot.choice([True, False]) else None
        people = Assignment.objects.on(self.world.today).filter(supervisor=person)
        chosen = Person.objects.filter(pk__in=people.values("employee")).order_by("pk")[:1]
        whole = kind != DepartureKind.HANDS_OVER or lot.choice([True, False])
        arrangement = lot.choice(list(Arrangement))
        others = [each for each in self.world.everybody if each != person]
        return Leaving(
            person=person,
            kind=kind,
            last_day=last_day,
            reason="It is so.",
            arrangement=arrangement,
            successor=None if arrangement == Arrangement.VACANT else lot.choice(others),
            people=() if whole else tuple(chosen),
            whole_team=whole,
            back_on=last_day + dt.timedelta(days=lot.randint(20, 120)) if detail else None,
            gaining_supervisor=lot.choice(others) if moves else None,
            gaining_organization=place if moves else None,
            goes_to="Department of the Navy" if kind == DepartureKind.TRANSFERS else "",
            changes_chart=lot.choice([True, True, False]),
            shares=self.shares(lot, person, others) if not lot.randint(0, 3) else (),
        )

    def shares(
        self, lot: Random, person: Person, others: list[Person]
    ) -> tuple[tuple[Person, tuple[Person, ...]], ...]:
        """A part of the team, or of those they rate, to somebody else."""
        rated = Appraisal.objects.filter(rating_official=person).values("employee")
        part = tuple(Person.objects.filter(pk__in=rated).order_by("-pk")[: lot.randint(1, 2)])
        return ((lot.choice(others), part),) if part else ()

    @doing_often
    def a_departure_is_decided(self, lot: Random) -> None:
        """Looked at before, sometimes; whoever rates somebody is the one to leave as often as not."""
        rates = Appraisal.objects.filter(not_rated="").order_by("pk").select_related()
        record = one_of(lot, rates) if lot.choice([True, False]) else None
        person = self.world.fresh(record.rating_official) if record else self.somebody(lot)
        by, wanted = (
            self.asked_or_somebody(lot, self.world.cast.hr_of_all),
            self.wanted(lot, person),
        )
        if not lot.randint(0, 3):
            self.looked_at(wanted, by)
        name = "departure: a team is split" if wanted.shares else f"departure: {wanted.kind}"
        self.attempt(name, lambda: decide_departure(wanted, by=by))

    def looked_at(self, wanted: Leaving, by: Person) -> None:
        """A preview changes nothing."""
        before = digest()
        self.attempt("look at a departure", lambda: rehearse(wanted, by=by))
        assert digest() == before, "a preview changed something"

    @doing
    def a_departure_is_taken_back(self, lot: Random) -> None:
        row = one_of(lot, Departure.objects.select_related("person", "by").order_by("-state", "pk"))
        if row is not None:
            by = self.asked_or_somebody(lot, row.by)
            self.attempt("take back a departure", lambda: take_back(row, by=by))

    @doing_often
    def the_night_comes(self, lot: Random) -> None:
        """What was planned for a day that is over is carried out, and twice is once."""
        self.world.today += dt.timedelta(days=lot.choice([0, 1, 1, 30]))
        with clock.frozen(self.world.today):
            apply_due()
            # What was given for a time may be due back already.
            due = [run_due(), run_due()]
            assert not run_due(), f"a departure was carried out twice: {due}"
        ahead = Departure.objects.filter(state=DepartureState.PLANNED)
        assert not ahead.filter(last_day__lt=self.world.today).exists()
        self.world.done["the night"] += 1

    @doing
    def stranded_records_are_put_right(self, lot: Random) -> None:
        """Those that nobody can be proposed for stay on the list; the others leave it."""
        by = self.asked_or_somebody(lot, self.world.cast.hr_of_all)
        with clock.frozen(self.world.today):
            mended = [finding for finding in FINDINGS if finding.act is put_right]
            found = [record.pk for finding in mended for record in stranded(finding, ["/"])]
        done = self.attempt(
            "put right", lambda: put_right(found, by=by, reason="Nobody was there.")
        )
        if done is not None:
            self.assert_mended(done)

    def assert_mended(self, done) -> None:
        with clock.frozen(self.world.today):
            left = {record.pk for record in stranded(OFFICIAL_GONE, ["/"])}
        assert not left & {each.record.pk for each in done}, "put right, and still with nobody"

    @doing
    def a_record_follows_another_calendar(self, lot: Random) -> None:
        longer = Appraisal.objects.with_people().order_by(F("extended_until").desc(nulls_last=True))
        records = list(longer[:9])
        found = [(each, cycles_to_follow(each)) for each in records]
        record, cycles = next((pair for pair in found if pair[1]), (None, []))
        cycle = one_of(lot, cycles)
        if record is not None and cycle is not None:
            by = self.asked_or_somebody(lot, self.world.cast.hr_of_all)
            self.attempt(
                "change the cycle", lambda: change_cycle(record, cycle, reason="Moved.", by=by)
            )
