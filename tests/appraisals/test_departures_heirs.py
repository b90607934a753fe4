"""Who can take over, and who cannot (R8, R9): refused in a sentence, whoever asks, and nothing is changed."""

import datetime as dt

import pytest

from appraisals.models import Appraisal, Departure, DepartureState, Document
from orgchart.errors import Refused
from orgchart.models import Assignment, RoleGrant
from orgchart.selectors import direct_reports, supervisor_of
from tests.appraisals.leaving import DAY_AFTER, LAST_DAY, decided, make_team, run_on
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

PEOPLE = ("person", "successor", "gaining_supervisor")
LED = "works under Dana Official"


@pytest.fixture
def cast() -> Cast:
    """HR of the department decides, so that nobody is out of reach."""
    made = make_cast()
    RoleGrant.objects.filter(person=made.hr).update(organization=made.places["DOD"])
    make_team(made, 3)
    return made


def named(cast: Cast, fields: dict[str, object]) -> dict[str, object]:
    """People by their name in the cast."""
    found = {
        name: cast.people[key] if name in PEOPLE and key else key for name, key in fields.items()
    }
    if "people" in found:
        found |= {"people": (cast.people[found["people"]],), "whole_team": False}
    return found


OWN = {"successor": "rating_official"}
TO_THEMSELVES = {
    "person": "colleague",
    "kind": "moves",
    "successor": None,
    "gaining_supervisor": "colleague",
}
NOWHERE = {"person": "colleague", "kind": "moves", "successor": None}
COMES_BACK = {"back_on": dt.date(2027, 1, 4)}
BELOW_THE_TEAM = {"person": "higher_level_reviewer", "successor": "colleague"}
BELOW_HANDED = {"kind": "hands_over", "people": "rating_official"}
ONE_OF_THEM = {"kind": "hands_over", "successor": "member2", "people": "member2"}
LED_BY_THEM = {"kind": "moves", "gaining_supervisor": "member1", "people": "member2"}
SOME_OF_THEM = {"people": "member2"}
NOBODY_ABOVE = {"successor": "secretary"}


@pytest.mark.parametrize("changes_chart", [True, False])
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param(OWN, "Nobody takes over from themselves", id="themselves"),
        pytest.param(TO_THEMSELVES, "or rates themselves", id="their own supervisor"),
        pytest.param(NOWHERE, "Name the supervisor they move to", id="nowhere"),
        pytest.param(COMES_BACK, "Only who is on a detail or away", id="back from nowhere"),
        pytest.param(BELOW_THE_TEAM, f"Carl Colleague {LED} and cannot rate", id="below the team"),
        pytest.param(
            BELOW_HANDED | {"person": "higher_level_reviewer", "successor": "member3"},
            f"Member Number3 {LED} and cannot rate",
            id="below one who is handed over",
        ),
        pytest.param(ONE_OF_THEM, "is one of those who are handed over", id="one of them"),
        pytest.param(LED_BY_THEM, f"Member Number1 {LED} and cannot rate them", id="led by them"),
        pytest.param(SOME_OF_THEM, "2 people whom Dana Official rates or", id="some stay behind"),
        pytest.param(
            NOBODY_ABOVE,
            "Nobody is above Secretary Top who could review the record of Member Number1,",
            id="reports to nobody",
        ),
    ],
)
def test_who_cannot_take_over_is_refused_in_a_sentence(
    cast: Cast, fields: dict[str, object], sentence: str, *, changes_chart: bool
) -> None:
    with pytest.raises(Refused, match=sentence):
        decided(cast, changes_chart=changes_chart, **named(cast, fields))
    assert not Departure.objects.exists()


def test_somebody_who_has_left_takes_nothing_over(cast: Cast) -> None:
    Assignment.objects.filter(employee=cast.former_rating_official).update(ends_on=LAST_DAY)
    with pytest.raises(Refused, match="Fern Former does not work here on 1 December 2026"):
        decided(cast)


def test_behind_us_it_is_refused_as_well(cast: Cast) -> None:
    with pytest.raises(Refused, match=LED):
        decided(cast, on=dt.date(2026, 12, 4), changes_chart=False, **named(cast, BELOW_THE_TEAM))
    assert not Departure.objects.exists()


def test_whoever_came_to_work_under_the_team_meanwhile_takes_nothing_over(cast: Cast) -> None:
    departure = decided(cast)
    held = Assignment.objects.filter(employee=cast.former_rating_official)
    held.update(supervisor=cast.people["member1"])
    run_on(DAY_AFTER)
    departure.refresh_from_db()
    assert departure.state == DepartureState.FAILED
    assert departure.outcome.startswith("Fern Former works under Member Number1")


def test_with_another_reviewer_named_somebody_above_everybody_can_act(cast: Cast) -> None:
    Appraisal.objects.update(higher_level_reviewer=cast.navy_chief)
    decided(cast, **named(cast, NOBODY_ABOVE))
    run_on(DAY_AFTER)
    found = Appraisal.objects.values_list("rating_official", "higher_level_reviewer").distinct()
    assert list(found) == [(cast.secretary.pk, cast.navy_chief.pk)]


def test_the_head_of_everything_has_no_successor_of_their_own_team(cast: Cast) -> None:
    Appraisal.objects.filter(employee=cast.people["member1"]).update(
        employee=cast.army_chief, rating_official=cast.secretary, higher_level_reviewer=None
    )
    fields = {"person": "secretary", "successor": "army_chief"}
    with pytest.raises(Refused, match="Nobody is above Secretary Top, so nobody could rate Ada"):
        decided(cast, changes_chart=False, **named(cast, fields))


def test_a_team_that_is_handed_over_to_one_of_it_leaves_that_one_to_the_next_one_up(
    cast: Cast,
) -> None:
    heir, henry = cast.people["member1"], cast.higher_level_reviewer
    decided(cast, kind="hands_over", successor=heir)
    run_on(DAY_AFTER)
    own = Appraisal.objects.get(employee=heir)
    assert (own.rating_official, own.higher_level_reviewer) == (henry, cast.leader)
    assert supervisor_of(heir, on=DAY_AFTER) == henry
    others = Appraisal.objects.exclude(pk=own.pk)
    assert {each.rating_official for each in others} == {heir}
    assert {each.higher_level_reviewer for each in others} == {henry}
    assert not direct_reports(cast.rating_official, on=DAY_AFTER).exists()
    assert not Document.objects.filter(appraisal__rating_official=cast.rating_official).exists()


def test_whoever_moves_may_rate_some_of_the_team_on(cast: Cast) -> None:
    fields = {"kind": "moves", "gaining_supervisor": "official_elsewhere", "people": "member2"}
    decided(cast, changes_chart=False, **named(cast, fields))
    run_on(DAY_AFTER)
    rated = {each.employee.last_name: each.rating_official for each in Appraisal.objects.all()}
    assert rated == {
        "Number1": cast.rating_official,
        "Number2": cast.former_rating_official,
        "Number3": cast.rating_official,
    }


def test_whoever_hands_the_team_over_may_work_under_one_of_it(cast: Cast) -> None:
    """The record of everybody goes where their supervisor is from then on."""
    heir = cast.people["member1"]
    decided(cast, kind="moves", successor=heir, gaining_supervisor=heir)
    run_on(DAY_AFTER)
    assert supervisor_of(cast.rating_official, on=DAY_AFTER) == heir
    assert Appraisal.objects.get(employee=heir).rating_official == cast.higher_level_reviewer
