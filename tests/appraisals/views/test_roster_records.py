"""Which open records a roster touches, and how; each stays as it is until HR names others."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisals.models import Appraisal, Kind, State
from appraisals.touched import How, touched, touched_counts
from orgchart import clock
from orgchart.models import Assignment, Organization, RosterUpload
from orgchart.roster import job
from orgchart.roster.uploads import ask_to_apply
from tests.appraisals.views.opening import opened, text_of
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document
from tests.orgchart.roster.uploading import checked

FACTS = [
    *("position_title", "position_number", "pay_plan", "occupational_series", "grade", "step"),
    *("duty_station", "bargaining_unit", "exclusion_reason"),
]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(PRACTICE_DAY):
        yield


@pytest.fixture
def cast(_today: None, db: None) -> Cast:
    return make_cast()


@pytest.fixture
def record(cast: Cast) -> Appraisal:
    """The employee's, with the rating being written."""
    return make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT).appraisal


def units() -> list[dict[str, str]]:
    return [
        {
            "code": unit.code,
            "name": unit.name,
            "kind": unit.kind_id,
            "parent_code": unit.parent.code if unit.parent else "",
            "head_dod_id": unit.head.dod_id if unit.head else "",
        }
        for unit in Organization.objects.filter(code__in=["CMD", "FIRE", "WORKS"]).order_by("path")
    ]


def people(**changed: dict[str, str]) -> list[dict[str, str]]:
    """The command as it is held, with changes by first name; {} leaves somebody out."""
    held = Assignment.objects.on(PRACTICE_DAY).filter(organization__path__contains="/")
    rows = []
    for one in held.select_related("employee", "supervisor", "organization"):
        person = one.employee
        change = changed.get(person.first_name, {"keep": "yes"})
        if one.organization.code not in ("CMD", "FIRE", "WORKS") or not change:
            continue
        row = {
            "dod_id": person.dod_id,
            "last_name": person.last_name,
            "first_name": person.first_name,
            "middle_name": person.middle_name,
            "email": person.email,
            "organization_code": one.organization.code,
            "supervisor_dod_id": one.supervisor.dod_id if one.supervisor else "",
            "is_supervisor": "Y" if one.is_supervisor else "N",
            "covered": "Y" if one.covered else "N",
            "position_start_date": one.position_start_date.isoformat(),
            **{name: getattr(one, name) for name in FACTS},
        }
        rows.append({name: change.get(name, value) for name, value in row.items()})
    return rows


def preview(cast: Cast, **changed: dict[str, str]) -> RosterUpload:
    upload = checked(cast.hr, units(), people(**changed), at="CMD")
    assert upload.may_be_applied, list(upload.problems.all())
    return upload


def counts(cast: Cast, upload: RosterUpload) -> dict[str, int]:
    return {how.value: count for how, count in touched_counts(upload, cast.hr).items() if count}


def moved(cast: Cast) -> dict[str, str]:
    return {
        "organization_code": "WORKS",
        "supervisor_dod_id": cast.official_elsewhere.dod_id,
    }


def test_roster_that_changes_nothing_touches_nothing(cast, record):
    upload = preview(cast)
    assert counts(cast, upload) == {}
    page = text_of(opened(cast.hr, f"/hr/roster/{upload.pk}/"))
    assert "No record of a running cycle gets out of step" in page
    assert "Nothing would change." in page


def test_record_stays_with_its_official_and_unit_when_its_employee_moves(cast, record):
    upload = preview(cast, Maria=moved(cast))
    assert counts(cast, upload) == {"supervisor": 1, "unit": 1}
    page = text_of(opened(cast.hr, f"/hr/roster/{upload.pk}/"))
    assert "1 record: Another supervisor than rating official" in page
    assert "1 record: In another unit than the record" in page
    listed = opened(cast.hr, reverse("roster_records", args=[upload.pk, "supervisor"]))
    words = text_of(listed)
    assert "Maria Employee" in words
    assert "Dana Official" in words
    assert "Otherofficial, Otto" in words
    assert reverse("officials_edit", args=[record.pk]) in listed.content.decode()


def test_once_applied_the_list_is_what_is_left_to_do(cast, record):
    upload = preview(cast, Maria=moved(cast))
    ask_to_apply(upload, separate_missing=False, by=cast.hr)
    job.run(upload.pk)
    upload.refresh_from_db()
    record.refresh_from_db()
    assert record.rating_official == cast.rating_official
    assert counts(cast, upload) == {"supervisor": 1, "unit": 1}
    for how, what in (("supervisor", "elsewhere"), ("unit", "left-behind")):
        listed = opened(cast.hr, reverse("roster_records", args=[upload.pk, how]))
        assert f"/hr/stranded/?what={what}" in listed.content.decode()
    Appraisal.objects.update(rating_official=cast.official_elsewhere)
    assert counts(cast, upload) == {"unit": 1}
    listed = opened(cast.hr, reverse("roster_records", args=[upload.pk, "supervisor"]))
    assert "or not any more" in text_of(listed)


def test_supervisor_who_rates_already_touches_nothing(cast, record):
    Appraisal.objects.update(rating_official=cast.official_elsewhere)
    upload = preview(cast, Maria={"supervisor_dod_id": cast.official_elsewhere.dod_id})
    assert upload.counts["under_another_supervisor"] == 1
    assert counts(cast, upload) == {}


def test_records_of_people_missing_from_the_file(cast, record):
    upload = preview(cast, Maria={})
    assert counts(cast, upload) == {"leaves": 1}
    upload = preview(cast, Dana={}, Carl={}, Maria={})
    assert counts(cast, upload) == {"leaves": 1, "official-leaves": 1}


def test_records_whose_reviewer_is_missing_from_the_file(cast, record):
    Appraisal.objects.update(higher_level_reviewer=cast.colleague)
    assert counts(cast, preview(cast, Carl={})) == {"reviewer-leaves": 1}


def test_missing_people_who_stayed_touch_nothing_after_all(cast, record):
    upload = preview(cast, Maria={})
    ask_to_apply(upload, separate_missing=False, by=cast.hr)
    job.run(upload.pk)
    upload.refresh_from_db()
    assert counts(cast, upload) == {}
    gone = opened(cast.hr, reverse("roster_records", args=[upload.pk, "leaves"]))
    assert gone.status_code == 404


def test_finished_records_and_past_cycles_are_not_touched(cast):
    record = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED).appraisal
    upload = preview(cast, Maria=moved(cast))
    assert counts(cast, upload) == {}
    record.documents.filter(kind=Kind.ANNUAL_APPRAISAL).update(
        state=State.COMMUNICATED, acknowledged_on=None
    )
    assert counts(cast, upload) == {"supervisor": 1, "unit": 1}
    upload.effective_on = record.cycle.effective_on
    assert counts(cast, upload) == {}


def test_only_records_one_may_see_are_counted(cast, record):
    upload = preview(cast, Maria=moved(cast))
    assert touched(upload, How.SUPERVISOR, cast.hr).count() == 1
    assert touched(upload, How.SUPERVISOR, cast.hr_elsewhere).count() == 0


def test_list_costs_the_same_for_every_number_of_records(cast, record, client):
    upload = preview(cast, Maria=moved(cast))
    client.force_login(cast.hr)
    with CaptureQueriesContext(connection) as found:
        client.get(reverse("roster_records", args=[upload.pk, "unit"]))
    assert sum("SAVEPOINT" not in query["sql"] for query in found.captured_queries) <= 15


def test_unknown_way_does_not_exist(cast):
    upload = preview(cast)
    for how in ("nonsense", "unit-leaves"):
        page = opened(cast.hr, reverse("roster_records", args=[upload.pk, how]))
        assert page.status_code == 404
