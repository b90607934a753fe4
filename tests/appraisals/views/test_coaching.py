"""Notes that nobody else sees, and reminders that say what they stand on."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, connection, transaction
from django.http import HttpResponse

from appraisals.models import (
    Appraisal,
    CoachingNote,
    Document,
    Kind,
    Nudge,
    NudgeAnswer,
    NudgePurpose,
    State,
)
from appraisals.services.coaching import answer_nudge, delete_note, send_nudge, write_note
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.appraisals.views.sending import SENT, sent_plans, written_plan
from tests.cast import PEOPLE, PRACTICE_DAY, Cast, make_cast, make_document, take

OTHERS = sorted(set(PEOPLE) - {"higher_level_reviewer"})
NOTE = "She gives clear feedback, too late."
DAY = {"noted_on": "4/5/2027"}


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    return cast


def page_of(cast: Cast, rest: str = "") -> str:
    return f"/reviews/supervisors/{cast.rating_official.dod_id}/{rest}"


def noted(cast: Cast, **values: object) -> HttpResponse:
    data = {"text": NOTE, **DAY, **values}
    return posted(cast.higher_level_reviewer, page_of(cast, "note/"), data)


def nudged(cast: Cast, purpose: str = "plans", words: str = "", **asked: dt.date) -> HttpResponse:
    data = {"purpose": purpose, "words": words}
    return posted(cast.higher_level_reviewer, page_of(cast, "remind/"), data, **asked)


# ------------------------------------------------------------------------------------------ notes


def test_a_note_is_kept_with_its_day_and_read_by_its_writer(cast: Cast) -> None:
    page = text_of(noted(cast))
    assert "Kept, for you alone." in page
    assert f"5 April 2027 {NOTE}" in page
    note = CoachingNote.objects.get()
    assert (note.writer, note.about) == (cast.higher_level_reviewer, cast.rating_official)
    assert note.noted_on == dt.date(2027, 4, 5)
    assert f"Dana Official 5 April 2027 {NOTE}" in text_of(
        opened(cast.higher_level_reviewer, "/reviews/notes/")
    )


def test_the_page_says_what_a_note_is(cast: Cast) -> None:
    page = text_of(opened(cast.higher_level_reviewer, page_of(cast)))
    assert "no part of any record and in no log" in page
    assert "neither the supervisor nor HR nor an auditor sees it" in page
    assert "Privacy Act (5 U.S.C. 552a)" in page


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_but_its_writer_comes_to_a_note(cast: Cast, who: str) -> None:
    noted(cast)
    note = CoachingNote.objects.get()
    reader = cast.people[who]
    for url in (
        "/",
        "/reviews/notes/",
        page_of(cast),
        f"/reviews/notes/{note.pk}/delete/",
        "/audit/",
    ):
        assert NOTE not in opened(reader, url).content.decode()
    assert opened(reader, f"/reviews/notes/{note.pk}/delete/").status_code == 404
    assert posted(reader, f"/reviews/notes/{note.pk}/delete/").status_code == 404
    assert not CoachingNote.objects.visible_to(reader).exists()
    with pytest.raises(PermissionDenied):
        delete_note(note, by=reader)
    assert CoachingNote.objects.count() == 1


def test_a_note_is_deleted_for_good(cast: Cast) -> None:
    noted(cast)
    url = f"/reviews/notes/{CoachingNote.objects.get().pk}/delete/"
    page = text_of(opened(cast.higher_level_reviewer, url))
    assert NOTE in page
    assert "it cannot be brought back" in page
    assert "deleted for good" in text_of(posted(cast.higher_level_reviewer, url))
    assert not CoachingNote.objects.exists()
    assert opened(cast.higher_level_reviewer, url).status_code == 404


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"text": ""}, "Write something."),
        ({"text": " \n\t "}, "Write something."),
        (
            {"text": "x" * 2003},
            "The note has 2,003 characters; 2,000 are allowed. Shorten it by 3.",
        ),
        ({"noted_on": ""}, "Give the day it is about."),
        ({"noted_on": "next week"}, "Give a date."),
        ({"noted_on": "4/7/2027"}, "This day has not come yet."),
    ],
)
def test_a_bad_note_is_not_kept(cast: Cast, values: dict[str, object], said: str) -> None:
    response = noted(cast, **values)
    assert response.status_code == 422
    assert said in text_of(response)
    assert not CoachingNote.objects.exists()


def test_line_ends_and_odd_characters_are_kept_as_text(cast: Cast) -> None:
    noted(cast, text="One\r\nTwo\x07 <b>three</b>")
    assert CoachingNote.objects.get().text == "One\nTwo  <b>three</b>"
    page = opened(cast.higher_level_reviewer, page_of(cast)).content.decode()
    assert "&lt;b&gt;three&lt;/b&gt;" in page


def test_a_note_stays_its_writers_when_they_work_together_no_more(cast: Cast) -> None:
    noted(cast)
    years_later = dt.date(2029, 1, 10)
    Assignment.objects.filter(employee=cast.rating_official).update(ends_on=dt.date(2028, 1, 1))
    page = text_of(opened(cast.higher_level_reviewer, page_of(cast), on=years_later))
    assert NOTE in page
    assert "Write a note" not in page
    assert "Send a reminder" not in page
    data = {"text": "More", "noted_on": "1/9/2029"}
    response = posted(cast.higher_level_reviewer, page_of(cast, "note/"), data, on=years_later)
    assert response.status_code == 403
    with clock.frozen(years_later), pytest.raises(PermissionDenied):
        write_note(
            cast.rating_official, by=cast.higher_level_reviewer, noted_on=years_later, text="More"
        )


# -------------------------------------------------------------------------------------- reminders


def test_a_reminder_stands_on_what_is_the_supervisors_to_do(cast: Cast) -> None:
    page = text_of(opened(cast.higher_level_reviewer, page_of(cast, "remind/"), on=SENT))
    assert "Plans to be written: 2, of them 2 late" in page, "Maria’s draft, and Carl has none"
    assert "Let us talk" in page
    for purpose in ("Ratings to be sent up", "Returned documents", "Approved documents"):
        assert purpose not in page
    nudged(cast, words="By Friday, please.", on=SENT)
    nudge = Nudge.objects.get()
    assert sorted(nudge.employee_ids) == sorted([cast.employee.pk, cast.colleague.pk])
    assert (nudge.late, nudge.cycle, nudge.words) == (2, cast.cycle, "By Friday, please.")
    assert (nudge.sender, nudge.supervisor) == (cast.higher_level_reviewer, cast.rating_official)
    assert nudge.sent_on == SENT


@pytest.mark.parametrize(
    ("kind", "state", "steps", "purpose"),
    [
        (Kind.PERFORMANCE_PLAN, State.DRAFT, (), "Plans to be written: 1"),
        (Kind.PERFORMANCE_PLAN, State.IN_REVIEW, (), ""),
        (Kind.PERFORMANCE_PLAN, State.IN_REVIEW, ("return_for_change",), "Returned documents"),
        (Kind.PERFORMANCE_PLAN, State.APPROVED, (), "Approved documents to be discussed: 1"),
        (Kind.PERFORMANCE_PLAN, State.COMMUNICATED, (), ""),
        (Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED, (), "Progress reviews to be held: 1"),
        (Kind.PROGRESS_REVIEW, State.DRAFT, (), "Progress reviews to be held: 1"),
        (Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED, (), "Ratings to be sent up: 1"),
        (Kind.ANNUAL_APPRAISAL, State.DRAFT, (), "Ratings to be sent up: 1"),
        (Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED, (), ""),
    ],
)
def test_what_a_supervisor_can_be_reminded_of(
    db: None, kind: Kind, state: State, steps: tuple[str, ...], purpose: str
) -> None:
    cast = make_cast()
    document = make_document(cast, kind, state)
    take(document, *steps, cast=cast, on=PRACTICE_DAY)
    response = opened(cast.higher_level_reviewer, page_of(cast, "remind/"))
    purposes = [label for _, label in response.context["form"].fields["purpose"].choices]
    assert len(purposes) == 1 + bool(purpose)
    assert purposes[0].startswith(purpose or "Let us talk")


def test_the_supervisor_finds_it_on_the_home_page_with_its_list(cast: Cast) -> None:
    nudged(cast, words="By Friday, please.", on=SENT)
    response = opened(cast.rating_official, "/", on=SENT)
    page = text_of(response)
    assert "1 reminder for you" in page
    assert "Plans to be written: 2, of them 2 late" in page
    assert "Henry Reviewer, 12 June · FY 2027" in page
    assert "“By Friday, please.”" in page
    nudge = Nudge.objects.get()
    assert f'href="/reminders/{nudge.pk}/"' in response.content.decode()
    page = text_of(opened(cast.rating_official, f"/reminders/{nudge.pk}/", on=SENT))
    assert "2 still to do" in page
    assert "Maria Employee" in page
    assert "Carl Colleague" in page
    assert "Start plan" in page


def test_the_list_shrinks_as_it_is_worked_off(cast: Cast) -> None:
    nudged(cast, on=SENT)
    url = f"/reminders/{Nudge.objects.get().pk}/"
    written_plan(cast, cast.employee)
    plan = Document.objects.get(appraisal__employee=cast.employee)
    take(plan, "submit", cast=cast, on=SENT)
    page = text_of(opened(cast.rating_official, url, on=SENT))
    assert "1 still to do" in page
    assert "Done since: Maria Employee." in page
    sent_plans(cast, cast.colleague)
    page = text_of(opened(cast.higher_level_reviewer, url, on=SENT))
    assert "Nothing of it is left" in page
    Appraisal.objects.filter(employee=cast.colleague).update(rating_official=cast.leader)
    page = text_of(opened(cast.rating_official, url, on=SENT))
    assert "Done since: Maria Employee." in page
    assert "1 person is with another supervisor now" in page


def test_the_sender_sees_the_list_and_no_button_of_the_supervisors(cast: Cast) -> None:
    nudged(cast, on=SENT)
    url = f"/reminders/{Nudge.objects.get().pk}/"
    response = opened(cast.higher_level_reviewer, url, on=SENT)
    page = text_of(response)
    assert "You reminded Dana Official on 12 June 2026" in page
    assert "Carl Colleague" in page
    assert "Start plan" not in page
    assert "/answer/" not in response.content.decode()


@pytest.mark.parametrize(("answer", "words"), [("done", "Done"), ("dismissed", "Put aside")])
def test_an_answer_takes_it_off_the_home_page(cast: Cast, answer: str, words: str) -> None:
    nudged(cast)
    nudge = Nudge.objects.get()
    page = text_of(
        posted(cast.rating_official, f"/reminders/{nudge.pk}/answer/", {"answer": answer})
    )
    assert f"{words}: Plans to be written" in page
    assert "reminder for you" not in page
    assert words in text_of(opened(cast.higher_level_reviewer, page_of(cast)))


def test_the_first_answer_stands(cast: Cast) -> None:
    nudged(cast)
    url = f"/reminders/{Nudge.objects.get().pk}/answer/"
    for answer in ("done", "dismissed"):
        posted(cast.rating_official, url, {"answer": answer})
    assert NudgeAnswer.objects.get().answer == "done"


@pytest.mark.parametrize("answer", ["", "later"])
def test_an_answer_that_is_none_changes_nothing(cast: Cast, answer: str) -> None:
    nudged(cast)
    url = f"/reminders/{Nudge.objects.get().pk}/answer/"
    response = posted(cast.rating_official, url, {"answer": answer})
    assert response.status_code == 409
    assert "Say whether it is done or put aside" in text_of(response)
    assert not NudgeAnswer.objects.exists()


def test_of_one_thing_once_a_day(cast: Cast) -> None:
    nudged(cast)
    again = nudged(cast)
    assert again.status_code == 422
    assert "Dana Official was reminded of this today already; once a day is enough" in text_of(
        again
    )
    assert "sees it on their home page" in text_of(nudged(cast, "talk", "About the schedule."))
    assert nudged(cast, on=PRACTICE_DAY + dt.timedelta(days=1)).status_code == 200
    assert Nudge.objects.count() == 3


@pytest.mark.parametrize(
    ("purpose", "words", "said"),
    [
        ("", "", "Choose what it is about."),
        ("ratings", "", "ratings is not one of the available choices"),
        ("talk", " ", "Say what you want to talk about."),
        ("plans", "x" * 501, "The message has 501 characters; 500 are allowed. Shorten it by 1."),
    ],
)
def test_a_bad_reminder_is_not_sent(cast: Cast, purpose: str, words: str, said: str) -> None:
    response = nudged(cast, purpose, words)
    assert response.status_code == 422
    assert said in text_of(response)
    assert not Nudge.objects.exists()


def test_nothing_is_sent_about_nobody(cast: Cast) -> None:
    with clock.frozen(PRACTICE_DAY), pytest.raises(Refused, match="there is nothing left"):
        send_nudge(
            cast.rating_official,
            by=cast.higher_level_reviewer,
            purpose=NudgePurpose.RATINGS,
            words="",
            cycle=cast.cycle,
        )


@pytest.mark.parametrize("who", ["employee", "leader", "reviewer_elsewhere", "hr", "auditor"])
def test_nobody_else_reminds_or_reads_a_reminder(cast: Cast, who: str) -> None:
    nudged(cast, words="By Friday, please.")
    nudge, other = Nudge.objects.get(), cast.people[who]
    assert opened(other, f"/reminders/{nudge.pk}/").status_code == 404
    assert posted(other, f"/reminders/{nudge.pk}/answer/", {"answer": "done"}).status_code == 404
    assert opened(other, page_of(cast, "remind/")).status_code == 404
    assert "By Friday" not in opened(other, "/").content.decode()
    with pytest.raises(PermissionDenied):
        answer_nudge(nudge, by=other, answer="done")
    with clock.frozen(PRACTICE_DAY), pytest.raises(PermissionDenied):
        send_nudge(
            cast.rating_official, by=other, purpose=NudgePurpose.TALK, words="Hi", cycle=None
        )


def test_the_sender_does_not_answer(cast: Cast) -> None:
    nudged(cast)
    url = f"/reminders/{Nudge.objects.get().pk}/answer/"
    assert posted(cast.higher_level_reviewer, url, {"answer": "done"}).status_code == 403


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize(
    "table", ["appraisals_nudge", "appraisals_nudgeanswer", "appraisals_reading"]
)
def test_what_was_sent_answered_or_read_is_never_changed(
    cast: Cast, change: str, table: str
) -> None:
    nudged(cast)
    nudge = Nudge.objects.get()
    answer_nudge(nudge, by=cast.rating_official, answer="done")
    (plan,) = sent_plans(cast, cast.colleague)
    opened(cast.higher_level_reviewer, plan.get_absolute_url())
    with (
        pytest.raises(Error, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))


def test_home_costs_the_same_with_many_reminders(cast: Cast) -> None:
    nudged(cast)
    one = queries(cast.rating_official, "/")
    for days in range(1, 6):
        nudged(cast, on=PRACTICE_DAY + dt.timedelta(days=days))
    assert len(re.findall("Open", text_of(opened(cast.rating_official, "/")))) >= 6
    assert queries(cast.rating_official, "/") == one
