"""The pages of work that is not good enough (R10), as each person meets them."""

import datetime as dt

import pytest
from django.urls import reverse

from appraisals.models import (
    Appraisal,
    MeetingWord,
    OpportunityMeeting,
    OpportunityPeriod,
    ProposedAction,
    RecordView,
    State,
)
from appraisals.problems import plan_elements, plan_of
from appraisals.services.assistance import record_meeting, start_result
from orgchart import clock
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.assistance_rows import (
    CONSULTED,
    GIVEN,
    begun_opportunity,
    ended_opportunity,
    given_opportunity,
    planned_record,
    proposed_action,
    write_all,
)
from tests.cast import SECRET, Cast, make_cast, take
from tests.factories import make_kinds

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
LAST = GIVEN + 30 * DAY


@pytest.fixture
def cast() -> Cast:
    make_kinds()
    return make_cast()


@pytest.fixture
def record(cast: Cast) -> Appraisal:
    return planned_record(cast)


def page(record: Appraisal) -> str:
    return reverse("assistance", args=[record.pk])


def elements(record: Appraisal) -> list[int]:
    plan = plan_of(record)
    assert plan is not None
    return [each.pk for each in plan_elements(plan)]


def wanted(record: Appraisal, **changed: object) -> dict[str, object]:
    return {
        "elements": elements(record)[:1],
        "days": 30,
        "meeting_every": 10,
        "consulted": "Hanna Human",
        "consulted_on": CONSULTED.isoformat(),
    } | changed


# --------------------------------------------------------------------------------------- beginning


def test_an_opportunity_begins_with_its_notice_r10_2(cast: Cast, record: Appraisal) -> None:
    url = reverse("opportunity_open", args=[record.pk])
    assert "Human resources is consulted" in text_of(opened(cast.rating_official, url, on=GIVEN))
    answer = posted(cast.rating_official, url, wanted(record), on=GIVEN)
    period = OpportunityPeriod.objects.get()
    assert answer.redirect_chain[-1][0] == period.notice.get_absolute_url()
    assert "removal" in text_of(answer)
    about = {section.element_id for section in period.notice.sections.all()}
    assert about == {elements(record)[0], None}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"elements": []}, "Choose at least one element"),
        ({"elements": [999999]}, "Choose from the elements of the plan"),
        ({"days": ""}, "Say how many days"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"days": "x"}, "whole number"),
        ({"consulted": ""}, "whom in human resources"),
        ({"consulted_on": "2026-09-02"}, "has not come yet"),
        ({"consulted_on": "soon"}, "Give a date"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    cast: Cast, record: Appraisal, changed: dict[str, object], sentence: str
) -> None:
    url = reverse("opportunity_open", args=[record.pk])
    answer = posted(
        cast.rating_official, url, wanted(record, **({"meeting_every": 9} | changed)), on=GIVEN
    )
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="9"' in answer.content.decode()
    assert not OpportunityPeriod.objects.exists()


def test_a_second_one_is_refused_with_a_sentence(cast: Cast, record: Appraisal) -> None:
    begun_opportunity(cast, record)
    url = reverse("opportunity_open", args=[record.pk])
    answer = posted(cast.rating_official, url, wanted(record), on=GIVEN)
    assert answer.status_code == 422
    assert "has an opportunity period already" in text_of(answer)


# --------------------------------------------------------------------------------------- who knows


def test_to_the_employee_there_is_no_such_page_before_the_notice(
    cast: Cast, record: Appraisal
) -> None:
    period = begun_opportunity(cast, record)
    url = record.get_absolute_url()
    words = "When work is not good enough"
    assert opened(cast.employee, page(record), on=GIVEN).status_code == 404
    for address in (url, reverse("timeline", args=[record.pk]), "/"):
        assert words not in text_of(opened(cast.employee, address, on=GIVEN))
        assert "pportunity" not in text_of(opened(cast.employee, address, on=GIVEN))
    take(period.notice, "submit", "approve", "communicate", cast=cast, on=GIVEN)
    assert words in text_of(opened(cast.employee, url, on=GIVEN))
    assert "Opportunity period" in text_of(opened(cast.employee, page(record), on=GIVEN))
    assert "Notice of an opportunity period" in text_of(
        opened(cast.employee, reverse("timeline", args=[record.pk]), on=GIVEN)
    )


def test_who_looked_does_not_name_it(cast: Cast, record: Appraisal) -> None:
    period = begun_opportunity(cast, record)
    take(period.notice, "submit", cast=cast, on=GIVEN)
    opened(cast.higher_level_reviewer, period.notice.get_absolute_url(), on=GIVEN)
    seen = RecordView.objects.filter(viewer=cast.higher_level_reviewer, viewed_on=GIVEN)
    assert {view.page for view in seen} == {"record"}


def test_leaders_and_auditors_find_nothing_of_it(cast: Cast, record: Appraisal) -> None:
    period = begun_opportunity(cast, record)
    take(period.notice, "submit", cast=cast, on=GIVEN)
    waiting = text_of(opened(cast.leader, "/organizations/CMD/in-review/", on=GIVEN))
    assert "pportunity" not in waiting
    assert SECRET not in waiting
    audit = text_of(opened(cast.auditor, "/audit/", on=GIVEN))
    assert "pportunity" not in audit
    for person in (cast.leader, cast.auditor, cast.colleague, cast.former_rating_official):
        assert opened(person, page(record), on=GIVEN).status_code == 404
        assert opened(person, period.notice.get_absolute_url(), on=GIVEN).status_code == 404


def test_the_reviewer_has_it_in_the_queue_and_everybody_on_the_home_page_what_is_theirs(
    cast: Cast, record: Appraisal
) -> None:
    period = begun_opportunity(cast, record)
    home = text_of(opened(cast.rating_official, "/", on=GIVEN))
    assert "Write the notice of an opportunity period" in home
    take(period.notice, "submit", cast=cast, on=GIVEN)
    assert "Notice of an opportunity period" in text_of(
        opened(cast.higher_level_reviewer, "/reviews/", on=GIVEN)
    )
    take(period.notice, "approve", "communicate", cast=cast, on=GIVEN)
    home = text_of(opened(cast.employee, "/", on=GIVEN))
    assert "Acknowledge your notice of an opportunity period" in home
    home = text_of(opened(cast.rating_official, "/", on=GIVEN))
    assert "Hold meeting 1 of 2" in home


# ------------------------------------------------------------------------------------ while it runs


def test_the_page_says_what_is_next_and_by_when_r10_2(cast: Cast, record: Appraisal) -> None:
    given_opportunity(cast, record)
    said = text_of(opened(cast.rating_official, page(record), on=GIVEN + 2 * DAY))
    assert "Hold meeting 1 of 2." in said
    assert "By 11 September 2026, 8 days left" in said
    assert "1 September 2026 to 1 October 2026" in said
    said = text_of(opened(cast.rating_official, page(record), on=LAST + DAY))
    assert "Say how the opportunity ended." in said
    assert "1 day late" in said


def test_a_meeting_is_recorded_and_answered(cast: Cast, record: Appraisal) -> None:
    period = given_opportunity(cast, record)
    url = reverse("opportunity_meeting_new", args=[period.pk])
    day = GIVEN + 8 * DAY
    typed = {"held_on": day.isoformat(), "method": "F", "account": "Two of three in time."}
    wrong = posted(cast.rating_official, url, typed | {"held_on": "2026-08-31"}, on=day)
    assert wrong.status_code == 422
    assert "The notice was discussed on 1 September 2026" in text_of(wrong)
    assert "Two of three in time." in wrong.content.decode()
    posted(cast.rating_official, url, typed, on=day)
    meeting = OpportunityMeeting.objects.get()
    answer = reverse("meeting_answer", args=[meeting.pk])
    assert posted(cast.employee, answer, {"text": " "}, on=day).status_code == 422
    said = text_of(posted(cast.employee, answer, {"text": "The list was old."}, on=day))
    assert "Two of three in time." in said
    assert "The list was old." in said
    assert MeetingWord.objects.get().text == "The list was old."
    assert "Your word" not in said


def test_more_time_needs_days_and_a_reason(cast: Cast, record: Appraisal) -> None:
    period = given_opportunity(cast, record)
    url = reverse("opportunity_extend", args=[period.pk])
    answer = posted(cast.rating_official, url, {"days": "7", "reason": ""}, on=GIVEN)
    assert answer.status_code == 422
    assert "Say why" in text_of(answer)
    said = text_of(
        posted(cast.rating_official, url, {"days": "7", "reason": "Away a week."}, on=GIVEN)
    )
    assert "8 October 2026" in said
    assert "Away a week." in said


def test_the_result_waits_for_the_last_day(cast: Cast, record: Appraisal) -> None:
    period = given_opportunity(cast, record)
    url = reverse("opportunity_result_start", args=[period.pk])
    early = posted(cast.rating_official, url, on=LAST - DAY)
    assert "The employee has all of its days" in early.content.decode()
    said = text_of(posted(cast.rating_official, url, on=LAST))
    assert "Result of an opportunity period" in said
    assert "say whether it is acceptable now" in said


# ------------------------------------------------------------------------------------------- after


def test_a_failed_opportunity_leads_to_a_proposal_with_its_days_r10_3(
    cast: Cast, record: Appraisal
) -> None:
    ended_opportunity(cast, record, level=1)
    said = text_of(opened(cast.rating_official, page(record), on=LAST))
    assert "Decide what to propose." in said
    assert "By 11 October 2026" in said
    url = reverse("action_propose", args=[record.pk])
    data = {"action": "demotion", "elements": elements(record)[:1]}
    said = text_of(posted(cast.rating_official, url, data, on=LAST))
    assert "Instances the proposal rests on" in said
    action = ProposedAction.objects.get()
    instances = reverse("action_instances", args=[action.pk])
    instance = {"element": elements(record)[0], "what": "Late again."}
    old = instance | {"happened_on": "2025-09-30"}
    answer = posted(cast.rating_official, instances, old, on=LAST)
    assert answer.status_code == 422
    assert "1 October 2025" in text_of(answer)
    new = instance | {"happened_on": GIVEN.isoformat()}
    assert "Late again." in text_of(posted(cast.rating_official, instances, new, on=LAST))
    write_all(action.document, cast, on=LAST)
    take(action.document, "submit", "approve", "communicate", cast=cast, on=LAST)
    said = text_of(opened(cast.employee, page(record), on=LAST))
    assert "Proposed reduction in grade" in said
    assert "31 October 2026" in said


def test_no_proposal_while_an_opportunity_is_owed(cast: Cast, record: Appraisal) -> None:
    url = reverse("action_propose", args=[record.pk])
    data = {"action": "removal", "elements": elements(record)[:1]}
    answer = posted(cast.rating_official, url, data, on=GIVEN)
    assert answer.status_code == 422
    assert "comes before an action (R10.2)" in text_of(answer)
    assert "Propose an action" not in text_of(opened(cast.rating_official, page(record), on=GIVEN))


def test_human_resources_enters_what_came_of_it(cast: Cast, record: Appraisal) -> None:
    ended_opportunity(cast, record, level=1)
    action = proposed_action(cast, record, on=LAST)
    take(action.document, "submit", "approve", "communicate", cast=cast, on=LAST)
    url = reverse("action_follow", args=[action.pk])
    data = {
        "more_notice_days": "0",
        "decision": "removal",
        "decided_on": (LAST + 20 * DAY).isoformat(),
        "decided_by": "Col. Reyes",
        "effective_on": (LAST + 29 * DAY).isoformat(),
    }
    answer = posted(cast.hr, url, data, on=LAST + 40 * DAY)
    assert answer.status_code == 422
    assert "nothing takes effect before" in text_of(answer)
    data["effective_on"] = (LAST + 30 * DAY).isoformat()
    said = text_of(posted(cast.hr, url, data, on=LAST + 40 * DAY))
    assert "Removal, 21 October 2026, by Col. Reyes" in said


def test_the_list_of_human_resources_is_their_scope_and_downloads(
    cast: Cast, record: Appraisal
) -> None:
    given_opportunity(cast, record)
    url = reverse("opportunity_list")
    said = text_of(opened(cast.hr, url, on=GIVEN))
    assert "Maria Employee" in said
    assert "Hold meeting 1 of 2, by 11 September 2026" in said
    assert "Maria Employee" not in text_of(opened(cast.hr_elsewhere, url, on=GIVEN))
    csv = opened(cast.hr, f"{url}?format=csv", on=GIVEN)
    assert "Maria Employee" in b"".join(csv).decode("utf-8-sig")


def test_pages_cost_the_same_at_any_length(cast: Cast, record: Appraisal) -> None:
    period = given_opportunity(cast, record)
    with clock.frozen(GIVEN):
        record_meeting(period, held_on=GIVEN, method="F", account="First.", by=cast.rating_official)
    opened(cast.rating_official, page(record), on=GIVEN + 20 * DAY)
    first = [queries(cast.rating_official, url, on=GIVEN + 20 * DAY) for url in (page(record), "/")]
    for days in range(1, 6):
        with clock.frozen(GIVEN + days * DAY):
            record_meeting(
                period,
                held_on=GIVEN + days * DAY,
                method="F",
                account="Better.",
                by=cast.rating_official,
            )
    second = [
        queries(cast.rating_official, url, on=GIVEN + 20 * DAY) for url in (page(record), "/")
    ]
    assert second == first
    assert max(first) <= 15
    assert queries(cast.hr, reverse("opportunity_list"), on=GIVEN) <= 15


def test_a_notice_prints_as_a_document_of_its_own(cast: Cast, record: Appraisal) -> None:
    period = given_opportunity(cast, record)
    url = reverse("document_form_pdf", args=[period.notice_id])
    assert opened(cast.employee, url, on=GIVEN)["Content-Type"] == "application/pdf"
    with clock.frozen(LAST):
        result = start_result(period, by=cast.rating_official)
    assert result.state == State.DRAFT
    url = reverse("document_form_pdf", args=[result.pk])
    assert opened(cast.employee, url, on=LAST).status_code == 404
