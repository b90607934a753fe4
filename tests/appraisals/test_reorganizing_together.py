"""Two administrators, or an administrator and the schedule, at one moment."""

import datetime as dt

import pytest

from appraisals.models import Appraisal
from appraisals.services.reorganizing import apply_due, decide, undo
from orgchart import clock, services
from orgchart.models import Assignment, Organization, OrgEvent, Reorganization, RoleGrant
from orgchart.services.reorganizing import Wanted
from tests.cast import make_cast, make_record
from tests.orgchart.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)
TODAY, AHEAD = dt.date(2027, 2, 1), dt.date(2027, 3, 1)


@pytest.fixture
def cast():
    with clock.frozen(TODAY):
        cast = make_cast()
        RoleGrant.objects.create(
            person=cast.people["army_chief"],
            role="hr_administrator",
            organization=cast.places["DOD"],
            starts_on=TODAY,
        )
        yield cast


def deciding(cast, kind, code, *, on=TODAY, target=""):
    def act() -> None:
        with clock.frozen(TODAY):
            wanted = Wanted(
                kind=kind,
                organization=Organization.objects.get(code=code),
                target=Organization.objects.get(code=target) if target else None,
                effective_on=on,
                reason="Two at once.",
            )
            decide(wanted, by=cast.people["army_chief"])

    return act


def due(day=AHEAD):
    def act() -> None:
        with clock.frozen(day):
            apply_due()

    return act


def test_two_units_are_not_merged_into_each_other(cast):
    make_record(cast)
    outcomes = together(
        deciding(cast, "merge", "FIRE", target="WORKS"),
        deciding(cast, "merge", "WORKS", target="FIRE"),
    )
    assert outcomes.count("done") == 1
    assert Organization.objects.filter(closed_on=TODAY).count() == 1
    still_open = Organization.objects.get(code__in=["FIRE", "WORKS"], closed_on=None)
    people = Assignment.objects.on(TODAY).filter(organization__code__in=["FIRE", "WORKS"])
    assert set(people.values_list("organization__code", flat=True)) == {still_open.code}
    assert Appraisal.objects.get().organization == still_open


def test_two_workers_carry_out_what_is_due_once(cast):
    deciding(cast, "merge", "FIRE", on=AHEAD, target="WORKS")()
    assert together(due(), due()) == ["done", "done"]
    assert Reorganization.objects.get().state == "applied"
    assert OrgEvent.objects.filter(what="organization_merged").count() == 1


def test_taken_back_or_carried_out_never_both(cast):
    deciding(cast, "merge", "FIRE", on=AHEAD, target="WORKS")()
    row = Reorganization.objects.get()

    def take_back() -> None:
        with clock.frozen(AHEAD):
            undo(row, by=cast.people["army_chief"])

    together(take_back, due())
    row.refresh_from_db()
    is_closed = Organization.objects.filter(code="FIRE", closed_on=AHEAD).exists()
    assert (row.state, is_closed) in [("undone", False), ("applied", True)]


def test_nobody_is_assigned_to_a_unit_while_it_is_closed(cast):
    Organization.objects.create(code="OLD", name="Old", kind_id="branch", parent=cast.places["CMD"])
    held = Assignment.objects.get(employee=cast.colleague)

    def assign() -> None:
        with clock.frozen(TODAY):
            services.assign(
                cast.colleague,
                supervisor=held.supervisor,
                organization=Organization.objects.get(code="OLD"),
                position=held.position,
                starts_on=TODAY,
                by=None,
            )

    outcomes = together(assign, deciding(cast, "close", "OLD"))
    assert outcomes.count("done") == 1
    old = Organization.objects.get(code="OLD")
    assert Assignment.objects.on(TODAY).filter(organization=old).exists() == (old.closed_on is None)


def test_a_loop_of_two_changes_is_refused_to_one_of_them(cast):
    people = cast.people

    def under(lower, upper):
        def act() -> None:
            with clock.frozen(TODAY):
                wanted = Wanted(
                    kind="supervisor",
                    organization=cast.places["CMD"],
                    former_supervisor=Assignment.objects.on(TODAY).get(employee=lower).supervisor,
                    person=upper,
                    people=[lower],
                    effective_on=TODAY,
                    reason="Two at once.",
                )
                decide(wanted, by=people["army_chief"])

        return act

    one, other = people["rating_official"], people["official_elsewhere"]
    outcomes = together(under(one, other), under(other, one))
    assert outcomes.count("done") == 1
    assert any("own chain of command" in each for each in outcomes)
