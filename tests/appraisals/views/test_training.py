"""Training of supervisors: who completed what, whose course is due (R17.3)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisals.models import SupervisorTraining
from appraisals.rules import Policy, training_due_on
from appraisals.services.training import record_training
from appraisals.training import supervisors
from orgchart import clock
from orgchart.models import Assignment, OrgEvent, Person
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.cast import PRACTICE_DAY, Cast, assign, make_cast

pytestmark = pytest.mark.django_db

COURSE = "DPMAP for supervisors"
NEW = "/hr/training/new/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def complete(cast: Cast, *people: Person, on: dt.date = dt.date(2025, 6, 1)) -> None:
    with clock.frozen(PRACTICE_DAY):
        record_training(people, course=COURSE, completed_on=on, by=cast.hr)


def form(people: str, **fields: str) -> dict[str, object]:
    return {"people": people, "course": COURSE, "completed_on": "2025-06-01", **fields}


def test_hr_records_a_course_for_many_at_once(cast: Cast) -> None:
    asked = (
        f"{cast.rating_official.dod_id}\n{cast.higher_level_reviewer.email}; {cast.leader.dod_id}"
    )
    page = posted(cast.hr, NEW, form(asked))
    assert "Recorded for 3 of 3." in page.content.decode()
    assert SupervisorTraining.objects.filter(recorded_by=cast.hr).count() == 3
    again = posted(cast.hr, NEW, form(asked))
    assert "Recorded for 0 of 3. 3 had it already." in again.content.decode()
    assert OrgEvent.objects.filter(what="training_recorded").count() == 3


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"people": ""}, "Enter at least one DoD ID or e-mail address."),
        ({"people": "2000000010\n9999999999"}, "Nobody has “9999999999” as DoD ID"),
        ({"people": "2000000005"}, "Leo Elsewhere: not in your scope"),
        ({"people": "2000000013"}, "Hanna Human: not in your scope"),
        ({"course": ""}, "Name the course."),
        ({"completed_on": "2027-04-07"}, "This day has not come yet."),
        ({"completed_on": "soon"}, "Enter a day"),
    ],
)
def test_a_wrong_line_records_nothing_and_says_which(
    cast: Cast, fields: dict[str, str], sentence: str
) -> None:
    page = posted(cast.hr, NEW, {**form("2000000010"), **fields})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert fields.get("people", "2000000010") in page.content.decode()
    assert not SupervisorTraining.objects.exists()


def test_hr_sees_who_is_late_and_takes_the_list_along(cast: Cast) -> None:
    complete(cast, cast.rating_official)
    complete(cast, cast.former_rating_official, on=dt.date(2024, 5, 1))
    late = text_of(opened(cast.hr, "/hr/training/?show=late"))
    assert "Henry Reviewer" in late
    assert "Dana Official" not in late
    soon = text_of(opened(cast.hr, "/hr/training/?show=soon"))
    assert "Fern Former" in soon
    assert "1 May 2027" in soon
    fine = text_of(opened(cast.hr, "/hr/training/?show=fine"))
    assert "Dana Official" in fine
    response = opened(cast.hr, "/hr/training/?show=fine&format=csv")
    lines = b"".join(response).decode().splitlines()  # type: ignore[call-overload]
    assert lines[1] == "Dana Official,Fire Division,2024-01-15,2025-06-01,2028-06-01,up to date"


def test_the_second_level_sees_their_own_supervisors(cast: Cast) -> None:
    page = text_of(opened(cast.higher_level_reviewer, "/reviews/supervisors/training/"))
    assert "Dana Official" in page
    assert "Otto Otherofficial" not in page
    assert "Nobody here" in text_of(opened(cast.employee, "/reviews/supervisors/training/"))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("rating_official", 200),
        ("higher_level_reviewer", 200),
        ("hr", 200),
        ("employee", 403),
        ("former_rating_official", 403),
        ("hr_elsewhere", 404),
    ],
)
def test_who_reads_what_a_supervisor_completed(cast: Cast, who: str, status: int) -> None:
    complete(cast, cast.rating_official)
    page = opened(cast.people[who], f"/people/{cast.rating_official.dod_id}/training/")
    assert page.status_code == status
    assert (COURSE in page.content.decode()) == (status == 200)


def test_what_was_entered_in_error_counts_no_more_and_stays(cast: Cast) -> None:
    complete(cast, cast.rating_official)
    training = SupervisorTraining.objects.get()
    url = f"/hr/training/{training.pk}/withdraw/"
    assert posted(cast.hr, url, {"reason": ""}).status_code == 422
    page = text_of(posted(cast.hr, url, {"reason": "It was somebody of the same name."}))
    assert "It was somebody of the same name." in page
    assert "Next course due 15 January 2025" in page
    assert posted(cast.rating_official, url, {"reason": "No"}).status_code == 404
    posted(cast.hr, url, {"reason": "Again."})
    training.refresh_from_db()
    assert training.withdrawal_reason == "It was somebody of the same name."


@pytest.mark.parametrize("who", ["rating_official", "hr_elsewhere", "leader"])
def test_only_hr_there_records_and_nobody_for_themselves(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied), clock.frozen(PRACTICE_DAY):
        record_training(
            [cast.rating_official],
            course=COURSE,
            completed_on=PRACTICE_DAY,
            by=cast.people[who],
        )
    with pytest.raises(PermissionDenied), clock.frozen(PRACTICE_DAY):
        record_training([cast.hr], course=COURSE, completed_on=PRACTICE_DAY, by=cast.hr)


DAYS = st.dates(dt.date(2015, 1, 1), PRACTICE_DAY)


@given(led=DAYS, last=st.none() | DAYS, first=st.integers(1, 24), every=st.integers(1, 60))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_list_counts_as_the_rule_does(
    cast: Cast, led: dt.date, last: dt.date | None, first: int, every: int
) -> None:
    policy = Policy(training_first_months=first, training_every_months=every)
    mine = Q(employee=cast.rating_official)
    Assignment.objects.filter(mine).update(position_start_date=led)
    SupervisorTraining.objects.all().delete()
    if last:
        complete(cast, cast.rating_official, on=last)
    with clock.frozen(PRACTICE_DAY):
        row = supervisors(mine, policy).get()
    assert row.due_on == training_due_on(led, last, policy)  # type: ignore[attr-defined]


def test_the_lists_take_the_same_queries_for_any_number(cast: Cast) -> None:
    asked = [
        (cast.hr, "/hr/training/"),
        (cast.higher_level_reviewer, "/reviews/supervisors/training/"),
        (cast.hr, f"/people/{cast.rating_official.dod_id}/training/"),
    ]
    before = [queries(user, url) for user, url in asked]
    for number in range(4):
        person = Person.objects.create_user(
            email=f"more{number}@example.mil",
            dod_id=f"{3_000_000_000 + number}",
            first_name="More",
            last_name=f"People{number}",
        )
        assign(person, cast.higher_level_reviewer, cast.places["FIRE"], is_supervisor=True)
        complete(cast, person, cast.rating_official, on=dt.date(2020 + number, 1, 1))
    after = [queries(user, url) for user, url in asked]
    assert after == before
    assert max(after) <= 15
