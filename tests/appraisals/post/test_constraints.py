"""What must never be in the post, tried against the database itself."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from appraisals.models import Letter, LetterResend, LetterState, Notice, PostPreference
from orgchart import clock
from tests.appraisals.post.rows import told
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def make_notice(cast: Cast, **changed: object) -> Notice:
    values = {"kind": "to_review", "key": "a", "title": "A", "link": "/x/", "post_at": None}
    return Notice.objects.create(
        recipient=cast.employee, created_at=clock.now(), **{**values, **changed}
    )


def make_letter(cast: Cast, **changed: object) -> Letter:
    values = {"message_id": "<a@x>", "made_at": clock.now(), "next_try_at": clock.now()}
    return Letter.objects.create(recipient=cast.employee, **{**values, **changed})


def test_a_person_is_told_the_same_once(cast: Cast) -> None:
    make_notice(cast)
    with refused("told_once"):
        make_notice(cast, title="B")


def test_a_notice_says_something(cast: Cast) -> None:
    with refused("notice_says_something"):
        make_notice(cast, title="")


@pytest.mark.parametrize("link", ["", "x", "//evil.example", "https://evil.example/"])
def test_a_notice_leads_nowhere_else(cast: Cast, link: str) -> None:
    with refused("notice_links_to_this_site"):
        make_notice(cast, link=link)


def test_only_a_posted_notice_is_in_a_letter(cast: Cast) -> None:
    letter = make_letter(cast)
    with refused("only_a_posted_notice_has_a_letter"):
        make_notice(cast, letter=letter)


@pytest.mark.parametrize(
    "state", [state for state in LetterState if state != LetterState.WAITING] + ["unknown"]
)
def test_a_letter_has_the_time_of_its_state(cast: Cast, state: str) -> None:
    with refused("letter_state_has_its_time"):
        make_letter(cast, state=state)


def test_a_waiting_letter_knows_when_it_is_tried(cast: Cast) -> None:
    with refused("letter_state_has_its_time"):
        make_letter(cast, next_try_at=None)


def test_a_letter_that_was_given_up_says_why(cast: Cast) -> None:
    with refused("letter_state_has_its_time"):
        make_letter(cast, state=LetterState.DEAD, ended_at=clock.now())


def test_a_message_id_is_of_one_letter(cast: Cast) -> None:
    make_letter(cast)
    with refused("appraisals_letter_message_id"):
        make_letter(cast)


def test_a_rhythm_is_known(cast: Cast) -> None:
    with refused("rhythm_is_known"):
        PostPreference.objects.create(person=cast.employee, rhythm="hourly")


def test_one_preference_each(cast: Cast) -> None:
    PostPreference.objects.create(person=cast.employee)
    with refused("appraisals_postpreference_person_id"):
        PostPreference.objects.create(person=cast.employee)


@pytest.mark.parametrize(
    "change",
    ["UPDATE appraisals_letterresend SET error = 'x'", "DELETE FROM appraisals_letterresend"],
)
def test_a_resend_is_only_added(cast: Cast, change: str) -> None:
    letter = make_letter(cast)
    LetterResend.objects.create(letter=letter, by=cast.hr, at=clock.now(), error="550")
    with (
        pytest.raises((InternalError, ProgrammingError, IntegrityError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert LetterResend.objects.get().error == "550"


def test_a_told_person_cannot_be_deleted(cast: Cast) -> None:
    told(cast.employee)
    with pytest.raises(Exception, match="protected"):
        cast.employee.delete()
