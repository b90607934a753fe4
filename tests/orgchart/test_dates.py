"""Random careers, kept by the services and by a plain list of who answered to whom on which day."""

from datetime import date, timedelta
from itertools import pairwise

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from orgchart import selectors, services
from orgchart.errors import Refused
from orgchart.models import Assignment, Position
from tests.factories import OrganizationFactory, PersonFactory

FIRST = date(2026, 1, 1)
DAYS = 6
PEOPLE = 4
POSITION = Position(
    position_title="Analyst",
    position_number="1",
    pay_plan="GS",
    occupational_series="0343",
    grade="11",
    step="1",
    duty_station="Maryland",
    is_supervisor=False,
    bargaining_unit="8888",
    position_start_date=FIRST,
    covered=True,
    exclusion_reason="",
)
number = st.integers(0, PEOPLE - 1)
day = st.integers(0, DAYS - 1)
moves = st.lists(
    st.one_of(
        st.tuples(st.just("assign"), number, st.none() | number, day),
        st.tuples(st.just("separate"), number, st.none(), day),
    ),
    max_size=16,
)


class Careers:
    """For each person a list of (supervisor, first day, last day); None is open."""

    def __init__(self) -> None:
        self.rows: dict[int, list[list[int | None]]] = {person: [] for person in range(PEOPLE)}

    def supervisor(self, person: int, on: int) -> int | None:
        for supervisor, first, last in self.rows[person]:
            if first <= on and (last is None or on <= last):
                return supervisor
        return None

    def chain(self, person: int, on: int) -> list[int]:
        above: list[int] = []
        while (next_up := self.supervisor(([person, *above])[-1], on)) is not None:
            if next_up in above or next_up == person:
                raise RecursionError
            above.append(next_up)
        return above

    def is_sound(self) -> bool:
        for rows in self.rows.values():
            closed = sorted((first, DAYS * 9 if last is None else last) for _, first, last in rows)
            if any(a[1] >= b[0] for a, b in pairwise(closed)):
                return False
        try:
            # Past the last day everything that is open stays as it is.
            [self.chain(person, on) for person in range(PEOPLE) for on in range(DAYS + 1)]
        except RecursionError:
            return False
        return True

    def assign(self, person: int, supervisor: int | None, on: int) -> bool:
        rows = self.rows[person]
        before = [list(row) for row in rows]
        opened = next((row for row in rows if row[2] is None), None)
        if opened and opened[0] == supervisor:
            return True
        if opened and on < opened[1]:
            return False
        if opened and on == opened[1]:
            opened[0] = supervisor
        else:
            if opened:
                opened[2] = on - 1
            rows.append([supervisor, on, None])
        if supervisor == person or not self.is_sound():
            self.rows[person] = before
            return False
        return True

    def separate(self, person: int, on: int) -> bool:
        opened = next((row for row in self.rows[person] if row[2] is None), None)
        if opened is None or on < opened[1]:
            return False
        if any(self.supervisor(other, on + 1) == person for other in range(PEOPLE)):
            return False
        opened[2] = on
        return True


class CareersTest(TestCase):
    @given(moves)
    @settings(max_examples=15)
    def test_services_and_selectors_agree_with_plain_lists(self, story):
        people = [PersonFactory() for _ in range(PEOPLE)]
        unit, by, careers = OrganizationFactory(), PersonFactory(), Careers()
        for what, who, supervisor, on in story:
            expected = (
                careers.assign(who, supervisor, on)
                if what == "assign"
                else careers.separate(who, on)
            )
            assert did(what, people, who, supervisor, on, unit, by) == expected
        for on in range(DAYS + 1):
            check_day(people, careers, on)


def did(what, people, who, supervisor, on, unit, by) -> bool:
    """Whether the service did it; a refusal leaves no trace."""
    when = FIRST + timedelta(days=on)
    try:
        with transaction.atomic():
            if what == "separate":
                services.separate(people[who], on=when, by=by)
            else:
                services.assign(
                    people[who],
                    supervisor=None if supervisor is None else people[supervisor],
                    organization=unit,
                    position=POSITION,
                    starts_on=when,
                    by=by,
                )
    except Refused:
        return False
    return True


def check_day(people, careers, on) -> None:
    when = FIRST + timedelta(days=on)
    for who, person in enumerate(people):
        assert Assignment.objects.on(when).filter(employee=person).count() <= 1
        chain = [people.index(one) for one in selectors.chain_above(person, on=when)]
        assert chain == careers.chain(who, on)
        above = selectors.supervisor_of(person, on=when)
        assert (above and people.index(above)) == careers.supervisor(who, on)
        reviewer = selectors.higher_level_reviewer_of(person, on=when)
        assert (reviewer and people.index(reviewer)) == (chain[1] if len(chain) > 1 else None)
        below = {people.index(one) for one in selectors.everyone_below(person, on=when)}
        assert below == {other for other in range(PEOPLE) if who in careers.chain(other, on)}
        reports = {people.index(one) for one in selectors.direct_reports(person, on=when)}
        assert reports == {o for o in range(PEOPLE) if careers.supervisor(o, on) == who}
