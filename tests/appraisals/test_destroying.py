"""Records are kept as long as policy says, and destroyed by two persons, wholly, with the fact left (R13)."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from appraisals import destroying
from appraisals.destroying import carry_out
from appraisals.keeping import kept
from appraisals.models import (
    Appraisal,
    Archive,
    DestructionItem,
    DestructionList,
    Document,
    KeptStatistic,
    Kind,
    Notice,
    PolicyEdition,
    ProposedAction,
    RowToDestroy,
    StoredForm,
)
from appraisals.parts import PARTS
from appraisals.services import retention
from appraisals.services.retention import (
    confirm_list,
    draw_up_list,
    lift_hold,
    place_hold,
    strike_off,
    withdraw_list,
)
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import OrgEvent
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast
from tests.record_rows import (
    LATER,
    YEARS_LATER,
    amend,
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


def due(cast: Cast, on: dt.date) -> list[Appraisal]:
    return list(kept(cast.places["CMD"], today=on).records())


# ------------------------------------------------------------------------------ what is due when


def test_a_record_is_due_when_its_four_years_are_over(cast: Cast) -> None:
    """R13.1, D14: effective 1 June 2027, kept until 1 June 2031."""
    record = make_rated(cast)
    assert due(cast, dt.date(2031, 5, 31)) == []
    assert due(cast, dt.date(2031, 6, 1)) == [record]


def test_the_policy_in_force_on_the_day_says_how_long(cast: Cast) -> None:
    make_rated(cast)
    PolicyEdition.objects.create(
        name="Longer here",
        organization=cast.places["CMD"],
        effective_on=dt.date(2029, 1, 1),
        values={"retention_years": 7},
        written_at=clock.now(),
    )
    assert due(cast, YEARS_LATER) == []
    assert len(due(cast, dt.date(2034, 6, 1))) == 1


def test_another_policy_above_does_not_reach_where_a_nearer_one_is(cast: Cast) -> None:
    make_rated(cast)
    values = {"retention_years": 0}
    day = dt.date(2029, 1, 1)
    PolicyEdition.objects.create(
        name="None above", organization=cast.places["ARMY"], effective_on=day, values=values,
        written_at=clock.now(),
    )  # fmt: skip
    PolicyEdition.objects.create(
        name="Four here", organization=cast.places["FIRE"], effective_on=day, written_at=clock.now()
    )
    assert due(cast, dt.date(2030, 1, 1)) == []
    assert len(due(cast, YEARS_LATER)) == 1


def notice(record: Appraisal, decision: str, noticed_on: dt.date) -> None:
    plan = record.documents.get(kind=Kind.PERFORMANCE_PLAN)
    document = Document.objects.create(
        appraisal=record,
        kind=Kind.PLAN_CHANGE,
        policy=plan.policy,
        state="communicated",
        state_since=clock.now(),
        opened_at=clock.now(),
        approved_on=noticed_on,
        communicated_on=noticed_on,
        communicated_method="F",
    )
    taken = {"decision": decision, "decided_on": noticed_on, "decided_by": "Commander"}
    ProposedAction.objects.create(
        document=document, action="removal", **(taken if decision else {})
    )


@pytest.mark.parametrize(
    ("decision", "levels", "is_due"),
    [
        ("withdrawn", (1, 5), True),
        ("nothing", (1, 5), True),
        ("removal", (1, 5), False),
        ("", (1, 5), False),
        ("withdrawn", (3, 5), False),
    ],
)
def test_an_unacceptable_year_whose_action_was_not_carried_out_is_due_a_year_after_its_notice(
    cast: Cast, decision: str, levels: tuple[int, ...], is_due: bool
) -> None:
    """R13.3; a year that is not Unacceptable keeps its rating for its four years."""
    record = make_rated(cast)
    with clock.frozen(PRACTICE_DAY):
        amend(record, cast, levels=levels)
        notice(record, decision, PRACTICE_DAY)
    year_on = PRACTICE_DAY.replace(year=2028)
    assert due(cast, year_on - dt.timedelta(days=1)) == []
    found = kept(cast.places["CMD"], today=year_on)
    assert [found.due_of_record(each).rule for each in found.records()] == ["R13.3"] * is_due


# ------------------------------------------------------------------------------ nothing is left


def test_a_destroyed_record_leaves_no_row_and_no_file(cast: Cast, media: Path) -> None:
    record = make_whole(cast)
    empty = [part.label for part in PARTS if not part.of([record.pk]).exists()]
    assert empty == [], (
        "tests/record_rows.py makes no row of these parts, so nothing is proved of them"
    )
    assert list(media.rglob("*.pdf")) != []

    done = destroy(cast)

    assert done.state == DestructionList.State.DONE
    left = [part.label for part in PARTS if part.of([record.pk]).exists()]
    assert left == []
    assert not RowToDestroy.objects.exists()
    item = done.items.get()
    assert item.state == DestructionItem.State.DESTROYED
    assert item.counts["appraisals.Document"] == 4
    assert set(item.counts) == {part.label for part in PARTS}


def test_no_byte_of_its_texts_is_left_in_the_database(cast: Cast) -> None:
    make_whole(cast)
    destroy(cast)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND n.nspname = 'public'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s',  # noqa: S608
                [f"%{SECRET}%"],
            )
            found += [table] if cursor.fetchone()[0] else []
    assert found == []


@pytest.mark.django_db(transaction=True)
def test_the_files_go_with_the_transaction(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A task begins on the real day, years before.
    monkeypatch.setattr(retention, "wake", lambda *_: None)
    cast = make_cast()
    record = make_whole(cast)
    forms = StoredForm.objects.filter(made_at__isnull=False).count()
    assert len(list(media.rglob("*.pdf"))) == forms + 1, "each form, and one scan"
    done = destroy(cast)
    assert list(media.rglob("*.pdf")) == []
    assert done.items.get().files == []
    assert not Appraisal.objects.filter(pk=record.pk).exists()


def test_files_that_a_killed_worker_left_are_deleted_by_the_next(
    cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_whole(cast)
    with monkeypatch.context() as killed:
        killed.setattr(destroying, "_forget_files", lambda item: None)
        item = destroy(cast).items.get()
    assert len(item.files) == len(list(media.rglob("*.pdf"))) > 1
    carry_out()
    assert list(media.rglob("*.pdf")) == []
    item.refresh_from_db()
    assert item.files == []


def test_the_fact_is_left_and_a_number_without_a_person(cast: Cast) -> None:
    record = make_whole(cast)
    employee = record.employee
    done = destroy(cast)
    item = done.items.get()
    assert (item.employee, item.rule, item.kept_until) == (employee, "R13.1", dt.date(2031, 6, 1))
    assert json.dumps(item.counts).find("level") == -1
    assert [(row.level, row.people) for row in KeptStatistic.objects.all()] == [(3, 1)]
    assert not [f for f in KeptStatistic._meta.get_fields() if "person" in f.name.split("_")]
    event = OrgEvent.objects.get(what="records_destroyed")
    assert event.detail["destroyed"] == 1
    assert event.by == done.confirmed_by
    assert Notice.objects.filter(recipient=employee, kind="record_destroyed").count() == 1


def test_the_kept_counts_follow(cast: Cast) -> None:
    make_rated(cast)
    destroy(cast)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM appraisals_recordstanding WHERE appraisal_id IS NOT NULL"
        )
        assert cursor.fetchone() == (0,)


# ------------------------------------------------------------------------------ two persons


def test_who_drew_it_up_cannot_confirm_it(cast: Cast) -> None:
    make_rated(cast)
    drawn_up = listed(cast)
    with clock.frozen(YEARS_LATER), pytest.raises(PermissionDenied):
        confirm_list(drawn_up, by=cast.hr, things=1)


def test_nobody_confirms_the_end_of_their_own_record(cast: Cast) -> None:
    make_rated(cast)
    drawn_up = listed(cast)
    cast.people["colleague"] = cast.employee
    with clock.frozen(YEARS_LATER), pytest.raises(PermissionDenied):
        confirm_list(drawn_up, by=second_hr(cast), things=1)


def test_hr_elsewhere_has_no_say(cast: Cast) -> None:
    make_rated(cast)
    drawn_up = listed(cast)
    with clock.frozen(YEARS_LATER):
        with pytest.raises(PermissionDenied):
            confirm_list(drawn_up, by=cast.hr_elsewhere, things=1)
        with pytest.raises(PermissionDenied):
            draw_up_list(cast.places["CMD"], by=cast.hr_elsewhere)


def test_a_list_that_changed_is_looked_at_again(cast: Cast) -> None:
    make_rated(cast)
    drawn_up = listed(cast)
    with clock.frozen(YEARS_LATER), pytest.raises(Refused, match="changed while you looked"):
        confirm_list(drawn_up, by=second_hr(cast), things=2)


def test_what_is_struck_off_stays(cast: Cast) -> None:
    record = make_rated(cast)
    drawn_up = listed(cast)
    with clock.frozen(YEARS_LATER):
        strike_off(drawn_up.items.get(), by=cast.hr, reason="A question is open.")
    drawn_up.refresh_from_db()
    assert drawn_up.state == DestructionList.State.WITHDRAWN
    assert Appraisal.objects.filter(pk=record.pk).exists()


def test_a_withdrawn_list_frees_what_was_on_it(cast: Cast) -> None:
    make_rated(cast)
    drawn_up = listed(cast)
    with clock.frozen(YEARS_LATER):
        withdraw_list(drawn_up, by=cast.hr, reason="Too early.")
        with pytest.raises(Refused, match="not open any more"):
            confirm_list(drawn_up, by=second_hr(cast), things=0)
    assert listed(cast).items.count() == 1


def test_the_second_persons_are_told(cast: Cast) -> None:
    make_rated(cast)
    other = second_hr(cast)
    drawn_up = listed(cast)
    told = Notice.objects.get(kind="destruction_to_confirm")
    assert (told.recipient, told.link) == (other, drawn_up.get_absolute_url())


def test_two_lists_never_hold_the_same(cast: Cast) -> None:
    make_rated(cast)
    listed(cast)
    with pytest.raises(Refused, match="Nothing is due"):
        listed(cast)


# ------------------------------------------------------------------------------ what keeps it


def test_a_hold_keeps_a_record_off_the_list(cast: Cast) -> None:
    record = make_rated(cast)
    with clock.frozen(LATER):
        hold = place_hold(
            record.employee, cycle=None, reason="Litigation", authority="Counsel", by=cast.hr
        )
    with pytest.raises(Refused, match="Nothing is due"):
        listed(cast)
    with clock.frozen(YEARS_LATER):
        lift_hold(hold, by=cast.hr, reason="Settled")
    assert listed(cast).items.count() == 1


def test_a_hold_that_comes_after_the_confirmation_still_keeps_it(cast: Cast) -> None:
    record = make_whole(cast)
    with clock.frozen(YEARS_LATER):
        drawn_up = draw_up_list(cast.places["CMD"], by=cast.hr)
        confirm_list(drawn_up, by=second_hr(cast), things=1)
        place_hold(
            record.employee, cycle=record.cycle, reason="Claim", authority="Counsel", by=cast.hr
        )
        carry_out()
    item = drawn_up.items.get()
    assert (item.state, item.reason) == (DestructionItem.State.KEPT, "A hold keeps it")
    assert Appraisal.objects.filter(pk=record.pk).exists()


def test_a_policy_that_came_after_the_list_still_keeps_it(cast: Cast) -> None:
    make_rated(cast)
    with clock.frozen(YEARS_LATER):
        drawn_up = draw_up_list(cast.places["CMD"], by=cast.hr)
        confirm_list(drawn_up, by=second_hr(cast), things=1)
        PolicyEdition.objects.create(
            name="Ten years", organization=cast.places["CMD"], effective_on=YEARS_LATER,
            values={"retention_years": 10}, written_at=clock.now(),
        )  # fmt: skip
        carry_out()
    assert drawn_up.items.get().reason == "It is not due any more"


def test_a_form_somebody_may_still_fetch_keeps_it(cast: Cast) -> None:
    make_whole(cast)
    Archive.objects.update(state=Archive.State.WORKING)
    with pytest.raises(Refused, match="Nothing is due"):
        listed(cast)
