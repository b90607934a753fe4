"""Who rates and who reviews a record changes with a reason, and every change is kept (R9.9)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Kind,
    Notice,
    Office,
    OfficialChange,
    State,
)
from appraisals.services.officials import NewOfficials, name_officials, write_officials
from appraisals.terms import official_on, terms_of
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document, make_record, take
from tests.editions import policy_says

pytestmark = pytest.mark.django_db

NOVEMBER = dt.date(2026, 11, 3)
MARCH = dt.date(2027, 3, 15)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def name(cast: Cast, record: Appraisal, official: str, *, by: str = "hr", **fields: object) -> None:
    on = fields.pop("on", PRACTICE_DAY)
    assert isinstance(on, dt.date)
    values: dict[str, object] = {
        "rating_official": cast.people[official],
        "higher_level_reviewer": cast.higher_level_reviewer,
        "reason": "A new team.",
        "by": cast.people[by],
    }
    with clock.frozen(on):
        name_officials(record, **values | fields)  # type: ignore[arg-type]
    record.refresh_from_db()


def raters(record: Appraisal, *days: dt.date) -> list[str]:
    found = (official_on(record, Office.RATING_OFFICIAL, day) for day in days)
    return [person.first_name if person else "" for person in found]


def test_who_it_was_on_a_day_has_one_answer(cast: Cast) -> None:
    record = make_record(cast)
    name(cast, record, "former_rating_official", on=NOVEMBER)
    name(cast, record, "official_elsewhere", on=MARCH)
    one = dt.timedelta(days=1)
    assert raters(record, record.starts_on, NOVEMBER - one) == ["Dana", "Dana"]
    assert raters(record, NOVEMBER, MARCH - one) == ["Fern", "Fern"]
    assert raters(record, MARCH, PRACTICE_DAY) == ["Otto", "Otto"]
    assert official_on(record, Office.HIGHER_LEVEL_REVIEWER, NOVEMBER) == cast.higher_level_reviewer


def test_a_change_holds_from_the_day_on_which_it_happened(cast: Cast) -> None:
    record = make_record(cast)
    name(cast, record, "former_rating_official", effective_on=NOVEMBER)
    change = OfficialChange.objects.get()
    assert (change.former, change.successor) == (cast.rating_official, cast.former_rating_official)
    assert change.event.details["effective_on"] == "2026-11-03"
    assert raters(record, dt.date(2026, 11, 2), NOVEMBER) == ["Dana", "Fern"]


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (PRACTICE_DAY + dt.timedelta(days=1), "This day has not come yet"),
        (NOVEMBER - dt.timedelta(days=1), "changed on 3 November 2026 already"),
        (dt.date(2026, 3, 31), "This record begins on 1 April 2026"),
    ],
)
def test_a_day_that_cannot_be_is_refused(cast: Cast, day: dt.date, sentence: str) -> None:
    record = make_record(cast)
    if day.month == 11 or day > NOVEMBER:
        name(cast, record, "former_rating_official", on=NOVEMBER)
    before = record.rating_official
    with pytest.raises(Refused, match=sentence):
        name(cast, record, "official_elsewhere", effective_on=day)
    record.refresh_from_db()
    assert record.rating_official == before


def test_asking_for_what_holds_changes_nothing(cast: Cast) -> None:
    record = make_record(cast)
    before = AppraisalEvent.objects.count(), Notice.objects.count()
    name(cast, record, "rating_official")
    assert (AppraisalEvent.objects.count(), Notice.objects.count()) == before
    assert not OfficialChange.objects.exists()


def test_both_offices_change_in_one_event(cast: Cast) -> None:
    record = make_record(cast)
    name(cast, record, "former_rating_official", higher_level_reviewer=cast.reviewer_elsewhere)
    (event,) = record.events.filter(name="name_officials")
    assert {each.office for each in event.official_changes.all()} == set(Office)
    assert official_on(record, Office.HIGHER_LEVEL_REVIEWER, MARCH) == cast.higher_level_reviewer


def test_what_waits_for_a_review_keeps_a_reviewer(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    with pytest.raises(Refused, match="waits for the higher level reviewer"):
        name(cast, plan.appraisal, "rating_official", higher_level_reviewer=None)
    name(cast, plan.appraisal, "rating_official", higher_level_reviewer=cast.reviewer_elsewhere)
    assert plan.appraisal.higher_level_reviewer == cast.reviewer_elsewhere


def test_without_a_reviewer_the_history_says_nobody(cast: Cast) -> None:
    record = make_record(cast)
    name(cast, record, "rating_official", higher_level_reviewer=None, on=NOVEMBER)
    assert official_on(record, Office.HIGHER_LEVEL_REVIEWER, MARCH) is None
    name(cast, record, "rating_official", on=MARCH)
    assert [term.person for term in terms_of(record) if term.office == "higher_level_reviewer"] == [
        cast.higher_level_reviewer,
        None,
        cast.higher_level_reviewer,
    ]


def test_somebody_who_left_is_not_named(cast: Cast) -> None:
    record = make_record(cast)
    Person.objects.filter(pk=cast.official_elsewhere.pk).update(is_active=False)
    cast.official_elsewhere.refresh_from_db()
    with pytest.raises(Refused, match="cannot sign in any more"):
        name(cast, record, "official_elsewhere")


@pytest.mark.parametrize(
    ("who", "setting", "default"),
    [
        ("rating_official", "rating_official_may_name_officials", True),
        ("employee", "employee_may_name_officials", False),
    ],
)
def test_policy_says_who_beside_hr_names_officials(
    cast: Cast, who: str, setting: str, default: bool
) -> None:
    record = make_record(cast)
    for values in ({}, {setting: not default}):
        policy_says(**values)
        if default != bool(values):
            name(cast, record, "former_rating_official", by=who)
            assert record.rating_official == cast.former_rating_official
            name(cast, record, "rating_official")
        else:
            with pytest.raises(PermissionDenied):
                name(cast, record, "former_rating_official", by=who)


@pytest.mark.parametrize(
    "who",
    ["higher_level_reviewer", "colleague", "leader", "hr_elsewhere", "former_rating_official"],
)
def test_nobody_else_names_officials(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        name(cast, make_record(cast), "official_elsewhere", by=who)


def test_the_successor_goes_on_where_the_record_stands(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.APPROVED)
    name(cast, plan.appraisal, "former_rating_official", by="rating_official")
    cast.people["rating_official"] = cast.former_rating_official
    plan.refresh_from_db()
    assert take(plan, "communicate", cast=cast, on=PRACTICE_DAY).state == State.COMMUNICATED


def test_many_records_change_hands_in_one_go(cast: Cast) -> None:
    record = make_record(cast)
    with clock.frozen(PRACTICE_DAY):
        found = Appraisal.objects.with_people().get(pk=record.pk)
        (event,) = write_officials(
            [NewOfficials(found, cast.former_rating_official, None)],
            by=cast.hr,
            reason="The supervisor left.",
            details={"departure": 7},
        )
    assert event.details["departure"] == 7
    assert {each.office for each in OfficialChange.objects.all()} == set(Office)
    told = set(Notice.objects.filter(kind="record_handed_over").values_list("recipient", flat=True))
    assert told == {
        cast.employee.pk,
        cast.rating_official.pk,
        cast.former_rating_official.pk,
        cast.higher_level_reviewer.pk,
    }
