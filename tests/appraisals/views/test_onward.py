"""After one of the team is through, the page says what is left and leads to the next."""

import pytest

from appraisals.models import Document, State
from appraisals.workflow import Given, advance
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.appraisals.views.sending import SENT, sent_plans, written_plan
from tests.cast import PRACTICE_DAY, Cast, make_cast

TALK = Given(discussed_on=PRACTICE_DAY, method="F")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def page_of(reader: Person, document: Document) -> str:
    return text_of(opened(reader, document.get_absolute_url()))


def link_of(reader: Person, document: Document) -> str:
    """Where the button leads, to the end."""
    page = opened(reader, document.get_absolute_url()).context["onward"]
    return posted_to(reader, page.action.url)


def posted_to(reader: Person, url: str) -> str:
    response = opened(reader, url)
    return response.headers.get("Location", url)


def test_after_one_is_sent_the_page_leads_to_the_next_by_name(cast: Cast) -> None:
    """Auditor, Colleague, Employee: the one after whom nobody comes leads back to who was passed over."""
    auditor, colleague, employee = (
        written_plan(cast, each) for each in (cast.auditor, cast.colleague, cast.employee)
    )
    assert "sent on" not in page_of(cast.rating_official, colleague)
    url = f"/documents/{colleague.pk}/steps/submit/"
    key = opened(cast.rating_official, url).context["form"]["request_key"].value()
    page = text_of(posted(cast.rating_official, url, {"request_key": key}))
    assert "1 of 3 plans sent on. Next: Maria Employee. Write plan Maria Employee" in page
    assert link_of(cast.rating_official, colleague) == employee.get_absolute_url()
    with clock.frozen(SENT):
        advance(employee, "submit", by=cast.rating_official)
    assert "2 of 3 plans sent on. Next: Audra Auditor." in page_of(cast.rating_official, employee)
    with clock.frozen(SENT):
        advance(auditor, "submit", by=cast.rating_official)
    page = page_of(cast.rating_official, auditor)
    assert "Every plan of your team is sent on. Your team" in page


def test_what_came_back_is_left_again(cast: Cast) -> None:
    colleague, employee = sent_plans(cast, cast.colleague, cast.employee)
    with clock.frozen(SENT):
        reason = Given(reason="The standards say no number.", about="standards")
        advance(employee, "return_for_change", by=cast.higher_level_reviewer, given=reason)
    page = page_of(cast.rating_official, colleague)
    assert "1 of 2 plans sent on. Next: Maria Employee." in page


def test_after_a_discussion_the_next_that_is_approved(cast: Cast) -> None:
    plans = sent_plans(cast, cast.auditor, cast.colleague, cast.employee)
    with clock.frozen(PRACTICE_DAY):
        for plan in plans[1:]:
            advance(plan, "approve", by=cast.higher_level_reviewer)
        advance(plans[1], "communicate", by=cast.rating_official, given=TALK)
    page = page_of(cast.rating_official, plans[1])
    assert "1 of 3 plans discussed. Next: Maria Employee. Record discussion Maria Employee" in page
    assert link_of(cast.rating_official, plans[1]) == plans[2].get_absolute_url()
    with clock.frozen(PRACTICE_DAY):
        advance(plans[2], "communicate", by=cast.rating_official, given=TALK)
    assert "2 of 3 plans discussed. Your team" in page_of(cast.rating_official, plans[2])


def test_a_reviewer_who_opened_one_by_itself_is_led_to_the_queue(cast: Cast) -> None:
    first, second, third = sent_plans(cast, cast.auditor, cast.colleague, cast.employee)
    for plan, said in (
        (first, "2 documents wait for your review. Next: Carl Colleague."),
        (second, "1 document waits for your review. Next: Maria Employee."),
    ):
        with clock.frozen(PRACTICE_DAY):
            advance(plan, "approve", by=cast.higher_level_reviewer)
        assert said in page_of(cast.higher_level_reviewer, plan)
    with clock.frozen(PRACTICE_DAY):
        advance(third, "approve", by=cast.higher_level_reviewer)
    assert "for your review" not in page_of(cast.higher_level_reviewer, third)


@pytest.mark.parametrize("who", ["employee", "hr"])
def test_nobody_else_reads_about_the_team(cast: Cast, who: str) -> None:
    _, plan = sent_plans(cast, cast.colleague, cast.employee)
    assert plan.state == State.IN_REVIEW
    page = page_of(cast.people[who], plan)
    assert "sent on" not in page
    assert "Colleague" not in page


def test_one_alone_has_no_team(cast: Cast) -> None:
    (plan,) = sent_plans(cast, cast.employee)
    assert "sent on" not in page_of(cast.rating_official, plan)


def test_many_cost_as_much_as_one(cast: Cast) -> None:
    (plan,) = sent_plans(cast, cast.employee)
    alone = queries(cast.rating_official, plan.get_absolute_url())
    sent_plans(cast, cast.colleague, cast.auditor, cast.former_rating_official)
    assert queries(cast.rating_official, plan.get_absolute_url()) == alone
