"""Ratings that were replaced (R13.2), and what the database itself lets go, whatever code forgets to ask."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from appraisals.destroying import carry_out
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    AppraisalEvent,
    DestructionItem,
    FeedLine,
    KeptStatistic,
    RatingOfRecord,
    RowToDestroy,
    Section,
    StoredForm,
    TextVersion,
)
from appraisals.models.rating import current_rating
from appraisals.pdf import form_html
from appraisals.services.retention import (
    confirm_list,
    draw_up_list,
    place_hold,
)
from orgchart import clock
from orgchart.errors import Refused
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast
from tests.record_rows import (
    LATER,
    YEARS_LATER,
    amend,
    check_at_once,
    destroy,
    listed,
    make_rated,
    make_whole,
    second_hr,
)

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.date], Any]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


# ------------------------------------------------------------------------------ superseded ratings


def test_a_replaced_rating_loses_its_content_and_keeps_its_fact(cast: Cast) -> None:
    """R13.2 with R11.5: what counts today stays, what it replaced does not."""
    record = make_whole(cast)
    before = current_rating(RatingOfRecord.objects.get(appraisal=record))
    done = destroy(cast, on=LATER)
    item = done.items.get()
    assert (item.what, item.rule) == (DestructionItem.What.SUPERSEDED, "R13.2")

    rating = RatingOfRecord.objects.get(appraisal=record)
    assert (rating.level, rating.rated_sum, rating.content_destroyed_on) == (0, 0, LATER)
    assert rating.issued_at is not None
    now = current_rating(rating)
    assert (now.level, now.rated_sum) == (before.level, before.rated_sum)
    changed, same = Section.objects.filter(document__appraisal=record, kind="rating").order_by(
        "element__number"
    )
    assert (changed.text, changed.level) == ("", None)
    assert same.level == 5
    assert SECRET in same.text
    assert {each.content["text"] for each in TextVersion.objects.filter(section=changed)} == {""}
    assert FeedLine.objects.filter(content="").count() == 1
    forms = StoredForm.objects.filter(appraisal=record)
    printed = forms.made().values_list("document__kind", flat=True)
    assert set(printed) == {"performance_plan", "progress_review"}
    assert forms.due().filter(document__kind="annual_appraisal").count() == 1, "printed anew"
    fresh = Appraisal.objects.with_people().get(pk=record.pk)
    printed_anew = form_html(fresh, reader=fresh.employee)
    assert "was destroyed on" in printed_anew
    assert f"Rating and narrative {SECRET}" in printed_anew, "of the element that was not changed"
    assert AppraisalEvent.objects.filter(appraisal=record, name="amend_rating").exists()


def test_what_replaced_nothing_is_not_due(cast: Cast) -> None:
    make_rated(cast)
    with pytest.raises(Refused, match="Nothing is due"):
        listed(cast, on=LATER)


def test_a_second_change_makes_the_first_one_due(cast: Cast) -> None:
    record = make_rated(cast)
    with clock.frozen(PRACTICE_DAY):
        amend(record, cast)
    destroy(cast, on=LATER)
    with clock.frozen(LATER):
        amend(record, cast, levels=(1, 5))
    destroy(cast, on=LATER + dt.timedelta(days=1))
    rating = RatingOfRecord.objects.get(appraisal=record)
    assert [(a.level, a.levels) for a in rating.amendments.order_by("version")] == [
        (0, []),
        (1, [1, 5]),
    ]


# ------------------------------------------------------------------------------ the database itself


def test_nothing_goes_without_an_item_that_two_persons_agreed_on(cast: Cast) -> None:
    make_rated(cast)
    drawn_up = listed(cast)
    item = drawn_up.items.get()
    with pytest.raises(IntegrityError, match="two persons"), transaction.atomic():
        RowToDestroy.objects.create(item=item, table_name="appraisals_recordview", row_id=1)


def test_nothing_goes_while_a_hold_stands_whatever_code_forgets_to_ask(cast: Cast) -> None:
    record = make_rated(cast)
    with clock.frozen(YEARS_LATER):
        drawn_up = draw_up_list(cast.places["CMD"], by=cast.hr)
        confirm_list(drawn_up, by=second_hr(cast), things=1)
        place_hold(record.employee, cycle=None, reason="Claim", authority="Counsel", by=cast.hr)
    with pytest.raises(IntegrityError, match="a hold stands"), transaction.atomic():
        RowToDestroy.objects.create(
            item=drawn_up.items.get(), table_name="appraisals_recordview", row_id=1
        )


def test_a_row_is_named_for_one_transaction_only(cast: Cast) -> None:
    make_rated(cast)
    with clock.frozen(YEARS_LATER):
        drawn_up = draw_up_list(cast.places["CMD"], by=cast.hr)
        confirm_list(drawn_up, by=second_hr(cast), things=1)
    RowToDestroy.objects.create(
        item=drawn_up.items.get(), table_name="appraisals_recordview", row_id=1
    )
    with pytest.raises(IntegrityError, match="one transaction only"), transaction.atomic():
        check_at_once()
    RowToDestroy.objects.all().delete()


def test_only_the_named_rows_are_let_go(cast: Cast) -> None:
    record = make_rated(cast)
    with clock.frozen(YEARS_LATER):
        drawn_up = draw_up_list(cast.places["CMD"], by=cast.hr)
        confirm_list(drawn_up, by=second_hr(cast), things=1)
    first, second = AppraisalEvent.objects.filter(appraisal=record)[:2]
    RowToDestroy.objects.create(
        item=drawn_up.items.get(), table_name="appraisals_appraisalevent", row_id=first.pk
    )
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        second.delete()
    RowToDestroy.objects.all().delete()


def test_what_is_left_is_never_deleted(cast: Cast) -> None:
    make_whole(cast)
    done = destroy(cast)
    carry_out()
    for row in (done.items.get(), done, KeptStatistic.objects.get()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            type(row).objects.filter(pk=row.pk)._raw_delete("default")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        done.items.update(state=DestructionItem.State.LISTED)


def test_cycles_stay_for_what_is_left(cast: Cast) -> None:
    make_rated(cast)
    destroy(cast)
    assert AppraisalCycle.objects.filter(pk=cast.cycle.pk).exists()
