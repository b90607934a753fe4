"""The life cycle, as a full product of actors, states and steps against a hand-written list."""

import itertools
import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from appraisals.models import (
    WALK,
    Document,
    Kind,
    RatingOfRecord,
    ReturnReason,
    State,
)
from appraisals.models.scope import TURN
from appraisals.problems import plan_of
from appraisals.workflow import (
    TRANSITIONS,
    Given,
    ProblemsFound,
    TransitionNotAllowed,
    advance,
    available,
)
from orgchart import clock
from tests.cast import PEOPLE, PRACTICE_DAY, Cast, make_cast, make_document, make_record, take
from tests.editions import policy_says

KINDS = [Kind.PERFORMANCE_PLAN, Kind.PLAN_CHANGE, Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL]
WITHDRAWING = {
    (state, "rating_official"): {"withdraw"}
    for state in (State.DRAFT, State.IN_REVIEW, State.APPROVED)
}
CLOSING = {
    (State.DRAFT, "rating_official"): {"discard"},
    (State.IN_REVIEW, "rating_official"): {"discard"},
    (State.APPROVED, "hr"): {"close_as_erroneous"},
    (State.COMMUNICATED, "hr"): {"close_as_erroneous"},
    (State.ACKNOWLEDGED, "hr"): {"close_as_erroneous"},
}

# By hand, not from the table: (kind, state, actor) -> the steps that person may take there.
REVIEWED = {
    (State.DRAFT, "rating_official"): {"submit"},
    (State.IN_REVIEW, "rating_official"): {"recall", "record_approval"},
    (State.IN_REVIEW, "higher_level_reviewer"): {"approve", "return_for_change"},
    (State.APPROVED, "rating_official"): {"communicate"},
    (State.COMMUNICATED, "rating_official"): {"record_signature", "record_acknowledgment"},
    (State.COMMUNICATED, "employee"): {"acknowledge"},
}
NOT_REVIEWED = {
    (State.DRAFT, "rating_official"): {"finish"},
    (State.DRAFT, "employee"): {"share_input"},
    (State.APPROVED, "rating_official"): {"communicate"},
    (State.COMMUNICATED, "rating_official"): {"record_signature", "record_acknowledgment"},
    (State.COMMUNICATED, "employee"): {"acknowledge"},
}


def both(*given: dict[tuple[State, str], set[str]]) -> dict[tuple[State, str], set[str]]:
    together: dict[tuple[State, str], set[str]] = {}
    for each in given:
        for at, names in each.items():
            together[at] = together.get(at, set()) | names
    return together


ALLOWED = {
    Kind.PERFORMANCE_PLAN: both(REVIEWED, CLOSING),
    Kind.PLAN_CHANGE: both(REVIEWED, WITHDRAWING),
    Kind.PROGRESS_REVIEW: NOT_REVIEWED,
    Kind.ANNUAL_APPRAISAL: {**REVIEWED, (State.DRAFT, "employee"): {"share_input"}},
}
WAYS = [
    (kind, state)
    for kind, state in itertools.product(KINDS, WALK)
    if not (kind == Kind.PROGRESS_REVIEW and state == State.IN_REVIEW)
]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def attempt(document: Document, name: str, *, cast: Cast, actor: str) -> bool:
    try:
        with clock.frozen(PRACTICE_DAY):
            advance(
                document,
                name,
                by=cast.people[actor],
                given=Given(reason="Why", discussed_on=PRACTICE_DAY, method="F"),
            )
    except (PermissionDenied, TransitionNotAllowed):
        return False
    return True


@pytest.mark.parametrize(("kind", "state"), WAYS)
def test_only_the_listed_steps_are_possible(cast: Cast, kind: Kind, state: State) -> None:
    document = make_document(cast, kind, state)
    possible: dict[str, set[str]] = {}
    for actor, name in itertools.product(PEOPLE, TRANSITIONS):
        events = document.events.count()
        sid = connection.savepoint() if connection.in_atomic_block else None
        if attempt(document, name, cast=cast, actor=actor):
            possible.setdefault(actor, set()).add(name)
            assert document.events.count() == events + 1
        else:
            assert document.events.count() == events
        if sid:
            connection.savepoint_rollback(sid)
    expected = {actor: names for (at, actor), names in ALLOWED[kind].items() if at == state}
    assert possible == expected


@pytest.mark.parametrize(("kind", "state"), WAYS)
def test_buttons_are_exactly_the_possible_steps(cast: Cast, kind: Kind, state: State) -> None:
    document = make_document(cast, kind, state)
    document = Document.objects.with_people().get(pk=document.pk)
    offered = {
        actor: {row.name for row in available(document, person)}
        for actor, person in cast.people.items()
    }
    expected = {actor: names for (at, actor), names in ALLOWED[kind].items() if at == state}
    assert {actor: names for actor, names in offered.items() if names} == expected


def test_whose_turn_it_is_agrees_with_the_table() -> None:
    for state, party in TURN.items():
        main = [
            row
            for row in TRANSITIONS.values()
            if State(state) in row.sources and row.moves_to is not None and not row.quiet
        ]
        assert {row.who for row in main} == {party}


def test_every_state_is_reached_and_left() -> None:
    reached = {State.DRAFT} | {row.moves_to for row in TRANSITIONS.values() if row.moves_to}
    left = set().union(*(row.sources for row in TRANSITIONS.values() if row.moves_to))
    assert reached == set(State)
    assert left == set(WALK)


def test_a_plan_with_problems_is_not_submitted_and_lists_them_all(cast: Cast) -> None:
    appraisal = make_record(cast)
    plan = plan_of(appraisal)
    plan.elements.update(title="", standards="")
    with pytest.raises(ProblemsFound) as refused, clock.frozen(PRACTICE_DAY):
        advance(plan, "submit", by=cast.rating_official)
    found = {(problem.element, problem.field) for problem in refused.value.problems}
    assert found == {(1, "title"), (1, "standards"), (2, "title"), (2, "standards")}
    plan.refresh_from_db()
    assert plan.state == State.DRAFT


def test_returning_keeps_the_reason_and_what_it_is_about_on_the_record(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    with clock.frozen(PRACTICE_DAY):
        advance(
            plan,
            "return_for_change",
            by=cast.higher_level_reviewer,
            given=Given(reason="Say what the response times were.", about=ReturnReason.STANDARDS),
        )
    event = plan.events.order_by("-pk")[0]
    assert (event.name, event.reason, event.from_state, event.to_state, event.by) == (
        "return_for_change",
        "Say what the response times were.",
        State.IN_REVIEW,
        State.DRAFT,
        cast.higher_level_reviewer,
    )
    assert event.details == {"about": "standards"}


def test_rating_of_record_is_issued_when_it_is_communicated(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.APPROVED)
    assert not RatingOfRecord.objects.exists()
    take(annual, "communicate", cast=cast, on=PRACTICE_DAY)
    rating = RatingOfRecord.objects.get()
    assert (rating.level, rating.rated_sum, rating.rated_count) == (5, 10, 2)
    assert rating.effective_on == cast.cycle.effective_on


def test_an_unacceptable_rating_is_reviewed_even_where_others_are_not(cast: Cast) -> None:
    """R8.1, O7"""
    policy_says(cast.policy, annual_appraisal_needs_review=False)
    cast_document = make_document_without_review(cast)
    assert {row.name for row in available(cast_document, cast.rating_official)} == {"finish"}
    section = cast_document.sections.filter(kind="rating").first()
    section.level = 1
    section.save()
    assert {row.name for row in available(cast_document, cast.rating_official)} == {"submit"}


def make_document_without_review(cast: Cast) -> Document:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    return Document.objects.with_people().get(pk=annual.pk)


def test_a_repeated_request_changes_nothing(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    key = uuid.uuid4()
    with clock.frozen(PRACTICE_DAY):
        first = advance(plan, "submit", by=cast.rating_official, request_key=key)
        again = advance(plan, "submit", by=cast.rating_official, request_key=key)
    assert first.state == again.state == State.IN_REVIEW
    assert plan.events.filter(name="submit").count() == 1


def test_an_event_records_somebody_elses_part(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.COMMUNICATED)
    take(plan, "record_acknowledgment", cast=cast, on=PRACTICE_DAY)
    plan.refresh_from_db()
    event = plan.events.order_by("-pk")[0]
    assert (event.by, event.on_behalf_of) == (cast.rating_official, cast.employee)
    assert plan.acknowledged_for_employee


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_approvals_count_once() -> None:
    cast = make_cast()
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
    ready = threading.Barrier(8)
    answers: list[str] = []

    def approve() -> None:
        ready.wait()
        try:
            advance(plan, "approve", by=cast.higher_level_reviewer)
            answers.append("approved")
        except TransitionNotAllowed as refusal:
            answers.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count("approved") == 1
    refusals = {answer for answer in answers if answer != "approved"}
    assert len(refusals) == 1
    assert "Henry Reviewer" in refusals.pop()
    assert plan.events.filter(name="approve").count() == 1
