"""HR writes a mandatory element, sees whom it reaches, and puts it into every plan it binds (R3.8)."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.bound import Outcome, bound_plans, outcomes
from appraisals.models import (
    Appraisal,
    Document,
    Element,
    Kind,
    MandatoryElement,
    MandatoryPush,
    Notice,
    State,
)
from appraisals.problems import plan_of
from appraisals.services.mandatory import (
    begin_push,
    claim,
    create_mandatory,
    due,
    reword_mandatory,
    waiting,
    work_on,
)
from appraisals.services.records import start_record
from appraisals.workflow import Given, TransitionNotAllowed, advance
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import OrgEvent, Person
from tests.cast import CYCLE_STARTS, Cast, make_cast, make_document, make_mandatory, take

pytestmark = pytest.mark.django_db
OCTOBER = dt.date(2026, 10, 14)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def put_in(element: MandatoryElement, *, by: Person, on: dt.date = OCTOBER) -> MandatoryPush:
    with clock.frozen(on):
        push = begin_push(element, reason="The law of May.", by=by, request_key=uuid.uuid4())
        taken = claim(push.pk)
        if taken is not None:
            work_on(taken)
    push.refresh_from_db()
    return push


def reached(element: MandatoryElement, *, by: Person) -> dict[Outcome, int]:
    with clock.frozen(OCTOBER):
        found = outcomes(bound_plans(element, by=by))
    return {outcome: number for outcome, number in found.items() if number}


def colleague_draft(cast: Cast) -> Document:
    with clock.frozen(OCTOBER):
        record = start_record(cast.colleague, cycle=cast.cycle, by=cast.rating_official)
    plan = plan_of(record)
    assert plan is not None
    return plan


def titles(plan: Document) -> list[str]:
    held = Element.objects.filter(plan=plan, removed_at=None)
    return [each.title.split(" xyzzy")[0] for each in held]


def test_each_plan_gets_it_in_its_own_way(cast):
    approved = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    draft = colleague_draft(cast)
    # Written later: it would have come with the draft.
    element = make_mandatory(cast)
    assert reached(element, by=cast.hr) == {Outcome.AT_ONCE: 1, Outcome.CHANGE: 1}

    push = put_in(element, by=cast.hr)

    assert (push.state, push.put_in, push.changed, push.done) == ("done", 1, 1, 2)
    assert titles(draft) == ["Records management"]
    assert titles(approved) == ["Element 1", "Element 2"]
    change = Document.objects.get(appraisal=approved.appraisal, kind=Kind.PLAN_CHANGE)
    assert (change.state, change.approved_on, change.mandatory) == (
        State.APPROVED,
        OCTOBER,
        element,
    )
    event = change.events.get(name="put_in")
    assert event.by == cast.hr
    assert Notice.objects.filter(recipient=cast.rating_official, kind="element_put_in").count() == 1
    assert reached(element, by=cast.hr) == {Outcome.HOLDS: 1, Outcome.ON_ITS_WAY: 1}


def test_it_is_in_force_when_discussed_and_acknowledged_once(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    element = make_mandatory(cast)
    put_in(element, by=cast.hr)
    change = Document.objects.get(kind=Kind.PLAN_CHANGE)
    take(change, "communicate", cast=cast, on=OCTOBER)
    assert titles(plan) == ["Element 1", "Element 2", "Records management"]
    assert waiting(element)["communicated"] == 1
    take(change, "acknowledge", cast=cast, on=OCTOBER)
    assert waiting(element)["acknowledged"] == 1
    held = Element.objects.get(plan=plan, mandatory=element)
    assert held.standard_since == OCTOBER


def test_a_second_round_and_a_second_worker_do_nothing_twice(cast):
    make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    element = make_mandatory(cast)
    with clock.frozen(OCTOBER):
        key = uuid.uuid4()
        push = begin_push(element, reason="The law.", by=cast.hr, request_key=key)
        assert begin_push(element, reason="The law.", by=cast.hr, request_key=key) == push
        assert due() == [push.pk]
        first = claim(push.pk)
        assert claim(push.pk) is None
        assert due() == []
        work_on(first)
        # Taken for dead, and done again by another worker.
        MandatoryPush.objects.filter(pk=push.pk).update(
            state="working", finished_at=None, heartbeat=None
        )
        work_on(claim(push.pk))
        with pytest.raises(Refused, match="Nothing was begun"):
            begin_push(element, reason="Again.", by=cast.hr, request_key=uuid.uuid4())
    assert Document.objects.filter(kind=Kind.PLAN_CHANGE).count() == 1


def test_only_supervisors_plans_are_bound_by_what_is_for_supervisors(cast):
    make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    element = make_mandatory(cast, applies_to="supervisors")
    assert reached(element, by=cast.hr) == {}
    with clock.frozen(OCTOBER):
        start_record(cast.rating_official, cycle=cast.cycle, by=cast.higher_level_reviewer)
    assert reached(element, by=cast.hr) == {Outcome.HOLDS: 1}


def test_new_words_replace_the_old_and_leave_what_was_adapted(cast):
    element = make_mandatory(cast)
    plain, adapted = colleague_draft(cast), plan_of(_record_of(cast))
    Element.objects.filter(plan=adapted, mandatory=element).update(standards="In our own words.")
    with clock.frozen(OCTOBER):
        reword_mandatory(
            element,
            lasts=(CYCLE_STARTS, None),
            texts={"title": "Records", "description": "", "standards": "Within 3 days."},
            by=cast.hr,
        )
    element.refresh_from_db()
    assert reached(element, by=cast.hr) == {Outcome.AT_ONCE: 1, Outcome.TO_LOOK_AT: 1}
    push = put_in(element, by=cast.hr)
    assert (push.put_in, push.told, push.done, push.total) == (1, 1, 2, 2)
    assert reached(element, by=cast.hr) == {Outcome.HOLDS: 1, Outcome.ADAPTED: 1}
    [told] = Notice.objects.filter(kind="element_adapted")
    assert (told.recipient, told.link) == (cast.rating_official, adapted.get_absolute_url())
    assert told.title == "“Records”: look at the plan of Maria Employee"
    assert Element.objects.get(plan=plain, mandatory=element).standards == "Within 3 days."
    assert Element.objects.get(plan=adapted, mandatory=element).standards == "In our own words."
    assert [wording.standards for wording in element.wordings.all()] == [
        "Files each record within 5 days.",
        "Within 3 days.",
    ]


def adapted_plan(cast: Cast) -> tuple[MandatoryElement, Document]:
    """The only plan that is bound holds the element in words of its own."""
    element = make_mandatory(cast)
    plan = plan_of(_record_of(cast))
    assert plan is not None
    Element.objects.filter(plan=plan, mandatory=element).update(standards="In our own words.")
    return element, plan


def worded(element: MandatoryElement, standards: str, *, by: Person) -> MandatoryElement:
    texts = {"title": "Records", "description": "", "standards": standards}
    with clock.frozen(OCTOBER):
        return reword_mandatory(element, lasts=(CYCLE_STARTS, None), texts=texts, by=by)


def test_where_every_plan_has_words_of_its_own_the_officials_are_told_all_the_same_r3_8(cast):
    element, plan = adapted_plan(cast)
    element = worded(element, "Within 3 days.", by=cast.hr)
    push = put_in(element, by=cast.hr)
    assert (push.state, push.put_in, push.changed, push.told) == ("done", 0, 0, 1)
    [told] = Notice.objects.filter(kind="element_adapted")
    assert (told.recipient, told.link) == (cast.rating_official, plan.get_absolute_url())
    assert Element.objects.get(plan=plan, mandatory=element).standards == "In our own words."
    assert not Document.objects.filter(kind=Kind.PLAN_CHANGE).exists()


def test_of_one_wording_an_official_hears_once_and_of_the_next_again(cast):
    element, _ = adapted_plan(cast)
    element = worded(element, "Within 3 days.", by=cast.hr)
    put_in(element, by=cast.hr)
    with pytest.raises(Refused, match="Nothing was begun"):
        put_in(element, by=cast.hr)
    put_in(worded(element, "Within 2 days.", by=cast.hr), by=cast.hr)
    assert Notice.objects.filter(kind="element_adapted").count() == 2


def test_whoever_rates_since_is_told_as_well(cast):
    element, plan = adapted_plan(cast)
    element = worded(element, "Within 3 days.", by=cast.hr)
    put_in(element, by=cast.hr)
    Appraisal.objects.filter(pk=plan.appraisal_id).update(
        rating_official=cast.former_rating_official
    )
    put_in(element, by=cast.hr)
    told = Notice.objects.filter(kind="element_adapted").order_by("pk")
    assert [each.recipient for each in told] == [
        cast.rating_official,
        cast.former_rating_official,
    ]


def _record_of(cast: Cast) -> Appraisal:
    with clock.frozen(OCTOBER):
        return start_record(cast.employee, cycle=cast.cycle, by=cast.rating_official)


def test_an_approved_plan_gets_new_words_against_its_version(cast):
    element = make_mandatory(cast)
    plan = plan_of(_record_of(cast))
    Element.objects.filter(plan=plan).update(goal=cast.goals[-1])
    take(plan, "submit", "approve", "communicate", "acknowledge", cast=cast, on=OCTOBER)
    with clock.frozen(OCTOBER):
        reword_mandatory(
            element,
            lasts=(CYCLE_STARTS, None),
            texts={"title": "Records", "description": "", "standards": "Within 3 days."},
            by=cast.hr,
        )
    element.refresh_from_db()
    put_in(element, by=cast.hr)
    change = Document.objects.get(kind=Kind.PLAN_CHANGE)
    (written,) = change.element_changes.all()
    assert (written.action, written.made_from) == ("reword", 1)
    assert written.was["standards"] == "Files each record within 5 days."
    take(change, "communicate", cast=cast, on=OCTOBER)
    assert Element.objects.get(plan=plan, mandatory=element).standards == "Within 3 days."


def test_a_plan_sent_up_gets_it_after_its_approval(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    put_in(make_mandatory(cast), by=cast.hr)
    change = Document.objects.get(kind=Kind.PLAN_CHANGE)
    with pytest.raises(TransitionNotAllowed, match="not approved yet"):
        take(change, "communicate", cast=cast, on=OCTOBER)
    take(plan, "approve", cast=cast, on=OCTOBER)
    take(change, "communicate", cast=cast, on=OCTOBER)
    assert "Records management" in titles(plan)


def test_a_plan_whose_appraisal_went_up_is_left_alone(cast):
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    element = make_mandatory(cast)
    # Before the cycle ended by the clock of the round; its appraisal has gone up all the same.
    assert reached(element, by=cast.hr) == {Outcome.TOO_LATE: 1}


def test_nobody_puts_it_into_their_own_plan(cast):
    with clock.frozen(OCTOBER):
        record = start_record(cast.hr, cycle=cast.cycle, by=cast.reviewer_elsewhere)
    element = make_mandatory(cast)
    assert reached(element, by=cast.hr) == {Outcome.OWN: 1}
    assert "Records management" not in titles(plan_of(record))


@pytest.mark.parametrize("actor", ["hr_elsewhere", "leader", "rating_official", "auditor"])
def test_only_hr_of_the_organization_writes_and_puts_in(cast, actor):
    element = make_mandatory(cast)
    by = cast.people[actor]
    with clock.frozen(OCTOBER), pytest.raises(PermissionDenied):
        begin_push(element, reason="Mine.", by=by, request_key=uuid.uuid4())
    with clock.frozen(OCTOBER), pytest.raises(PermissionDenied):
        reword_mandatory(element, lasts=(CYCLE_STARTS, None), texts={}, by=by)


def test_what_is_not_in_force_is_not_put_in(cast):
    make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    with clock.frozen(OCTOBER):
        element = create_mandatory(
            cast.places["CMD"],
            applies_to="everyone",
            lasts=(dt.date(2027, 1, 1), None),
            rule="R3.8",
            texts={"title": "Records management", "description": "", "standards": "Files."},
            by=cast.hr,
        )
        with pytest.raises(Refused, match="not in force today"):
            begin_push(element, reason="Soon.", by=cast.hr, request_key=uuid.uuid4())
    assert element.code == "records-management"


def test_two_of_one_title_get_two_codes(cast):
    assert [make_mandatory(cast).code, make_mandatory(cast).code] == [
        "records-management",
        "records-management-2",
    ]


def test_what_hr_did_stands_in_the_history_of_the_unit(cast):
    make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    put_in(make_mandatory(cast), by=cast.hr)
    events = OrgEvent.objects.filter(organization=cast.places["CMD"], what__startswith="mandatory")
    assert [(event.what, event.by) for event in events.order_by("pk")] == [
        ("mandatory_element_written", cast.hr),
        ("mandatory_element_pushed", cast.hr),
    ]


def test_hr_takes_its_change_back_and_the_rating_official_cannot(cast):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    put_in(make_mandatory(cast), by=cast.hr)
    change = Document.objects.get(kind=Kind.PLAN_CHANGE)
    given = Given(reason="Not for this position.")
    with clock.frozen(OCTOBER):
        with pytest.raises(TransitionNotAllowed, match="HR put it in"):
            advance(change, "withdraw", by=cast.rating_official, given=given)
        advance(change, "take_back", by=cast.hr, given=given)
    assert titles(plan) == ["Element 1", "Element 2"]
    assert Notice.objects.filter(recipient=cast.rating_official, kind="closed").exists()
