"""What must never be of disagreements, extensions and years without a rating, tried against the database."""

import pytest
from django.db import models, transaction

from appraisals.models import (
    Appraisal,
    Disagreement,
    Extension,
    NotRated,
    RatingOfRecord,
    Situation,
)
from tests.appraisals.feed.sending import amend, rated
from tests.appraisals.rows import APRIL, JUNE, NOON
from tests.appraisals.test_constraints import refused
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def rating(cast: Cast) -> RatingOfRecord:
    return rated(cast)


def situation(cast: Cast, **given: object) -> Situation:
    values = {"kind": "military", "starts_on": APRIL, "entered_by": cast.hr, "entered_at": NOON}
    return Situation.objects.create(employee=cast.employee, **values | given)


@pytest.mark.parametrize(
    ("given", "constraint"),
    [
        ({"kind": "holiday"}, "situation_is_known"),
        ({"starts_on": JUNE, "ends_on": APRIL}, "situation_ends_after_it_starts"),
        ({"removed_at": NOON}, "removed_situation_says_by_whom"),
    ],
)
def test_a_situation_is_known_and_ends_after_it_starts(
    cast: Cast, given: dict[str, object], constraint: str
) -> None:
    with refused(constraint), transaction.atomic():
        situation(cast, **given)
    situation(cast, ends_on=APRIL)


def extension(appraisal: Appraisal, **given: object) -> Extension:
    by = appraisal.rating_official
    values = {"state": "asked", "reason": "few_days", "until": JUNE, "asked_by": by}
    return Extension.objects.create(appraisal=appraisal, asked_at=NOON, **values | given)


DECIDED = {"decided_on": APRIL, "decided_at": NOON, "authority": "HR of the command"}


@pytest.mark.parametrize(
    ("given", "constraint"),
    [
        ({"state": "maybe"} | DECIDED, "extension_state_is_known"),
        ({"reason": "whim"}, "extension_reason_is_known"),
        ({"state": "granted"}, "decided_extension_says_by_whom_and_when"),
        ({"state": "granted"} | DECIDED | {"authority": ""}, "granted_extension_has_its_authority"),
    ],
)
def test_an_extension_says_why_and_who_decided(
    cast: Cast, rating: RatingOfRecord, given: dict[str, object], constraint: str
) -> None:
    decided_by = {"decided_by": cast.hr} if "decided_on" in given else {}
    with refused(constraint), transaction.atomic():
        extension(rating.appraisal, **given, **decided_by)


def test_one_extension_is_asked_for_and_one_holds(cast: Cast, rating: RatingOfRecord) -> None:
    extension(rating.appraisal)
    with refused("one_extension_is_asked_for_at_a_time"), transaction.atomic():
        extension(rating.appraisal)
    extension(rating.appraisal, state="granted", decided_by=cast.hr, **DECIDED)
    with refused("one_extension_holds_at_a_time"), transaction.atomic():
        extension(rating.appraisal, state="granted", decided_by=cast.hr, **DECIDED)
    extension(rating.appraisal, state="declined", decided_by=cast.hr, **DECIDED)


def closing(appraisal: Appraisal, **given: object) -> NotRated:
    values = {"reason": "few_days", "closed_by": appraisal.rating_official, "closed_at": NOON}
    return NotRated.objects.create(appraisal=appraisal, **values | given)


@pytest.mark.parametrize(
    ("given", "constraint"),
    [
        ({"reason": "whim"}, "not_rated_has_a_known_reason"),
        ({"undone_at": NOON}, "undone_closing_says_by_whom_and_why"),
        ({"undone_why": "A mistake."}, "undone_closing_says_by_whom_and_why"),
    ],
)
def test_a_year_without_a_rating_has_its_reason(
    rating: RatingOfRecord, given: dict[str, object], constraint: str
) -> None:
    with refused(constraint), transaction.atomic():
        closing(rating.appraisal, **given)


def test_a_year_is_closed_once_and_again_after_that_was_undone(
    cast: Cast, rating: RatingOfRecord
) -> None:
    closing(rating.appraisal, undone_at=NOON, undone_by=cast.hr, undone_why="A mistake.")
    closing(rating.appraisal)
    with refused("a_year_is_closed_once"), transaction.atomic():
        closing(rating.appraisal)
    with refused("not_rated_for_a_known_reason"), transaction.atomic():
        Appraisal.objects.filter(pk=rating.appraisal_id).update(not_rated="whim")


def disagreement(cast: Cast, rating: RatingOfRecord, **given: object) -> Disagreement:
    values: dict[str, object] = {
        "kind": "reconsideration",
        "state": "waiting",
        "text": "Please look again.",
        "filed_on": JUNE,
        "filed_at": NOON,
        "filed_by": rating.appraisal.employee,
        "due_on": JUNE,
        "policy": cast.policy,
    }
    return Disagreement.objects.create(rating=rating, **values | given)


ANSWERED = {"answered_on": JUNE, "authority": "Head of HR", "answer": "It stands."}


@pytest.mark.parametrize(
    ("given", "constraint"),
    [
        ({"kind": "grumble"}, "disagreement_kind_is_known"),
        ({"state": "on_record"}, "only_a_request_is_answered"),
        ({"kind": "statement"}, "only_a_request_is_answered"),
        ({"due_on": None}, "only_a_request_is_answered"),
        ({"state": "stands"}, "an_answer_says_who_decided_when_and_why"),
        (
            {"state": "stands"} | ANSWERED | {"answer": ""},
            "an_answer_says_who_decided_when_and_why",
        ),
        ({"answered_on": JUNE}, "an_answer_says_who_decided_when_and_why"),
        ({"state": "changed"} | ANSWERED, "a_changed_rating_is_an_amendment"),
    ],
)
def test_a_disagreement_is_asked_and_answered_in_full(
    cast: Cast, rating: RatingOfRecord, given: dict[str, object], constraint: str
) -> None:
    by: dict[str, models.Model] = {"answered_by": cast.hr} if "authority" in given else {}
    with refused(constraint), transaction.atomic():
        disagreement(cast, rating, **given, **by)


def test_there_is_one_request_at_a_time_and_what_was_withdrawn_stays(
    cast: Cast, rating: RatingOfRecord
) -> None:
    disagreement(cast, rating, state="withdrawn")
    disagreement(cast, rating)
    with refused("one_disagreement_of_a_kind"), transaction.atomic():
        disagreement(cast, rating)
    disagreement(cast, rating, kind="statement", state="on_record", due_on=None)


def test_an_amendment_answers_one_request(cast: Cast, rating: RatingOfRecord) -> None:
    amend(rating, cast.hr)
    by = {"answered_by": cast.hr, "amendment": rating.amendments.get()}
    disagreement(cast, rating, state="changed", **ANSWERED, **by)
    with refused("a_changed_rating_is_an_amendment"), transaction.atomic():
        Disagreement.objects.update(state="stands")
