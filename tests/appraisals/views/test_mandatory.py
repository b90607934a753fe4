"""The page of a mandatory element, as HR puts it into plans (R3.8)."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from appraisals.models import Element, Kind, MandatoryElement, MandatoryPush, Notice, State
from appraisals.problems import plan_of
from appraisals.services.mandatory import claim, reword_mandatory, work_on
from appraisals.services.records import start_record
from orgchart import clock
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.cast import CYCLE_STARTS, Cast, make_cast, make_document, make_mandatory

OCTOBER = dt.date(2026, 10, 14)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def element(cast: Cast) -> MandatoryElement:
    """Worded anew; the only plan that is bound holds it in words of its own."""
    element = make_mandatory(cast)
    with clock.frozen(OCTOBER):
        plan = plan_of(start_record(cast.employee, cycle=cast.cycle, by=cast.rating_official))
        Element.objects.filter(plan=plan, mandatory=element).update(standards="Our own words.")
        texts = {"title": "Records", "description": "", "standards": "Within 3 days."}
        return reword_mandatory(element, lasts=(CYCLE_STARTS, None), texts=texts, by=cast.hr)


def test_where_all_plans_have_their_own_words_the_round_tells_the_officials(
    cast: Cast, element: MandatoryElement
) -> None:
    address = reverse("mandatory_detail", args=[element.pk])
    page = opened(cast.hr, address, on=OCTOBER)
    assert "its rating official is told to look at them 1 plans" in text_of(page)
    assert "Tell the rating officials of 1 plan" in page.content.decode()

    push = reverse("mandatory_push", args=[element.pk])
    given = {"reason": "The order of May.", "request_key": str(uuid.uuid4())}
    posted(cast.hr, push, given, on=OCTOBER)
    with clock.frozen(OCTOBER):
        taken = claim(MandatoryPush.objects.get().pk)
        assert taken is not None
        work_on(taken)

    page = opened(cast.hr, address, on=OCTOBER)
    assert "There is nothing to put in." in text_of(page)
    assert "Officials told to look at words of a plan’s own: 1 plan" in text_of(page)
    assert "Put into 0 plans" not in text_of(page)
    told = Notice.objects.get(kind="element_adapted")
    assert told.recipient == cast.rating_official


@pytest.mark.parametrize(
    ("day", "is_late"), [(dt.date(2027, 1, 1), False), (dt.date(2027, 1, 2), True)]
)
def test_the_preview_warns_when_nobody_can_be_rated_on_it_any_more_r1_9(
    cast: Cast, day: dt.date, *, is_late: bool
) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    address = reverse("mandatory_detail", args=[make_mandatory(cast).pk])
    page = text_of(opened(cast.hr, address, on=day))
    assert ("cannot be rated in this cycle" in page) == is_late


def test_without_a_reason_nothing_begins_and_the_button_says_the_same(
    cast: Cast, element: MandatoryElement
) -> None:
    given = {"reason": "", "request_key": str(uuid.uuid4())}
    page = posted(cast.hr, reverse("mandatory_push", args=[element.pk]), given, on=OCTOBER)
    assert page.status_code == 422
    assert "Say why: everybody concerned asks this first." in text_of(page)
    assert "Tell the rating officials of 1 plan" in page.content.decode()
    assert not MandatoryPush.objects.exists()


def test_the_page_costs_the_same_whatever_happened(cast: Cast, element: MandatoryElement) -> None:
    address = reverse("mandatory_detail", args=[element.pk])
    assert queries(cast.hr, address, on=OCTOBER) <= 15
