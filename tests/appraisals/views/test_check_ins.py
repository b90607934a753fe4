"""Check-ins: an agenda of two, actions that carry over, and nobody else who reads them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.models import (
    AgendaItem,
    AgreedAction,
    Appraisal,
    AppraisalEvent,
    CheckIn,
    Kind,
    Notice,
    State,
)
from appraisals.services.check_ins import (
    add_to_agenda,
    agree_on_action,
    end_action,
    hold_check_in,
    plan_check_in,
)
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.cast import PEOPLE, PRACTICE_DAY, Cast, make_cast, make_document

OTHERS = sorted(set(PEOPLE) - {"employee", "rating_official"})
ITEM, ACTION, CAME = "The new watch schedule.", "Order the camera.", "We looked at both bids."
IN_MAY = dt.date(2027, 5, 4)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    return cast


def page_of(cast: Cast, rest: str = "") -> str:
    return f"/check-ins/{cast.employee.dod_id}/{rest}"


def held(cast: Cast, on: dt.date = PRACTICE_DAY, *items: AgendaItem) -> CheckIn:
    with clock.frozen(on):
        return hold_check_in(
            cast.employee, by=cast.rating_official, held_on=on, summary=CAME, talked_about=items
        )


def item(cast: Cast, text: str = ITEM) -> AgendaItem:
    with clock.frozen(PRACTICE_DAY):
        return add_to_agenda(cast.employee, by=cast.employee, text=text)


def action(cast: Cast, text: str = ACTION) -> AgreedAction:
    with clock.frozen(PRACTICE_DAY):
        return agree_on_action(
            cast.employee, by=cast.rating_official, text=text, by_employee=False, due_on=IN_MAY
        )


def test_either_plans_and_the_other_hears_of_it(cast: Cast) -> None:
    page = text_of(posted(cast.employee, page_of(cast, "plan/"), {"planned_on": "4/13/2027"}))
    assert "The next one is on 13 April 2027, 7 days left." in page
    told = Notice.objects.get(kind="check_in")
    assert told.recipient == cast.rating_official
    assert told.title == "Maria Employee planned a check-in with you for 13 April 2027"
    assert told.mail_title == "A check-in with you is planned for 13 April 2027"
    posted(cast.rating_official, page_of(cast, "plan/"), {"planned_on": "4/15/2027"})
    assert CheckIn.objects.get().planned_on == dt.date(2027, 4, 15)


@pytest.mark.parametrize(
    ("rest", "data", "sentence"),
    [
        ("plan/", {"planned_on": "4/5/2027"}, "This day is over."),
        ("plan/", {"planned_on": "soon"}, "Give a day, for example"),
        ("agenda/", {"text": " "}, "Write what you want to talk about."),
        ("agenda/", {"text": "x" * 501}, "The text has 501 characters; 500 are allowed"),
        ("actions/", {"action": ACTION}, "Choose who does it."),
        ("actions/", {"action": ACTION, "who": "employee", "due_on": "4/5/2027"}, "over"),
        ("held/", {"held_on": "4/7/2027"}, "This day has not come yet."),
        ("held/", {"held_on": "4/6/2027", "talked_about": [999]}, "on the agenda no more"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    cast: Cast, rest: str, data: dict[str, object], sentence: str
) -> None:
    item(cast)
    answer = posted(cast.employee, page_of(cast, rest), data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not CheckIn.objects.exists()
    assert not AgreedAction.objects.exists()
    assert AgendaItem.objects.get().check_in is None


def test_both_fill_the_agenda_and_remove_only_what_is_theirs(cast: Cast) -> None:
    posted(cast.employee, page_of(cast, "agenda/"), {"text": ITEM})
    hers = AgendaItem.objects.get()
    assert f"{ITEM} Maria Employee, 6 April" in text_of(opened(cast.rating_official, page_of(cast)))
    assert posted(cast.rating_official, f"/agenda/{hers.pk}/remove/").status_code == 403
    posted(cast.employee, f"/agenda/{hers.pk}/remove/")
    assert not AgendaItem.objects.exists()


def test_what_was_not_talked_about_waits_for_the_next_one(cast: Cast) -> None:
    first, second = item(cast), item(cast, "The county exercise.")
    data = {"held_on": "4/6/2027", "summary": CAME, "talked_about": [first.pk]}
    page = text_of(posted(cast.rating_official, page_of(cast, "held/"), data))
    agenda, past = page.split("Held so far")
    assert "The county exercise." in agenda
    assert ITEM not in agenda
    assert f"6 April 2027, with Dana Official {CAME} Talked about {ITEM}" in past
    second.refresh_from_db()
    assert second.check_in is None
    assert posted(cast.employee, f"/agenda/{first.pk}/remove/").status_code == 409


def test_actions_carry_over_until_they_end(cast: Cast) -> None:
    held(cast)
    data = {"action": ACTION, "who": "official", "due_on": "5/4/2027"}
    page = text_of(posted(cast.employee, page_of(cast, "actions/"), data))
    assert f"{ACTION} Dana Official · agreed 6 April 2027 28 days left" in page
    for day in (dt.date(2027, 4, 20), dt.date(2027, 5, 5)):
        held(cast, day)
    later = text_of(opened(cast.employee, page_of(cast), on=dt.date(2027, 5, 6)))
    assert "carried over 2 times 2 days late" in later
    agreed = AgreedAction.objects.get()
    done = text_of(posted(cast.employee, f"/actions/{agreed.pk}/end/", {"outcome": "done"}))
    assert f"Done: {ACTION}" in done
    assert "No open actions" in done
    assert "done, 6 April" in done


def test_the_first_outcome_of_an_action_stands(cast: Cast) -> None:
    agreed = action(cast)
    assert posted(cast.employee, f"/actions/{agreed.pk}/end/", {"outcome": "x"}).status_code == 409
    with clock.frozen(PRACTICE_DAY):
        end_action(agreed, by=cast.employee, outcome="done")
        assert end_action(agreed, by=cast.rating_official, outcome="dropped").outcome == "done"


def test_the_record_shows_that_one_was_held_and_no_word_of_it(cast: Cast) -> None:
    held(cast, PRACTICE_DAY, item(cast))
    event = AppraisalEvent.objects.get(name="hold_check_in")
    assert event.details == {"held_on": "2027-04-06"}
    assert not event.reason
    timeline = text_of(opened(cast.hr, f"{Appraisal.objects.get().get_absolute_url()}timeline/"))
    assert "Check-in held" in timeline
    assert CAME not in timeline
    assert ITEM not in timeline


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_but_the_two_comes_to_a_check_in(cast: Cast, who: str) -> None:
    planned, agreed = item(cast), action(cast)
    held(cast)
    user = cast.people[who]
    for rows in (CheckIn.objects, AgendaItem.objects, AgreedAction.objects):
        assert not rows.visible_to(user).exists()
    for url in (page_of(cast), page_of(cast, "held/")):
        assert opened(user, url).status_code == 404
    for url in (f"/agenda/{planned.pk}/remove/", f"/actions/{agreed.pk}/end/"):
        assert posted(user, url, {"outcome": "done"}).status_code == 404
    with clock.frozen(PRACTICE_DAY), pytest.raises(PermissionDenied):
        plan_check_in(cast.employee, by=user, planned_on=IN_MAY)


def test_the_series_goes_on_with_whoever_rates_next(cast: Cast) -> None:
    action(cast)
    Appraisal.objects.update(rating_official=cast.former_rating_official)
    Assignment.objects.filter(supervisor=cast.rating_official).update(
        supervisor=cast.former_rating_official
    )
    assert ACTION in text_of(opened(cast.former_rating_official, page_of(cast)))
    assert opened(cast.rating_official, page_of(cast)).status_code == 404


def test_a_day_that_has_not_come_cannot_be_recorded(cast: Cast) -> None:
    with pytest.raises(Refused, match="not come"), clock.frozen(PRACTICE_DAY):
        hold_check_in(cast.employee, by=cast.employee, held_on=IN_MAY, summary="")


def test_a_check_in_that_comes_up_is_on_the_first_page_of_both(cast: Cast) -> None:
    with clock.frozen(PRACTICE_DAY):
        plan_check_in(cast.employee, by=cast.employee, planned_on=dt.date(2027, 4, 8))
    assert "Check-in with your rating official" in text_of(opened(cast.employee, "/"))
    assert "Check-in with Maria Employee" in text_of(opened(cast.rating_official, "/"))
    assert "Check-in with" not in text_of(opened(cast.higher_level_reviewer, "/"))


def test_lists_cost_the_same_at_any_length(cast: Cast) -> None:
    held(cast, PRACTICE_DAY, item(cast))
    urls = ["/check-ins/", page_of(cast)]
    costs = [queries(cast.rating_official, url) for url in urls]
    for number in range(4):
        action(cast, f"Action {number}")
        held(cast, PRACTICE_DAY, item(cast), item(cast))
        item(cast)
    assert [queries(cast.rating_official, url) for url in urls] == costs
    assert max(costs) <= 15
