"""An employee does not agree with a rating: what they can do, who answers, what it changes (R7.11, R11)."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from appraisals.models import (
    AppraisalEvent,
    Decision,
    Disagreement,
    Notice,
    RatingOfRecord,
    StoredForm,
    current_rating,
)
from appraisals.pdf import form_content
from appraisals.services.amending import record_decision
from appraisals.services.disagreeing import file_disagreement
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from tests.cast import SECRET, Cast, make_cast
from tests.editions import policy_says
from tests.rating_rows import DISCUSSED, rated_year

pytestmark = pytest.mark.django_db

LAST_DAY = DISCUSSED + dt.timedelta(days=60)
A_WEEK_ON = DISCUSSED + dt.timedelta(days=7)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def rating(cast: Cast) -> RatingOfRecord:
    return rated_year(cast)


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(rating: RatingOfRecord, cast: Cast, *, on: dt.date = A_WEEK_ON) -> Disagreement:
    with clock.frozen(on):
        address = f"/appraisals/{rating.appraisal_id}/rating/reconsideration/"
        as_(cast.employee).post(address, {"text": "Element 2, please."})
    return Disagreement.objects.get(kind="reconsideration")


ANSWER = {
    "answer": "The reports were early.",
    "authority": "Lena Leader, command",
    "decided_on": "2027-04-02",
    "outcome": "changed",
    "level_1": "5",
    "level_2": "5",
}


def answer(asked: Disagreement, by: Person, **given: str) -> int:
    with clock.frozen(dt.date(2027, 4, 2)):
        return as_(by).post(f"/disagreements/{asked.pk}/", ANSWER | given).status_code


def test_the_employee_asks_within_sixty_days_and_is_told_until_when_r7_11(
    cast: Cast, rating: RatingOfRecord
) -> None:
    with clock.frozen(LAST_DAY):
        page = as_(cast.employee).get(f"/appraisals/{rating.appraisal_id}/rating/").content.decode()
    assert "19 May 2027" in page
    asked = ask(rating, cast, on=LAST_DAY)
    assert (asked.state, asked.filed_on) == ("waiting", LAST_DAY)
    assert asked.due_on == LAST_DAY + dt.timedelta(days=30)
    assert AppraisalEvent.objects.filter(name="ask_reconsideration", by=cast.employee).exists()


def test_a_day_later_only_a_formal_decision_is_left_and_the_text_is_kept(
    cast: Cast, rating: RatingOfRecord
) -> None:
    with clock.frozen(LAST_DAY + dt.timedelta(days=1)):
        response = as_(cast.employee).post(
            f"/appraisals/{rating.appraisal_id}/rating/reconsideration/", {"text": "Too late?"}
        )
    page = response.content.decode()
    assert response.status_code == 422
    assert "The 60 days ended on 19 May 2027" in page
    assert "Too late?" in page
    assert not Disagreement.objects.exists()


def test_hr_enters_a_letter_with_the_day_on_which_it_came(
    cast: Cast, rating: RatingOfRecord
) -> None:
    address = f"/appraisals/{rating.appraisal_id}/rating/reconsideration/"
    given = {"text": "As in the letter.", "filed_on": "2027-05-19"}
    with clock.frozen(dt.date(2027, 6, 1)):
        assert as_(cast.hr).post(address, given | {"filed_on": "2027-05-20"}).status_code == 422
        assert as_(cast.hr).post(address, given).status_code == 302
    asked = Disagreement.objects.get()
    assert (asked.filed_on, asked.filed_by) == (LAST_DAY, cast.hr)
    event = AppraisalEvent.objects.get(name="ask_reconsideration")
    assert event.on_behalf_of == cast.employee


def test_everybody_concerned_is_told_and_no_letter_names_a_rating(
    cast: Cast, rating: RatingOfRecord
) -> None:
    asked = ask(rating, cast)
    told = {(each.recipient, each.kind) for each in Notice.objects.all()}
    assert told == {
        (cast.hr, "reconsideration_asked"),
        (cast.rating_official, "disagreement_noted"),
        (cast.higher_level_reviewer, "disagreement_noted"),
    }
    assert answer(asked, cast.hr) == 302
    kinds = set(Notice.objects.filter(recipient=cast.employee).values_list("kind", flat=True))
    assert kinds == {"reconsideration_answered", "rating_changed"}
    for notice in Notice.objects.all():
        assert not re.search(r"Outstanding|Successful|please\.", notice.title + notice.text)


def test_the_answer_changes_the_rating_beside_the_one_that_was_issued_r11_5(
    cast: Cast, rating: RatingOfRecord
) -> None:
    asked = ask(rating, cast)
    assert answer(asked, cast.hr) == 302
    asked.refresh_from_db()
    amendment = rating.amendments.get()
    assert (asked.state, asked.amendment) == ("changed", amendment)
    assert (amendment.reason, amendment.level, amendment.levels) == ("informal", 5, [5, 5])
    assert amendment.authority == "Lena Leader, command"
    assert current_rating(RatingOfRecord.objects.get()).level == 5
    assert RatingOfRecord.objects.get().level == 3
    with clock.frozen(dt.date(2027, 4, 3)):
        page = as_(cast.employee).get(f"/appraisals/{rating.appraisal_id}/").content.decode()
    assert "5 Outstanding" in page
    assert "It was issued as 3 Fully Successful" in page


def test_a_rating_that_stands_has_its_reasons(cast: Cast, rating: RatingOfRecord) -> None:
    asked = ask(rating, cast)
    both = "the rating is to stand"
    with clock.frozen(dt.date(2027, 4, 2)):
        page = as_(cast.hr).post(f"/disagreements/{asked.pk}/", ANSWER | {"outcome": "stands"})
    assert (page.status_code, both in page.content.decode()) == (422, True)
    assert answer(asked, cast.hr, outcome="stands", level_1="3", level_2="3") == 302
    assert answer(asked, cast.hr, outcome="stands", level_1="3", level_2="3") == 422
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("stands", "The reports were early.")
    assert not rating.amendments.exists()


def test_nobody_answers_about_a_rating_they_gave_and_the_reviewer_only_where_policy_says_so(
    cast: Cast, rating: RatingOfRecord
) -> None:
    asked = ask(rating, cast)
    for actor in ("employee", "rating_official", "higher_level_reviewer"):
        assert answer(asked, cast.people[actor]) == 403
    policy_says(reviewer_may_reconsider=True)
    assert answer(asked, cast.rating_official) == 403
    assert answer(asked, cast.higher_level_reviewer) == 302


def test_an_unacceptable_rating_needs_its_approval_r8_1(cast: Cast, rating: RatingOfRecord) -> None:
    asked = ask(rating, cast)
    assert answer(asked, cast.hr, level_1="1") == 422
    assert answer(asked, cast.hr, level_1="1", approved_by="Ada Army") == 302
    assert rating.amendments.get().approved_by == "Ada Army"


def test_one_request_for_a_rating_and_it_can_be_withdrawn_until_it_is_answered(
    cast: Cast, rating: RatingOfRecord
) -> None:
    asked = ask(rating, cast)
    with clock.frozen(A_WEEK_ON):
        with pytest.raises(Refused, match="There is one for each rating"):
            file_disagreement(rating, asked.kind, text="Again.", by=cast.employee)
        as_(cast.employee).post(f"/disagreements/{asked.pk}/withdraw/")
        again = file_disagreement(rating, asked.kind, text="Again.", by=cast.employee)
    assert answer(again, cast.hr) == 302
    assert as_(cast.employee).post(f"/disagreements/{again.pk}/withdraw/").status_code == 409


def test_a_disagreement_on_record_asks_nobody_and_stands_on_the_form(
    cast: Cast, rating: RatingOfRecord
) -> None:
    address = f"/appraisals/{rating.appraisal_id}/rating/statement/"
    with clock.frozen(A_WEEK_ON):
        assert as_(cast.employee).post(address, {"text": "I do not agree."}).status_code == 302
        content = form_content(rating.appraisal, reader=cast.employee)
    (said,) = content.afterwards.said
    assert (said.on, said.text[0].text) == (A_WEEK_ON, "I do not agree.")
    assert Disagreement.objects.get().due_on is None


def test_a_changed_rating_makes_a_final_record_final_anew(
    cast: Cast, rating: RatingOfRecord
) -> None:
    before = form_content(rating.appraisal, reader=cast.employee)
    change(rating, cast.hr)
    after = form_content(rating.appraisal, reader=cast.employee)
    assert before.final_since is not None
    assert after.final_since is not None
    assert after.final_since > before.final_since
    assert [(each.level, each.reason) for each in after.afterwards.changes] == [(5, "Grievance")]
    assert after.summary is not None
    assert after.summary.record is not None
    assert after.summary.record.level == 3
    assert StoredForm.objects.filter(appraisal=rating.appraisal, document=None).count() == 1


def change(rating: RatingOfRecord, by: Person) -> None:
    with clock.frozen(dt.date(2027, 4, 2)):
        address = f"/appraisals/{rating.appraisal_id}/rating/change/"
        posted = {
            "reason": "grievance",
            "authority": "Arbitrator",
            "decided_on": "2027-04-02",
            "explanation_text": "Case 7.",
            "level_1": "5",
            "level_2": "5",
        }
        assert as_(by).post(address, posted).status_code == 302


def test_looking_first_changes_nothing(cast: Cast, rating: RatingOfRecord) -> None:
    change_it = f"/appraisals/{rating.appraisal_id}/rating/change/"
    posted = {
        "reason": "correction",
        "authority": "HR",
        "decided_on": "2027-04-02",
        "explanation_text": "Entered for somebody else.",
        "level_1": "5",
        "look": "See what it comes to",
    }
    with clock.frozen(dt.date(2027, 4, 2)):
        page = as_(cast.hr).post(change_it, posted).content.decode()
    assert "Summary rating: Fully Successful." in page
    assert "Nothing is changed yet." in page
    assert not rating.amendments.exists()


def test_where_ratings_cannot_be_grieved_no_grievance_changes_one_r11_4(
    cast: Cast, rating: RatingOfRecord
) -> None:
    policy_says(rating_grievable=False)
    with clock.frozen(dt.date(2027, 4, 2)):
        page = as_(cast.hr).get(f"/appraisals/{rating.appraisal_id}/rating/change/")
        assert "Settlement" in page.content.decode()
        assert "Grievance" not in page.content.decode()
        own = as_(cast.employee).get(f"/appraisals/{rating.appraisal_id}/rating/")
        assert "ratings cannot be grieved" in own.content.decode()
        decision = Decision(
            levels=[5, 5], reason="grievance", authority="A", decided_on=dt.date(2027, 4, 1)
        )
        with pytest.raises(Refused, match="cannot be grieved"):
            record_decision(rating, decision, by=cast.hr)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"decided_on": "2027-03-19"}, "The rating was issued on 20 March 2027"),
        ({"decided_on": "2027-04-03"}, "This day has not come yet"),
        ({"level_1": "3", "level_2": "3"}, "nothing would change"),
        ({"level_1": "0", "level_2": "0"}, "No element is rated"),
        ({"authority": ""}, "Name who decided"),
        ({"level_1": "4"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    cast: Cast, rating: RatingOfRecord, given: dict[str, str], words: str
) -> None:
    posted = {
        "reason": "settlement",
        "authority": "Judge",
        "decided_on": "2027-04-02",
        "explanation_text": "Kept words.",
        "level_1": "5",
        "level_2": "5",
    }
    with clock.frozen(dt.date(2027, 4, 2)):
        address = f"/appraisals/{rating.appraisal_id}/rating/change/"
        response = as_(cast.hr).post(address, posted | given)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Kept words." in page
    assert not rating.amendments.exists()


def test_only_hr_in_scope_records_a_decision(cast: Cast, rating: RatingOfRecord) -> None:
    decision = Decision(
        levels=[5, 5], reason="settlement", authority="A", decided_on=dt.date(2027, 4, 1)
    )
    with clock.frozen(dt.date(2027, 4, 2)):
        for actor in ("employee", "rating_official", "higher_level_reviewer", "hr_elsewhere"):
            with pytest.raises(PermissionDenied):
                record_decision(rating, decision, by=cast.people[actor])


def test_the_history_tells_steps_and_never_what_was_written(
    cast: Cast, rating: RatingOfRecord
) -> None:
    asked = ask(rating, cast)
    answer(asked, cast.hr)
    with clock.frozen(dt.date(2027, 4, 3)):
        page = as_(cast.employee).get(f"/appraisals/{rating.appraisal_id}/timeline/")
    words = page.content.decode()
    assert "The employee asks that the rating be looked at again" in words
    assert "Rating of record changed" in words
    assert "Element 2, please." not in words
    assert SECRET not in words


@pytest.mark.parametrize("rows", [1, 3])
def test_hr_lists_what_waits_at_a_constant_cost(
    cast: Cast, rating: RatingOfRecord, rows: int, django_assert_max_num_queries: object
) -> None:
    ask(rating, cast)
    first = Disagreement.objects.get()
    for _ in range(rows - 1):
        first.pk, first.state = None, "withdrawn"
        first.save()
    client = as_(cast.hr)
    with clock.frozen(dt.date(2027, 5, 30)):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            page = client.get("/hr/disagreements/").content.decode()
        csv = client.get("/hr/disagreements/?format=csv")
    assert "34 days late" in page
    assert b"Employee, Maria" in b"".join(csv)  # type: ignore[arg-type]
