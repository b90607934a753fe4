"""One document after the other, or several that were read: each decision is recorded by itself."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from appraisals.models import AppraisalEvent, Document, Kind, Reading, State
from appraisals.services.approvals import approve_read, note_reading
from appraisals.services.officials import name_officials
from appraisals.workflow import Given, TransitionNotAllowed, advance
from orgchart import clock
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.appraisals.views.sending import SENT, sent_plans
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document

CHOSEN = "/reviews/approve/chosen/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def read(cast: Cast, *documents: Document) -> None:
    for document in documents:
        assert opened(cast.higher_level_reviewer, document.get_absolute_url()).status_code == 200


def chosen(*documents: Document) -> str:
    return f"{CHOSEN}?" + "&".join(f"documents={each.pk}" for each in documents)


def approve(cast: Cast, *documents: Document, batch: str = "") -> HttpResponse:
    data: dict[str, object] = {
        "documents": [each.pk for each in documents],
        "batch": batch or str(uuid.uuid4()),
    }
    return posted(cast.higher_level_reviewer, CHOSEN, data)


def states(*documents: Document) -> list[str]:
    return [Document.objects.get(pk=document.pk).state for document in documents]


# ------------------------------------------------------------------------------ one after the other


def test_after_a_decision_the_next_oldest_opens_with_its_place(cast: Cast) -> None:
    plans = sent_plans(cast, cast.employee, cast.colleague, cast.auditor)
    first, second, third = (plan.pk for plan in plans)
    page = opened(cast.higher_level_reviewer, f"/documents/{first}/?queue=1")
    assert "1 of 3 that wait for your review" in text_of(page)
    assert f'href="/documents/{second}/?queue=1"' in page.content.decode()
    step = f"/documents/{first}/steps/approve/?queue=1"
    assert "1 of 3" in text_of(opened(cast.higher_level_reviewer, step))
    response = posted(cast.higher_level_reviewer, step)
    assert response.redirect_chain == [(f"/documents/{second}/?queue=2", 302)]
    assert "2 of 3" in text_of(response)
    given = {"about": "standards", "reason": "Say how it is measured."}
    response = posted(
        cast.higher_level_reviewer, f"/documents/{second}/steps/return_for_change/?queue=2", given
    )
    assert "3 of 3" in text_of(response)
    response = posted(cast.higher_level_reviewer, f"/documents/{third}/steps/approve/?queue=3")
    assert "Nothing else waits for your review" in text_of(response)
    assert states(*plans) == [State.APPROVED, State.DRAFT, State.APPROVED]


def test_what_was_passed_over_comes_again_at_the_end(cast: Cast) -> None:
    first, _, third = sent_plans(cast, cast.employee, cast.colleague, cast.auditor)
    response = posted(cast.higher_level_reviewer, f"/documents/{third.pk}/steps/approve/?queue=1")
    assert response.redirect_chain == [(f"/documents/{first.pk}/?queue=2", 302)]
    assert "2 of 3" in text_of(response)


@pytest.mark.parametrize("queue", ["x", "-1", "99999999999999999999", "²", "0"])
def test_a_damaged_place_is_no_error(cast: Cast, queue: str) -> None:
    (plan,) = sent_plans(cast, cast.employee)
    response = opened(cast.higher_level_reviewer, f"/documents/{plan.pk}/?queue={queue}")
    assert response.status_code == 200


# ---------------------------------------------------------------------------------- several together


def test_only_what_was_opened_can_be_ticked(cast: Cast) -> None:
    first, second = sent_plans(cast, cast.employee, cast.colleague)
    read(cast, first)
    response = opened(cast.higher_level_reviewer, "/reviews/approve/")
    page = response.content.decode()
    assert f'name="documents" value="{first.pk}"' in page
    assert f'name="documents" value="{second.pk}"' not in page
    assert "1 of 2 here opened since sent up" in text_of(response)
    assert text_of(response).count("Not opened since it was sent up: read it first.") == 1


def test_each_line_says_what_is_decided(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    sent_plans(cast, cast.colleague)
    read(cast, document)
    page = text_of(opened(cast.higher_level_reviewer, "/reviews/approve/"))
    for words in (
        "Annual appraisal, FY 2027: Outstanding",
        "Two 5s rated: 10 ÷ 2 = 5.00",
        "2 of 2 narratives written, 2 of 2 required",
        "Performance plan, FY 2027: 1 element",
        "1 of 1 serve a goal",
        "No problems found",
        "Sent by Dana Official, 6 April 2027",
    ):
        assert words in page
    document.sections.filter(kind="rating").update(text="")
    page = text_of(opened(cast.higher_level_reviewer, "/reviews/approve/"))
    assert "0 of 2 narratives written, 0 of 2 required" in page
    assert "is rated 5 (Outstanding) without a narrative" in page


def test_one_confirmation_and_each_is_recorded_by_itself(cast: Cast) -> None:
    plans = sent_plans(cast, cast.employee, cast.colleague)
    read(cast, *plans)
    page = opened(cast.higher_level_reviewer, chosen(*plans))
    assert "Approve 2 documents?" in text_of(page)
    assert states(*plans) == [State.IN_REVIEW] * 2
    page = text_of(approve(cast, *plans))
    assert "2 approved" in page
    assert "Performance plan of Maria Employee" in page
    assert "Performance plan of Carl Colleague" in page
    assert states(*plans) == [State.APPROVED] * 2
    events = AppraisalEvent.objects.filter(name="approve")
    assert {event.by for event in events} == {cast.higher_level_reviewer}
    assert len({event.request_key for event in events} - {None}) == 2


def test_sent_twice_it_happens_once(cast: Cast) -> None:
    plans = sent_plans(cast, cast.employee, cast.colleague)
    read(cast, *plans)
    batch = str(uuid.uuid4())
    for _ in range(2):
        assert "2 approved" in text_of(approve(cast, *plans, batch=batch))
    assert AppraisalEvent.objects.filter(name="approve").count() == 2


def test_each_that_is_not_approved_says_why(cast: Cast) -> None:
    people = (cast.employee, cast.colleague, cast.auditor, cast.hr, cast.hr_elsewhere)
    plans = sent_plans(cast, *people)
    good, recalled, returned, sent_again, approved = plans
    read(cast, *plans)
    reviewer = cast.higher_level_reviewer
    with clock.frozen(PRACTICE_DAY):
        advance(recalled, "recall", by=cast.rating_official)
        given = Given(reason="Why", about="other")
        advance(returned, "return_for_change", by=reviewer, given=given)
        advance(sent_again, "recall", by=cast.rating_official)
        advance(sent_again, "submit", by=cast.rating_official)
        advance(approved, "approve", by=reviewer)
    page = text_of(approve(cast, *plans))
    assert "1 approved, 4 not" in page
    for words in (
        "Performance plan of Carl Colleague Dana Official took it back meanwhile.",
        "Performance plan of Audra Auditor It was returned meanwhile.",
        "Performance plan of Hanna Human It was sent up again after you opened it",
        "Performance plan of Hugo Faraway It was approved already.",
    ):
        assert words in page
    assert states(*plans) == [
        State.APPROVED,
        State.DRAFT,
        State.DRAFT,
        State.IN_REVIEW,
        State.APPROVED,
    ]
    assert good.events.filter(name="approve").count() == 1


def test_what_was_sent_again_the_same_day_is_read_again(cast: Cast) -> None:
    """`RecordView` counts once a day; the reading is of this sending."""
    (plan,) = sent_plans(cast, cast.employee)
    read(cast, plan)
    with clock.frozen(PRACTICE_DAY):
        advance(plan, "recall", by=cast.rating_official)
        advance(plan, "submit", by=cast.rating_official)
    assert "0 approved, 1 not" in text_of(approve(cast, plan))
    read(cast, plan)
    assert "1 approved" in text_of(approve(cast, plan))


def test_opening_without_reviewing_is_no_reading(cast: Cast) -> None:
    (plan,) = sent_plans(cast, cast.employee)
    for who in (cast.rating_official, cast.employee, cast.hr):
        opened(who, plan.get_absolute_url())
    assert not Reading.objects.exists()
    read(cast, plan)
    read(cast, plan)
    assert Reading.objects.get().reader == cast.higher_level_reviewer
    with clock.frozen(PRACTICE_DAY):
        draft = advance(plan, "recall", by=cast.rating_official)
        note_reading(draft, by=cast.higher_level_reviewer)
    assert Reading.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "Tick at least one document."),
        ({"documents": "x"}, "The page is damaged."),
        ({"documents": "9" * 30}, "The page is damaged."),
        ({"documents": "1", "batch": "x"}, "valid UUID"),
    ],
)
def test_nothing_chosen_is_said(
    cast: Cast, method: str, query: dict[str, object], said: str
) -> None:
    """Who follows an old link comes to the queue and reads why."""
    sent_plans(cast, cast.employee)
    if method == "post":
        response = posted(cast.higher_level_reviewer, CHOSEN, query)
        assert response.status_code == 422
    else:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        client = Client()
        client.force_login(cast.higher_level_reviewer)
        response = client.get(f"{CHOSEN}?{asked}", follow=True)
        assert response.redirect_chain == [("/reviews/approve/", 302)]
    assert said in text_of(response)


def test_confirmation_leaves_out_what_cannot_be_approved(cast: Cast) -> None:
    first, second = sent_plans(cast, cast.employee, cast.colleague)
    read(cast, first)
    page = text_of(opened(cast.higher_level_reviewer, f"{chosen(first, second)}&documents=99999"))
    assert "Approve 1 document?" in page
    assert "Performance plan of Carl Colleague: not opened since it was sent up" in page
    assert "1 document is not in your queue any more" in page


@pytest.mark.parametrize(
    "who", ["employee", "rating_official", "leader", "reviewer_elsewhere", "hr"]
)
def test_nobody_else_approves(cast: Cast, who: str) -> None:
    (plan,) = sent_plans(cast, cast.employee)
    read(cast, plan)
    assert "Nothing waits for your review" in text_of(opened(cast.people[who], "/reviews/approve/"))
    assert "Maria" not in text_of(opened(cast.people[who], chosen(plan)))
    posted(cast.people[who], CHOSEN, {"documents": [plan.pk]})
    assert states(plan) == [State.IN_REVIEW]
    with pytest.raises(PermissionDenied):
        advance(plan, "approve", by=cast.people[who])


def test_a_reviewer_who_was_replaced_is_told(cast: Cast) -> None:
    (plan,) = sent_plans(cast, cast.employee)
    read(cast, plan)
    with clock.frozen(SENT):
        name_officials(
            plan.appraisal,
            rating_official=cast.rating_official,
            higher_level_reviewer=cast.reviewer_elsewhere,
            by=cast.hr,
            reason="Reorganization",
        )
    assert "1 document You are no longer the higher level reviewer." in text_of(approve(cast, plan))
    with clock.frozen(SENT):
        outcome = approve_read(plan, by=cast.higher_level_reviewer, request_key=uuid.uuid4())
    assert not outcome.is_approved
    assert outcome.words == "You are no longer its higher level reviewer."


@pytest.mark.parametrize("url", ["/reviews/approve/", "/reviews/approve/chosen/?{documents}"])
def test_many_cost_as_much_as_one(cast: Cast, url: str) -> None:
    plans = sent_plans(cast, cast.employee)
    read(cast, *plans)
    asked = "&".join(f"documents={plan.pk}" for plan in plans)
    alone = queries(cast.higher_level_reviewer, url.format(documents=asked))
    more = sent_plans(cast, cast.colleague, cast.auditor, cast.hr)
    read(cast, *more)
    asked = "&".join(f"documents={plan.pk}" for plan in [*plans, *more])
    assert queries(cast.higher_level_reviewer, url.format(documents=asked)) == alone
    assert alone <= 15


def decide(cast: Cast, plan: Document) -> bool:
    by, key = cast.higher_level_reviewer, uuid.uuid4()
    return approve_read(plan, by=by, request_key=key).is_approved


def take_back(cast: Cast, plan: Document) -> bool:
    try:
        advance(plan, "recall", by=cast.rating_official)
        advance(plan, "submit", by=cast.rating_official)
    except TransitionNotAllowed:
        return False
    return True


def at_once(*works: tuple[list[Document], Callable[[Document], bool]]) -> list[dict[int, bool]]:
    """Each work in a thread of its own: what became of every document."""
    ready = threading.Barrier(len(works))
    found: list[dict[int, bool]] = [{} for _ in works]

    def run(number: int) -> None:
        documents, work = works[number]
        clock.set_today(PRACTICE_DAY)
        ready.wait()
        for document in documents:
            found[number][document.pk] = work(document)
        connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_approving_several_meets_taking_back() -> None:
    """Either the official was first or the reviewer; never both, and never an approval of what was not read."""
    cast = make_cast()
    people = (cast.employee, cast.colleague, cast.auditor, cast.hr, cast.hr_elsewhere)
    plans = sent_plans(cast, *people, on=PRACTICE_DAY)
    with clock.frozen(PRACTICE_DAY):
        for plan in plans:
            note_reading(plan, by=cast.higher_level_reviewer)
    outcomes, taken_back = at_once(
        (plans, lambda plan: decide(cast, plan)),
        (list(reversed(plans)), lambda plan: take_back(cast, plan)),
    )
    for plan in plans:
        assert outcomes[plan.pk] != taken_back[plan.pk]
        expected = State.APPROVED if outcomes[plan.pk] else State.IN_REVIEW
        assert states(plan) == [expected]
        assert plan.events.filter(name="approve").count() == outcomes[plan.pk]


def test_queue_says_what_was_opened(cast: Cast) -> None:
    first, _ = sent_plans(cast, cast.employee, cast.colleague)
    opened(cast.higher_level_reviewer, first.get_absolute_url(), on=dt.date(2027, 4, 5))
    page = text_of(opened(cast.higher_level_reviewer, "/reviews/"))
    assert page.count("opened 5 April") == 1
    assert "Approve several" in page
