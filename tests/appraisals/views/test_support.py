"""Requests for tools, training and resources are answered; good work is recognized at any time (R12.1)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Document,
    Element,
    Kind,
    Notice,
    Recognition,
    RecognitionKind,
    Section,
    SectionKind,
    State,
    SupportKind,
    SupportRequest,
    SupportState,
)
from appraisals.services.recognition import recognize
from appraisals.services.support import (
    answer_support,
    ask_support,
    end_support,
    take_up_proposal,
)
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.cast import PEOPLE, PRACTICE_DAY, Cast, make_cast, make_document, take
from tests.editions import policy_says

CAMERA, IN_MAY, WELL_DONE = (
    "A second thermal camera.",
    "In May, from the DPW budget.",
    "61 people, no injury.",
)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    return cast


def asked(cast: Cast, text: str = CAMERA) -> SupportRequest:
    with clock.frozen(PRACTICE_DAY):
        return ask_support(by=cast.employee, kind=SupportKind.TOOLS, text=text)


def answered(cast: Cast, request: SupportRequest, *, granted: bool = True) -> SupportRequest:
    with clock.frozen(PRACTICE_DAY):
        return answer_support(request, by=cast.rating_official, granted=granted, answer=IN_MAY)


# ---------------------------------------------------------------------------------------- requests


def test_a_request_goes_to_the_rating_official_with_a_due_day(cast: Cast) -> None:
    data = {"kind": "tools", "text": CAMERA, "needed_by": "6/1/2027"}
    page = text_of(posted(cast.employee, "/requests/new/", data))
    assert "Sent. An answer is due by 20 April 2027." in page
    assert "Needed by1 June 2027" in page
    told = Notice.objects.get(kind="support_asked")
    assert (told.recipient, told.title) == (
        cast.rating_official,
        "Maria Employee asks for tools or equipment",
    )
    assert CAMERA not in f"{told.title}{told.text}{told.mail_title}{told.mail_text}"
    home = text_of(opened(cast.rating_official, "/"))
    assert "Answer the request of Maria Employee For tools or equipment 14 days left" in home


def test_a_change_of_the_plan_is_proposed_and_taken_up_r3_9(cast: Cast) -> None:
    record = cast.employee.appraisals.get()
    page = opened(cast.employee, record.get_absolute_url()).content.decode()
    assert 'href="/requests/new/?kind=plan_change"' in page
    page = opened(cast.employee, "/requests/new/?kind=plan_change")
    assert page.context["form"]["kind"].value() == "plan_change"
    posted(cast.employee, "/requests/new/", {"kind": "plan_change", "text": "Boats are new."})
    proposed = SupportRequest.objects.get()
    assert not Document.objects.filter(kind=Kind.PLAN_CHANGE).exists()
    answer = posted(
        cast.rating_official,
        proposed.get_absolute_url(),
        {"decision": "grant", "answer": "Yes, from May on."},
    )
    change = Document.objects.get(kind=Kind.PLAN_CHANGE)
    assert answer.redirect_chain[-1][0] == change.get_absolute_url()
    assert (change.state, change.appraisal) == (State.DRAFT, record)
    reason = change.sections.get(kind=SectionKind.CHANGE_REASON)
    assert reason.text == "Proposed by Maria Employee on 6 April 2027: Boats are new."
    proposed.refresh_from_db()
    assert proposed.state == SupportState.GRANTED
    # While one is on its way there is nothing to propose.
    page = opened(cast.employee, record.get_absolute_url()).content.decode()
    assert "kind=plan_change" not in page


def test_a_proposal_that_is_declined_changes_nothing(cast: Cast) -> None:
    with clock.frozen(PRACTICE_DAY):
        proposed = ask_support(by=cast.employee, kind=SupportKind.PLAN_CHANGE, text="Boats.")
    answered(cast, proposed, granted=False)
    assert not Document.objects.filter(kind=Kind.PLAN_CHANGE).exists()


def test_what_goes_wrong_with_a_proposal_is_said_and_changes_nothing(cast: Cast) -> None:
    with clock.frozen(PRACTICE_DAY):
        proposed = ask_support(by=cast.employee, kind=SupportKind.PLAN_CHANGE, text="Boats.")
    annual = Document.objects.get(kind=Kind.ANNUAL_APPRAISAL)
    take(annual, "submit", cast=cast, on=PRACTICE_DAY)
    with clock.frozen(PRACTICE_DAY), pytest.raises(Refused):
        take_up_proposal(proposed, by=cast.rating_official, answer="Yes.")
    proposed.refresh_from_db()
    assert proposed.state == SupportState.OPEN
    Document.objects.filter(kind=Kind.PERFORMANCE_PLAN).update(
        state=State.DRAFT,
        approved_on=None,
        communicated_on=None,
        communicated_method="",
        acknowledged_on=None,
    )
    with pytest.raises(Refused, match="propose the element there"):
        ask_support(by=cast.employee, kind=SupportKind.PLAN_CHANGE, text="Boats.")


def test_policy_says_when_an_answer_is_due(cast: Cast) -> None:
    policy_says(request_answer_days=3)
    assert asked(cast).due_on == dt.date(2027, 4, 9)


def test_it_is_answered_and_the_employee_hears_why(cast: Cast) -> None:
    request = asked(cast)
    data = {"decision": "grant", "answer": IN_MAY}
    posted(cast.rating_official, request.get_absolute_url(), data)
    told = Notice.objects.get(kind="support_answered")
    assert told.recipient == cast.employee
    assert told.title == "Dana Official granted what you asked for: tools or equipment"
    assert not Notice.objects.unread().filter(kind="support_asked").exists()
    page = text_of(opened(cast.employee, request.get_absolute_url()))
    assert f"Granted {IN_MAY} Dana Official, 6 April 2027" in page
    assert "Granted and received" in text_of(posted(cast.employee, f"/requests/{request.pk}/end/"))


def test_one_that_is_open_can_be_taken_back_and_then_not_be_answered(cast: Cast) -> None:
    request = asked(cast)
    assert "Taken back" in text_of(posted(cast.employee, f"/requests/{request.pk}/end/"))
    with pytest.raises(Refused, match="taken back"):
        answered(cast, request)


def test_the_first_answer_stands(cast: Cast) -> None:
    request = answered(cast, asked(cast), granted=False)
    with pytest.raises(Refused, match="declined"):
        answered(cast, request)
    with clock.frozen(PRACTICE_DAY):
        assert end_support(request, by=cast.employee).state == "declined"
    with pytest.raises(PermissionDenied), clock.frozen(PRACTICE_DAY):
        end_support(request, by=cast.rating_official)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": CAMERA}, "Choose what you need."),
        ({"kind": "money", "text": CAMERA}, "Select a valid choice"),
        ({"kind": "tools", "text": ""}, "Say what you need and what for."),
        ({"kind": "tools", "text": CAMERA, "needed_by": "4/5/2027"}, "This day is over."),
        ({"kind": "tools", "text": CAMERA, "element": "999"}, "no longer in the plan"),
    ],
)
def test_a_request_that_is_not_complete_says_what_is_missing(
    cast: Cast, data: dict[str, object], sentence: str
) -> None:
    answer = posted(cast.employee, "/requests/new/", data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not SupportRequest.objects.exists()


def test_who_is_rated_by_nobody_is_told_whom_to_ask(cast: Cast) -> None:
    data = {"kind": "tools", "text": CAMERA}
    answer = posted(cast.secretary, "/requests/new/", data)
    assert answer.status_code == 422
    assert "Nobody rates you at the moment" in text_of(answer)


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"employee", "rating_official"}))
def test_nobody_else_sees_a_request_or_answers_it(cast: Cast, who: str) -> None:
    request = asked(cast)
    assert not SupportRequest.objects.visible_to(cast.people[who]).exists()
    with pytest.raises(PermissionDenied), clock.frozen(PRACTICE_DAY):
        answer_support(request, by=cast.people[who], granted=True, answer=IN_MAY)


def test_the_record_shows_what_kind_was_asked_and_the_answer_but_no_text(cast: Cast) -> None:
    answered(cast, asked(cast))
    events = AppraisalEvent.objects.filter(name__in=["ask_support", "answer_support"])
    assert [event.details["answer"] for event in events] == ["waits for an answer", "granted"]
    timeline = text_of(opened(cast.hr, f"{Appraisal.objects.get().get_absolute_url()}timeline/"))
    assert "The employee asked for support" in timeline
    assert CAMERA not in timeline
    assert IN_MAY not in timeline


# ------------------------------------------------------------------------------------- recognition


def said(cast: Cast, by: Person, kind: str = "thanks", text: str = WELL_DONE) -> Recognition:
    with clock.frozen(PRACTICE_DAY):
        return recognize(
            cast.employee, by=by, kind=RecognitionKind(kind), text=text, given_on=PRACTICE_DAY
        )


def test_good_work_is_recognized_at_any_time_r12_1(cast: Cast) -> None:
    """In June, nine months before anybody rates."""
    element = Element.objects.order_by("number")[0]
    data = {"kind": "time_off", "text": WELL_DONE, "given_on": "6/30/2026", "element": element.pk}
    url = f"/people/{cast.employee.dod_id}/recognize/"
    page = text_of(posted(cast.rating_official, url, data, on=dt.date(2026, 7, 1)))
    assert f"Maria Employee Time-off award, 30 June 2026 {WELL_DONE} Dana Official" in page
    told = Notice.objects.get(kind="recognized")
    assert told.title == "Dana Official recognized your work: time-off award"
    rating = Section.objects.get(kind=SectionKind.RATING, element=element)
    beside = text_of(opened(cast.rating_official, f"/sections/{rating.pk}/"))
    assert f"30 June, time-off award from Dana Official: {WELL_DONE}" in beside


def test_recognition_asks_for_no_amount_r12_6(cast: Cast) -> None:
    url = f"/people/{cast.employee.dod_id}/recognize/"
    assert "Amounts do not belong here" in text_of(opened(cast.rating_official, url))
    names = {field.name for field in Recognition._meta.get_fields()}
    assert not names & {"amount", "hours", "percent"}


@pytest.mark.parametrize("who", ["colleague", "leader", "former_rating_official"])
def test_anybody_near_may_thank_and_nothing_more(cast: Cast, who: str) -> None:
    assert said(cast, cast.people[who]).kind == "thanks"
    with pytest.raises(PermissionDenied):
        said(cast, cast.people[who], "cash")
    url = f"/people/{cast.employee.dod_id}/recognize/"
    data = {"kind": "cash", "text": WELL_DONE, "given_on": "4/6/2027"}
    assert posted(cast.people[who], url, data).status_code == 422


@pytest.mark.parametrize("who", ["rating_official", "higher_level_reviewer", "hr"])
def test_awards_are_recorded_by_who_rates_reviews_or_administers(cast: Cast, who: str) -> None:
    assert said(cast, cast.people[who], "honor").kind == "honor"


@pytest.mark.parametrize("who", ["employee", "leader_elsewhere", "hr_elsewhere"])
def test_nobody_recognizes_themselves_or_who_they_cannot_find(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        said(cast, cast.people[who])


def test_who_reads_a_recognition(cast: Cast) -> None:
    said(cast, cast.colleague)
    readers = {
        name for name, user in cast.people.items() if Recognition.objects.visible_to(user).exists()
    }
    assert readers >= {"employee", "colleague", "rating_official", "higher_level_reviewer"}
    assert not readers & {"hr", "auditor", "leader", "former_rating_official", "hr_elsewhere"}


def test_lists_of_requests_and_recognition_cost_the_same_at_any_length(cast: Cast) -> None:
    answered(cast, asked(cast))
    asked(cast)
    said(cast, cast.colleague)
    urls = ["/requests/", "/recognition/"]
    costs = [queries(cast.rating_official, url) for url in urls]
    for number in range(5):
        answered(cast, asked(cast, f"Camera {number}"))
        asked(cast, f"Course {number}")
        said(cast, cast.colleague, text=f"Thanks {number}")
    assert [queries(cast.rating_official, url) for url in urls] == costs
    assert max(costs) <= 15
