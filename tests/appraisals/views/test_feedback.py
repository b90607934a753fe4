"""Feedback: a name, the title of an element and a box; for somebody outside by a link that works once."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client

from appraisals.invitations import path_of
from appraisals.models import (
    Element,
    FeedbackRequest,
    Kind,
    Letter,
    LetterState,
    Notice,
    Section,
    SectionKind,
    State,
)
from appraisals.notifications.delivery import deliver
from appraisals.services.feedback import (
    ask_colleague,
    ask_outside,
    give_feedback,
    withdraw_feedback,
)
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.cast import PEOPLE, PRACTICE_DAY, SECRET, Cast, make_cast, make_document
from tests.editions import policy_says

ANSWER = "She confirms every dispatch within seconds."
REED = {"name": "Alma Reed", "email": "reed@county.example"}
OVER = PRACTICE_DAY + dt.timedelta(days=22)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    Element.objects.filter(number=1).update(title="Emergency response")
    return cast


def element() -> Element:
    return Element.objects.get(number=1)


def of_colleague(cast: Cast, by: Person | None = None) -> FeedbackRequest:
    with clock.frozen(PRACTICE_DAY):
        return ask_colleague(
            cast.employee, by=by or cast.employee, element=element(), colleague=cast.colleague
        )


def of_customer(cast: Cast, by: Person | None = None, **whom: str) -> FeedbackRequest:
    with clock.frozen(PRACTICE_DAY):
        return ask_outside(
            cast.employee, by=by or cast.rating_official, element=element(), **{**REED, **whom}
        )


def at_the_link(
    asked: FeedbackRequest, data: dict[str, str] | None = None, **on: dt.date
) -> HttpResponse:
    """Nobody is signed in."""
    client = Client()
    with clock.frozen(on.get("on", PRACTICE_DAY)):
        address = path_of(asked)
        return client.get(address) if data is None else client.post(address, data)


# --------------------------------------------------------------------------------------- colleague


def test_a_colleague_is_asked_sees_name_title_and_box_and_answers(cast: Cast) -> None:
    data = {"element": element().pk, "colleague": cast.colleague.dod_id}
    page = text_of(posted(cast.employee, "/feedback/new/", data))
    assert "Carl Colleague is asked, until 27 April 2027." in page
    asked = FeedbackRequest.objects.get()
    assert "Give feedback on the work of Maria Employee Emergency response" in text_of(
        opened(cast.colleague, "/")
    )
    url = f"/feedback/{asked.pk}/give/"
    seen = opened(cast.colleague, url)
    assert text_of(seen).startswith(" Maria Employee Emergency response How do you see it?")
    assert SECRET not in seen.content.decode()
    posted(cast.colleague, url, {"text": ANSWER})
    assert ANSWER in text_of(opened(cast.employee, "/feedback/"))
    assert [told.recipient for told in Notice.objects.filter(kind="feedback_given")] == [
        cast.employee
    ]
    assert not Notice.objects.unread().filter(kind="feedback_asked").exists()
    assert opened(cast.colleague, url).status_code == 410


def test_an_answer_stands_beside_the_text_and_goes_in_by_one_click(cast: Cast) -> None:
    asked = of_colleague(cast)
    with clock.frozen(PRACTICE_DAY):
        give_feedback(asked, by=cast.colleague, text=ANSWER)
    section = Section.objects.get(
        document__kind=Kind.ANNUAL_APPRAISAL, kind=SectionKind.EMPLOYEE_INPUT, element=element()
    )
    data = {"version": section.version, "text": "", "put": f"feedback:{asked.pk}"}
    posted(cast.employee, f"/sections/{section.pk}/", data)
    section.refresh_from_db()
    assert section.text == f"6 April, feedback of Carl Colleague: {ANSWER}"


def test_what_an_employee_asks_is_the_employees_alone(cast: Cast) -> None:
    of_colleague(cast)
    readers = {
        name
        for name, user in cast.people.items()
        if FeedbackRequest.objects.visible_to(user).exists()
    }
    assert readers == {"employee"}


def test_what_a_rating_official_asks_the_employee_reads_too(cast: Cast) -> None:
    of_colleague(cast, cast.rating_official)
    readers = {
        name
        for name, user in cast.people.items()
        if FeedbackRequest.objects.visible_to(user).exists()
    }
    assert readers == {"employee", "rating_official"}


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"colleague"}))
def test_nobody_answers_in_the_place_of_the_colleague(cast: Cast, who: str) -> None:
    asked = of_colleague(cast, cast.rating_official)
    assert posted(cast.people[who], f"/feedback/{asked.pk}/give/", {"text": "x"}).status_code == 404
    with pytest.raises(PermissionDenied), clock.frozen(PRACTICE_DAY):
        give_feedback(asked, by=cast.people[who], text="x")


@pytest.mark.parametrize("who", ["colleague", "former_rating_official", "hr", "auditor", "leader"])
def test_only_the_employee_and_who_rates_them_ask(cast: Cast, who: str) -> None:
    assert (
        opened(cast.people[who], f"/feedback/new/?about={cast.employee.dod_id}").status_code == 404
    )
    with pytest.raises(PermissionDenied):
        of_customer(cast, cast.people[who])


def test_one_may_say_that_one_would_rather_not(cast: Cast) -> None:
    asked = of_colleague(cast)
    posted(cast.colleague, f"/feedback/{asked.pk}/give/", {"decline": "I would rather not"})
    assert "Would rather not answer" in text_of(opened(cast.employee, "/feedback/"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose the element it is about."),
        ({"element": 1}, "Choose a colleague, or name somebody else."),
        ({"element": 1, "colleague": "2000000010", **REED}, "not both"),
        ({"element": 1, "name": "Alma Reed"}, "Give the name and the e-mail address"),
        ({"element": 1, "name": "Alma Reed", "email": "reed"}, "This is no e-mail address."),
        ({"element": 1, "colleague": "9999999999"}, "Choose one of the colleagues listed."),
    ],
)
def test_a_question_that_is_not_complete_says_what_is_missing(
    cast: Cast, data: dict[str, object], sentence: str
) -> None:
    if "element" in data:
        data = {**data, "element": element().pk}
    if data.get("colleague") == "2000000010":
        data = {**data, "colleague": cast.colleague.dod_id}
    answer = posted(cast.employee, "/feedback/new/", data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not FeedbackRequest.objects.exists()


# ----------------------------------------------------------------------------------------- outside


def test_a_customer_gets_a_link_that_works_once(cast: Cast) -> None:
    data = {"element": element().pk, **REED}
    url = f"/feedback/new/?about={cast.employee.dod_id}"
    page = posted(cast.rating_official, url, data)
    asked = FeedbackRequest.objects.get()
    with clock.frozen(PRACTICE_DAY):
        assert path_of(asked) not in page.content.decode()
    assert deliver() == 1
    (letter,) = mail.outbox
    assert letter.to == ["reed@county.example"]
    assert letter.subject == "dpmap: feedback is asked of you"
    assert "Dana Official asks how you see the work of Maria Employee." in letter.body
    assert "Emergency response" not in letter.body
    link = re.search(r"https?://[^/]+(/feedback/answer/\S+)", letter.body)
    assert link
    assert link[1] == path_of(asked)
    seen = at_the_link(asked)
    assert "Maria Employee Emergency response How do you see it?" in text_of(seen)
    assert SECRET not in seen.content.decode()
    assert "Thank you" in text_of(at_the_link(asked, {"text": ANSWER}))
    assert ANSWER in text_of(opened(cast.rating_official, "/feedback/"))
    for again in (at_the_link(asked), at_the_link(asked, {"text": "More."})):
        assert again.status_code == 410
        assert "Maria" not in text_of(again)
    asked.refresh_from_db()
    assert asked.text == ANSWER


def test_a_wrong_link_does_not_exist_and_the_table_alone_opens_none(cast: Cast) -> None:
    asked = of_customer(cast)
    client = Client()
    for token in (asked.link_name, f"{asked.link_name}.x", "x", ".x"):
        assert client.get(f"/feedback/answer/{token}/").status_code == 404


def test_an_old_link_and_one_taken_back_say_so(cast: Cast) -> None:
    asked = of_customer(cast)
    assert at_the_link(asked, on=OVER).status_code == 410
    assert at_the_link(asked, {"text": ANSWER}, on=OVER).status_code == 410
    assert "Not answered in time" in text_of(opened(cast.employee, "/feedback/", on=OVER))
    assert posted(cast.employee, f"/feedback/{asked.pk}/withdraw/").status_code == 403
    posted(cast.rating_official, f"/feedback/{asked.pk}/withdraw/")
    assert at_the_link(asked).status_code == 410
    assert Letter.objects.get().state == LetterState.WITHHELD
    assert deliver() == 0


def test_an_empty_answer_is_not_sent(cast: Cast) -> None:
    answer = at_the_link(of_customer(cast), {"text": " "})
    assert answer.status_code == 422
    assert "Write something" in text_of(answer)


def test_an_address_of_somebody_here_gets_no_link(cast: Cast) -> None:
    data = {"element": element().pk, "name": "Carl", "email": cast.colleague.email.upper()}
    posted(cast.employee, "/feedback/new/", data)
    assert FeedbackRequest.objects.get().giver == cast.colleague
    assert not Letter.objects.exists()


def test_policy_limits_what_goes_outside(cast: Cast) -> None:
    policy_says(feedback_outside_at_once=1, feedback_days=5)
    assert of_customer(cast).ends_on == dt.date(2027, 4, 11)
    with pytest.raises(Refused, match="already"):
        of_customer(cast)
    with pytest.raises(Refused, match="1 people outside"):
        of_customer(cast, email="other@county.example")
    policy_says(feedback_outside_at_once=0)
    data = {"element": element().pk, **REED}
    answer = posted(cast.employee, "/feedback/new/", data)
    assert answer.status_code == 422
    assert "Ask a colleague." in text_of(answer)


def test_who_asks_is_told_when_the_mail_does_not_arrive(cast: Cast) -> None:
    of_customer(cast)
    Letter.objects.update(
        state=LetterState.DEAD,
        ended_at=clock.now(),
        next_try_at=None,
        last_error="550 No such user.",
    )
    page = text_of(opened(cast.rating_official, "/feedback/"))
    assert "The mail to reed@county.example could not be delivered: 550 No such user." in page


def test_taking_back_twice_and_answering_afterwards_change_nothing(cast: Cast) -> None:
    asked = of_colleague(cast)
    with clock.frozen(PRACTICE_DAY):
        ended = withdraw_feedback(asked, by=cast.employee)
        assert withdraw_feedback(asked, by=cast.employee).ended_at == ended.ended_at
        with pytest.raises(Refused, match="over"):
            give_feedback(asked, by=cast.colleague, text=ANSWER)


def test_the_list_costs_the_same_at_any_length(cast: Cast) -> None:
    of_customer(cast)
    of_colleague(cast, cast.rating_official)
    one = queries(cast.rating_official, "/feedback/")
    for number in range(5):
        of_customer(cast, email=f"{number}@county.example")
    assert queries(cast.rating_official, "/feedback/") == one
    assert one <= 15
