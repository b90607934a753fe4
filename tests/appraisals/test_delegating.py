"""A delegate drafts for a rating official, for a time, and never signs (R8.4)."""

import datetime as dt
import itertools
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.models import (
    WALK,
    Appraisal,
    Delegation,
    Document,
    Kind,
    Notice,
    SectionKind,
    State,
)
from appraisals.models.scope import Party
from appraisals.permissions import (
    may_administer_appraisal,
    may_enter_paper,
    may_name_officials,
    may_read_section,
    may_write_section,
    parties,
)
from appraisals.problems import plan_of
from appraisals.rules import Policy
from appraisals.services.delegating import (
    DelegationRefused,
    delegate,
    end_delegation,
    end_delegations_of,
    report_draft,
)
from appraisals.services.officials import name_officials
from appraisals.services.on_paper import begin_paper
from appraisals.services.records import (
    start_annual_appraisal,
    start_progress_review,
    start_record,
)
from appraisals.services.writing import add_element, save_element, save_section
from appraisals.workflow import TRANSITIONS, advance, available
from orgchart import clock
from orgchart.models import OrgEvent, Person
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast, make_document, make_record
from tests.editions import policy_says

pytestmark = pytest.mark.django_db

LAST_DAY = PRACTICE_DAY + dt.timedelta(days=30)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def give(cast: Cast, to: Person | None = None, **fields: object) -> Delegation:
    """From the practice day on, to a supervisor of the division beside."""
    values: dict[str, object] = {
        "to": to or cast.official_elsewhere,
        "starts_on": PRACTICE_DAY,
        "ends_on": LAST_DAY,
        "reason": "On leave until May.",
        "by": cast.rating_official,
    }
    with clock.frozen(PRACTICE_DAY):
        return delegate(cast.rating_official, **values | fields)  # type: ignore[arg-type]


def standing(user: Person, appraisal: Appraisal, *, on: dt.date = PRACTICE_DAY) -> set[Party]:
    with clock.frozen(on):
        return set(parties(Person.objects.get(pk=user.pk), appraisal))


def sees(user: Person, appraisal: Appraisal, *, on: dt.date = PRACTICE_DAY) -> bool:
    with clock.frozen(on):
        someone = Person.objects.get(pk=user.pk)
        return Appraisal.objects.visible_to(someone).filter(pk=appraisal.pk).exists()


# ---------------------------------------------------------------- what they write


def test_what_a_delegate_writes_says_for_whom(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    give(cast)
    section = annual.sections.filter(kind=SectionKind.RATING)[0]
    with clock.frozen(PRACTICE_DAY):
        saved = save_section(
            section,
            by=cast.official_elsewhere,
            expected_version=section.version,
            text="Answered 98 of 100 alarms in 7 minutes.",
            level=5,
        )
    assert saved.credit == "Otto Otherofficial for Dana Official"
    version = saved.versions.order_by("-pk")[0]
    assert (version.written_by, version.written_for) == (
        cast.official_elsewhere,
        cast.rating_official,
    )
    with clock.frozen(PRACTICE_DAY):
        saved = save_section(
            saved, by=cast.rating_official, expected_version=saved.version, text="Mine.", level=5
        )
    assert saved.credit == "Dana Official"
    assert saved.written_for is None


def test_a_delegate_drafts_a_whole_plan(cast: Cast) -> None:
    plan = plan_of(make_record(cast, on=PRACTICE_DAY))
    assert plan is not None
    give(cast)
    element = plan.elements.get(number=1)
    with clock.frozen(PRACTICE_DAY):
        save_element(
            element,
            by=cast.official_elsewhere,
            expected_version=element.version,
            values={"title": "Answer alarms"},
        )
        added = add_element(
            plan, by=cast.official_elsewhere, values={"title": "Train", "standards": "Twice"}
        )
    assert added.accepted
    event = plan.events.get(name="add_element", details__element=added.pk)
    assert (event.by, event.on_behalf_of) == (cast.official_elsewhere, cast.rating_official)
    element.refresh_from_db()
    assert element.credit == "Otto Otherofficial for Dana Official"


def test_a_delegate_starts_what_the_rating_official_starts(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED).appraisal
    give(cast)
    with clock.frozen(PRACTICE_DAY):
        review = start_progress_review(appraisal, by=cast.official_elsewhere)
        annual = start_annual_appraisal(appraisal, by=cast.official_elsewhere)
        colleague = start_record(cast.colleague, cycle=cast.cycle, by=cast.official_elsewhere)
    assert {review.kind, annual.kind} == {Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL}
    assert colleague.rating_official == cast.rating_official
    opened = review.events.get(name="open")
    assert opened.on_behalf_of == cast.rating_official


def test_the_employees_texts_stay_the_employees(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    give(cast)
    drafts = Person.objects.get(pk=cast.official_elsewhere.pk)
    inputs = annual.sections.filter(kind=SectionKind.EMPLOYEE_INPUT)
    with clock.frozen(PRACTICE_DAY):
        assert not any(may_write_section(drafts, each, annual) for each in inputs)
        assert not any(may_read_section(drafts, each, annual) for each in inputs)
        annual.input_shared_at = clock.now()
        assert all(may_read_section(drafts, each, annual) for each in inputs)


# ---------------------------------------------------------------- what they never do

DOCUMENTS = [
    (kind, state)
    for kind, state in itertools.product(
        (Kind.PERFORMANCE_PLAN, Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL), WALK
    )
    if (kind, state) != (Kind.PROGRESS_REVIEW, State.IN_REVIEW)
]


@pytest.mark.parametrize(("kind", "state"), DOCUMENTS)
def test_a_delegate_takes_no_step_of_the_table(cast: Cast, kind: Kind, state: State) -> None:
    document = make_document(cast, kind, state)
    give(cast)
    with clock.frozen(PRACTICE_DAY):
        assert standing(cast.official_elsewhere, document.appraisal) == {Party.DELEGATE}
        assert available(document, cast.official_elsewhere) == []
        for name in TRANSITIONS:
            with pytest.raises(PermissionDenied):
                advance(document, name, by=cast.official_elsewhere, request_key=uuid.uuid4())
    document.refresh_from_db()
    assert document.state == state


def test_a_delegate_is_not_hr_enters_no_paper_and_names_nobody(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    give(cast)
    drafts, appraisal = cast.official_elsewhere, annual.appraisal
    with clock.frozen(PRACTICE_DAY):
        assert not may_administer_appraisal(drafts, appraisal)
        assert not may_enter_paper(drafts, appraisal)
        assert not may_name_officials(drafts, appraisal, Policy())
        with pytest.raises(PermissionDenied):
            begin_paper(appraisal, Kind.PROGRESS_REVIEW, why="No access", by=drafts)


def test_nobody_drafts_their_own_record(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    give(cast, cast.employee)
    assert standing(cast.employee, annual.appraisal) == {Party.EMPLOYEE}
    rating = annual.sections.filter(kind=SectionKind.RATING)[0]
    with clock.frozen(PRACTICE_DAY):
        assert not may_read_section(Person.objects.get(pk=cast.employee.pk), rating, annual)


def test_nobody_drafts_what_they_review(cast: Cast) -> None:
    appraisal = make_record(cast)
    give(cast, cast.higher_level_reviewer)
    assert standing(cast.higher_level_reviewer, appraisal) == {Party.HIGHER_LEVEL_REVIEWER}


# ---------------------------------------------------------------- from when, until when


def test_it_begins_and_ends_with_its_days(cast: Cast) -> None:
    appraisal = make_record(cast)
    first, last = PRACTICE_DAY + dt.timedelta(days=2), PRACTICE_DAY + dt.timedelta(days=4)
    give(cast, starts_on=first, ends_on=last)
    one = dt.timedelta(days=1)
    seen = [
        sees(cast.official_elsewhere, appraisal, on=day)
        for day in (first - one, first, last, last + one)
    ]
    assert seen == [False, True, True, False]


def test_ended_early_it_ends_at_once(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    delegation = give(cast)
    assert sees(cast.official_elsewhere, annual.appraisal)
    with clock.frozen(PRACTICE_DAY):
        end_delegation(delegation, by=cast.rating_official, reason="Back from leave.")
        section = annual.sections.filter(kind=SectionKind.RATING)[0]
        with pytest.raises(PermissionDenied):
            save_section(
                section, by=cast.official_elsewhere, expected_version=section.version, text="Late"
            )
    assert not sees(cast.official_elsewhere, annual.appraisal)
    assert OrgEvent.objects.get(what="delegation_ended").detail["reason"] == "Back from leave."


def test_a_record_that_is_handed_over_is_closed_to_the_delegate(cast: Cast) -> None:
    appraisal = make_record(cast)
    give(cast)
    with clock.frozen(PRACTICE_DAY):
        name_officials(
            appraisal,
            rating_official=cast.former_rating_official,
            higher_level_reviewer=cast.higher_level_reviewer,
            by=cast.hr,
            reason="Moved.",
        )
    assert not sees(cast.official_elsewhere, appraisal)


def test_whoever_leaves_neither_gives_nor_holds(cast: Cast) -> None:
    give(cast)
    give(cast, cast.colleague)
    with clock.frozen(PRACTICE_DAY):
        ended = end_delegations_of(cast.colleague, by=cast.hr, reason="Left.")
        assert [each.delegate for each in ended] == [cast.colleague]
        assert len(end_delegations_of(cast.rating_official, by=cast.hr, reason="Left.")) == 1
        assert not Delegation.objects.not_over(PRACTICE_DAY).exists()


# ---------------------------------------------------------------- who names, who ends


def test_both_sides_hear_of_it_and_the_organization_keeps_it(cast: Cast) -> None:
    made = give(cast, by=cast.hr)
    told = Notice.objects.filter(kind="delegation").values_list("recipient", "title")
    assert dict(told) == {
        cast.rating_official.pk: "Otto Otherofficial drafts for you now",
        cast.official_elsewhere.pk: "You draft for Dana Official now",
    }
    event = OrgEvent.objects.get(what="delegation_given")
    assert (event.by, event.person, event.organization) == (
        cast.hr,
        cast.rating_official,
        cast.places["FIRE"],
    )
    assert event.detail["delegation"] == made.pk


@pytest.mark.parametrize("who", ["employee", "official_elsewhere", "hr_elsewhere", "leader"])
def test_nobody_else_names_a_delegate(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        give(cast, by=cast.people[who])


def test_policy_may_leave_it_to_hr(cast: Cast) -> None:
    policy_says(rating_official_may_delegate=False)
    with pytest.raises(PermissionDenied):
        give(cast)
    assert give(cast, by=cast.hr).made_by == cast.hr


def test_somebody_who_rates_nobody_has_no_delegate(cast: Cast) -> None:
    with clock.frozen(PRACTICE_DAY), pytest.raises(PermissionDenied):
        delegate(
            cast.colleague,
            to=cast.employee,
            starts_on=PRACTICE_DAY,
            ends_on=LAST_DAY,
            reason="Why not",
            by=cast.colleague,
        )


@pytest.mark.parametrize(
    ("first", "last", "meets"), [(0, 0, True), (30, 60, True), (31, 60, False)]
)
def test_the_same_two_meet_on_no_day_twice(cast: Cast, first: int, last: int, meets: bool) -> None:
    give(cast)
    again = {
        "starts_on": PRACTICE_DAY + dt.timedelta(days=first),
        "ends_on": PRACTICE_DAY + dt.timedelta(days=last),
    }
    if meets:
        with pytest.raises(DelegationRefused, match="from 6 April 2027 to 6 May 2027 already"):
            give(cast, **again)
    else:
        give(cast, **again)
    assert Delegation.objects.count() == (1 if meets else 2)


def test_neither_oneself_nor_somebody_who_left(cast: Cast) -> None:
    with pytest.raises(DelegationRefused, match="is the rating official"):
        give(cast, cast.rating_official)
    cast.colleague.is_active = False
    with pytest.raises(DelegationRefused, match="cannot sign in any more"):
        give(cast, cast.colleague)


@pytest.mark.parametrize("who", ["rating_official", "official_elsewhere", "hr"])
def test_both_sides_and_hr_end_it_once(cast: Cast, who: str) -> None:
    delegation = give(cast)
    with clock.frozen(PRACTICE_DAY):
        for reason in ("First.", "Second."):
            end_delegation(delegation, by=cast.people[who], reason=reason)
    delegation.refresh_from_db()
    assert (delegation.ended_by, delegation.end_reason) == (cast.people[who], "First.")
    told = Notice.objects.filter(kind="delegation", key__endswith="ended")
    assert cast.people[who].pk not in told.values_list("recipient", flat=True)


@pytest.mark.parametrize("who", ["employee", "higher_level_reviewer", "hr_elsewhere"])
def test_nobody_else_ends_it(cast: Cast, who: str) -> None:
    delegation = give(cast)
    with clock.frozen(PRACTICE_DAY), pytest.raises(PermissionDenied):
        end_delegation(delegation, by=cast.people[who], reason="No.")


# ---------------------------------------------------------------- the draft is ready


def test_the_rating_official_is_told_that_a_draft_is_ready(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    give(cast)
    with clock.frozen(PRACTICE_DAY):
        event = report_draft(annual, by=cast.official_elsewhere)
    assert (event.name, event.on_behalf_of) == ("report_draft", cast.rating_official)
    notice = Notice.objects.get(kind="draft_ready")
    assert notice.recipient == cast.rating_official
    assert SECRET not in notice.title + notice.text
    assert Document.objects.get(pk=annual.pk).state == State.DRAFT


@pytest.mark.parametrize("who", ["rating_official", "employee", "higher_level_reviewer", "hr"])
def test_only_a_delegate_says_that_a_draft_is_ready(cast: Cast, who: str) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    with clock.frozen(PRACTICE_DAY), pytest.raises(PermissionDenied):
        report_draft(annual, by=cast.people[who])
