"""A team is split: parts of it go to somebody else than the successor, by one decision (R9)."""

import datetime as dt

import pytest

from appraisals.models import (
    Appraisal,
    Departure,
    DepartureShare,
    DepartureState,
    Notice,
    OfficialChange,
)
from appraisals.services.departures import rehearse, take_back
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.selectors import supervisor_of
from tests.appraisals.leaving import (
    DAY_AFTER,
    TODAY,
    answers,
    decided,
    leaving,
    make_team,
    run_on,
)
from tests.appraisals.views.opening import text_of
from tests.appraisals.views.test_departures import ask
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    make_team(made, 4)
    return made


def member(cast: Cast, number: int) -> Person:
    return cast.people[f"member{number}"]


def split(cast: Cast, **fields: object) -> dict[str, object]:
    """Fern Former takes over; members 1 and 2 go to Otto Otherofficial."""
    part = (cast.official_elsewhere, (member(cast, 1), member(cast, 2)))
    return {"shares": (part,)} | fields


def officials() -> dict[str, str]:
    return {
        record.employee.last_name: record.rating_official.last_name
        for record in Appraisal.objects.with_people()
    }


PARTED = {
    "Number1": "Otherofficial",
    "Number2": "Otherofficial",
    "Number3": "Former",
    "Number4": "Former",
}


def test_each_part_goes_to_its_successor_on_the_day(cast: Cast) -> None:
    departure = decided(cast, **split(cast))
    assert set(officials().values()) == {"Official"}
    run_on(DAY_AFTER)
    departure.refresh_from_db()
    assert departure.state == DepartureState.DONE
    assert officials() == PARTED
    for number, heir in ((1, cast.official_elsewhere), (3, cast.former_rating_official)):
        assert supervisor_of(member(cast, number), on=DAY_AFTER) == heir
    reviewers = {
        record.employee.last_name: record.higher_level_reviewer.last_name
        for record in Appraisal.objects.with_people()
    }
    assert reviewers["Number1"] == "Otherreviewer"
    assert reviewers["Number3"] == "Reviewer"


def test_the_preview_shows_both_and_changes_nothing(cast: Cast) -> None:
    with clock.frozen(TODAY):
        found = rehearse(leaving(cast, **split(cast)), by=cast.hr)
    then = {line.appraisal.employee.last_name: line.official.last_name for line in found.lines}
    assert then == PARTED
    assert not DepartureShare.objects.exists()


def test_taken_back_nobody_goes_anywhere(cast: Cast) -> None:
    departure = decided(cast, **split(cast))
    with clock.frozen(TODAY):
        take_back(departure, by=cast.hr)
    run_on(DAY_AFTER)
    assert set(officials().values()) == {"Official"}
    assert not OfficialChange.objects.exists()


def test_everybody_concerned_is_told_and_each_successor_has_a_pack(cast: Cast) -> None:
    departure = decided(cast, **split(cast))
    told = Notice.objects.filter(kind="departure")
    for heir in (cast.official_elsewhere, cast.former_rating_official):
        assert told.get(recipient=heir).title == "2 records come to you on 1 December 2026"
    title = told.get(recipient=member(cast, 1)).title
    assert title == "Otto Otherofficial rates you from 1 December 2026"
    run_on(DAY_AFTER)
    page = text_of(ask(cast.official_elsewhere, "departure_pack", departure.pk, on=DAY_AFTER))
    assert "Member Number1" in page
    assert "Member Number3" not in page
    page = text_of(ask(cast.former_rating_official, "departure_pack", departure.pk, on=DAY_AFTER))
    assert "Member Number3" in page
    assert "Member Number1" not in page


def test_after_a_detail_every_part_comes_back(cast: Cast) -> None:
    back = dt.date(2027, 2, 1)
    decided(cast, **split(cast, kind="detail", arrangement="temporary", back_on=back))
    run_on(DAY_AFTER)
    assert officials() == PARTED
    assert Departure.objects.filter(kind="returns").count() == 2
    run_on(back)
    assert set(officials().values()) == {"Official"}
    assert supervisor_of(member(cast, 1), on=back) == cast.rating_official


def test_only_some_people_can_be_split_too(cast: Cast) -> None:
    part = (cast.official_elsewhere, (member(cast, 1),))
    decided(
        cast,
        kind="hands_over",
        whole_team=False,
        people=(member(cast, 2),),
        shares=(part,),
    )
    run_on(DAY_AFTER)
    assert officials() == {
        "Number1": "Otherofficial",
        "Number2": "Former",
        "Number3": "Official",
        "Number4": "Official",
    }


def test_whoever_takes_over_a_part_of_their_own_team_answers_to_the_successor(cast: Cast) -> None:
    first = member(cast, 1)
    decided(cast, shares=((first, (member(cast, 2),)),))
    run_on(DAY_AFTER)
    assert officials()["Number2"] == "Number1"
    assert officials()["Number1"] == "Former"
    assert supervisor_of(first, on=DAY_AFTER) == cast.former_rating_official


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"member1": ["member1"]}, "would take over themselves"),
        ({"member1": ["member2"], "member2": ["member3"]}, "Leave Member Number2 out of that part"),
        ({"official_elsewhere": ["member1"], "member2": ["member1"]}, "in two parts of the team"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    cast: Cast, parts: dict[str, list[str]], sentence: str
) -> None:
    shares = tuple(
        (cast.people[heir], tuple(cast.people[each] for each in people))
        for heir, people in parts.items()
    )
    with pytest.raises(Refused, match=sentence):
        decided(cast, shares=shares)
    assert not Departure.objects.exists()


# --- the page


def sent(cast: Cast, **changes: object) -> dict[str, object]:
    given = {
        "second": cast.official_elsewhere.dod_id,
        "second_people": [str(member(cast, 1).pk), str(member(cast, 2).pk)],
    }
    return answers(cast, **given | changes)


def form_page(cast: Cast, **data: object) -> str:
    return text_of(ask(cast.hr, "departure_new", cast.rating_official.dod_id, **data))


def test_the_assistant_previews_and_keeps_the_split(cast: Cast) -> None:
    page = form_page(cast, **sent(cast))
    assert "Otto Otherofficial rates" in page
    assert "Fern Former rates" in page
    again = ask(
        cast.hr, "departure_new", cast.rating_official.dod_id, **sent(cast, decision="change")
    )
    assert again.content.decode().count("checked") >= 3
    ask(cast.hr, "departure_new", cast.rating_official.dod_id, **sent(cast, decision="confirm"))
    departure = Departure.objects.get()
    assert departure.shares.count() == 2
    page = text_of(ask(cast.hr, "departure_detail", departure.pk))
    assert "Fern Former; Otto Otherofficial 2 people" in page
    assert "To Otto Otherofficial Member Number1 and Member Number2" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"second": None}, "Name who takes over the people you ticked."),
        ({"second_people": None}, "Tick who goes to them, or name nobody here."),
        ({"second": "former"}, "Name a different person for each part of the team."),
        ({"third": "leader", "third_people": "both"}, "would go to two people. Tick each once."),
    ],
)
def test_what_is_filled_in_wrong_is_said(
    cast: Cast, changes: dict[str, object], sentence: str
) -> None:
    known = {
        "former": cast.former_rating_official.dod_id,
        "leader": cast.reviewer_elsewhere.dod_id,
        "both": [str(member(cast, 1).pk)],
    }
    given = {name: known.get(str(value), value) for name, value in changes.items()}
    assert sentence in form_page(cast, **sent(cast, **given))
    assert not Departure.objects.exists()
