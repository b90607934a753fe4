"""What is wrong in the hierarchy: each finding with what it must find and what it must leave alone."""

import csv
import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from appraisals.health import ALL, BY_KEY
from orgchart import clock
from orgchart.health import everything, look
from orgchart.models import Assignment, Organization, OrgEvent, Person
from tests.cast import Cast, make_cast, make_record
from tests.factories import AssignmentFactory, OrganizationFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2027, 2, 1)


@pytest.fixture
def cast() -> Cast:
    """In order: every unit has its head, who works there."""
    cast = make_cast()
    heads = {
        "DOD": "secretary",
        "ARMY": "army_chief",
        "NAVY": "navy_chief",
        "CMD": "leader",
        "YARD": "leader_elsewhere",
        "FIRE": "higher_level_reviewer",
        "WORKS": "reviewer_elsewhere",
    }
    for code, head in heads.items():
        Organization.objects.filter(code=code).update(head=cast.people[head])
    return cast


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(TODAY):
        yield


def newcomer(**fields) -> Assignment:
    return AssignmentFactory(employee__dod_id="3000000001", **fields)


def found(key: str, code: str = "DOD", **asked) -> list[str]:
    place = Organization.objects.get(code=code)
    return [row.code for row in look(BY_KEY[key], place, on=TODAY, **asked).rows]


def test_in_order_nothing_is_found_but_people_without_a_plan(cast):
    findings = {finding.key: found(finding.key) for finding in ALL}
    assert {key for key, rows in findings.items() if rows} == {"without-plan"}


def test_somebody_without_a_supervisor_who_is_not_the_head_of_the_top(cast):
    Assignment.objects.filter(employee=cast.people["navy_chief"]).update(supervisor=None)
    assert found("nobody-above") == [cast.people["navy_chief"].dod_id]
    assert found("nobody-above", "ARMY") == []


def test_without_a_head_of_the_top_one_person_there_may_have_nobody_above(cast):
    Organization.objects.filter(code="DOD").update(head=None)
    assert found("nobody-above") == []
    other = newcomer(organization=cast.places["DOD"]).employee
    assert set(found("nobody-above")) == {other.dod_id, cast.people["secretary"].dod_id}


def test_covered_people_whose_supervisor_answers_to_nobody(cast):
    lone = newcomer(organization=cast.places["ARMY"], supervisor=cast.people["secretary"])
    assert found("nobody-reviews") == [lone.employee.dod_id]
    Assignment.objects.filter(pk=lone.pk).update(covered=False, exclusion_reason="SES")
    assert found("nobody-reviews") == []


def test_a_named_reviewer_is_somebody_to_review(cast):
    Assignment.objects.filter(employee=cast.higher_level_reviewer).update(supervisor=None)
    Assignment.objects.filter(employee=cast.rating_official).update(supervisor=None)
    people = set(found("nobody-reviews", "FIRE"))
    assert {cast.employee.dod_id, cast.colleague.dod_id} <= people
    record = make_record(cast)
    record.higher_level_reviewer = cast.people["leader"]
    record.save()
    assert cast.employee.dod_id not in found("nobody-reviews", "FIRE")


def test_everybody_in_a_loop_and_nobody_below_it(cast):
    """The triggers do not let one in; a restored backup or a console might."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orgchart_assignment DISABLE TRIGGER USER")
        try:
            Assignment.objects.filter(employee=cast.people["leader"]).update(
                supervisor=cast.rating_official
            )
        finally:
            cursor.execute("ALTER TABLE orgchart_assignment ENABLE TRIGGER USER")
    loop = {
        cast.people[key].dod_id for key in ("leader", "higher_level_reviewer", "rating_official")
    }
    assert set(found("loops")) == loop
    assert found("loops", "YARD") == []


@pytest.mark.parametrize("how", ["separated", "inactive"])
def test_a_supervisor_who_left_with_people_under_them(cast, how):
    official = cast.rating_official
    if how == "separated":
        Assignment.objects.filter(employee=official).update(ends_on=TODAY - dt.timedelta(days=1))
    else:
        Person.objects.filter(pk=official.pk).update(is_active=False)
    listed = look(BY_KEY["supervisors-left"], None, on=TODAY)
    assert [(row.code, row.number) for row in listed.rows] == [(official.dod_id, 2)]


def test_more_people_than_asked_for_under_one_supervisor(cast):
    counts = {
        row.code: row.number
        for row in look(BY_KEY["too-many-reports"], cast.places["CMD"], on=TODAY, most=1).rows
    }
    assert counts[cast.rating_official.dod_id] == 2
    assert found("too-many-reports", most=100) == []
    assert cast.people["secretary"].dod_id not in found("too-many-reports", "CMD", most=1)


def test_units_without_a_head_but_not_closed_ones(cast):
    OrganizationFactory(code="NEW", parent=cast.places["CMD"])
    OrganizationFactory(code="OLD", parent=cast.places["CMD"], closed_on=TODAY)
    assert found("no-head") == ["NEW"]


def test_heads_who_left_or_work_outside_their_unit(cast):
    Organization.objects.filter(code="FIRE").update(head=cast.people["reviewer_elsewhere"])
    gone = newcomer(organization=cast.places["WORKS"], ends_on=dt.date(2026, 1, 1))
    Organization.objects.filter(code="WORKS").update(head=gone.employee)
    rows = look(BY_KEY["head-elsewhere"], None, on=TODAY).rows
    assert {(row.code, row.other_place) for row in rows} == {
        ("FIRE", cast.places["WORKS"].name),
        ("WORKS", ""),
    }


def test_a_head_may_work_in_a_unit_below(cast):
    Organization.objects.filter(code="CMD").update(head=cast.higher_level_reviewer)
    assert found("head-elsewhere") == []


def test_covered_people_without_a_record_in_the_cycle_that_runs(cast):
    before = set(found("without-plan", size=100))
    assert cast.employee.dod_id in before
    assert cast.people["secretary"].dod_id not in before
    make_record(cast)
    assert set(found("without-plan", size=100)) == before - {cast.employee.dod_id}
    with clock.frozen(dt.date(2030, 1, 1)):
        place = cast.places["DOD"]
        assert look(BY_KEY["without-plan"], place, on=clock.today()).total == 0


def test_a_list_reads_its_page_and_says_how_long_it_is(cast, django_assert_num_queries):
    finding, place = BY_KEY["without-plan"], cast.places["DOD"]
    with django_assert_num_queries(1):
        first = look(finding, place, on=TODAY, size=3)
    second = look(finding, place, on=TODAY, page=2, size=3)
    assert first.total == second.total > 6
    assert not {row.code for row in first.rows} & {row.code for row in second.rows}
    past = look(finding, place, on=TODAY, page=999, size=3)
    assert (past.total, past.rows) == (first.total, [])
    assert len(list(everything(finding, place, on=TODAY))) == first.total


# ---------------------------------------------------------------------------------- the page


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.hr)
    return client


def health(code: str = "CMD", key: str = "") -> str:
    if key:
        return reverse("hierarchy_finding", args=[code, key])
    return reverse("hierarchy_health", args=[code])


def test_the_page_counts_and_leads_hr_to_where_it_is_mended(
    hr, cast, django_assert_max_num_queries
):
    Organization.objects.filter(code="FIRE").update(head=None)
    Assignment.objects.filter(employee=cast.rating_official).update(
        ends_on=TODAY - dt.timedelta(days=1)
    )
    hr.get(health())
    with django_assert_max_num_queries(15):
        page = hr.get(health())
    shown = {each["finding"].key: each["rows"] for each in page.context["found"]}
    assert shown["no-head"][0]["mend"]["url"] == reverse("reorganize_step", args=["FIRE", "head"])
    left = shown["supervisors-left"][0]
    assert left["url"] == ""
    assert hr.get(left["mend"]["url"]).context["former"] == cast.rating_official
    start = next(row for row in shown["without-plan"])["mend"]["url"]
    assert hr.get(start).status_code == 200


def test_people_without_anybody_above_get_a_supervisor_from_there(hr, cast):
    lone = newcomer(organization=cast.places["FIRE"]).employee
    rows = hr.get(health(key="nobody-above")).context["rows"]
    team = hr.get(rows[0]["mend"]["url"]).context["form"]
    assert [str(lone.pk)] == [value for value, _ in team.fields["people"].choices]


def test_a_head_sees_it_for_their_unit_without_ways_to_mend(client, cast):
    Organization.objects.filter(code="WORKS").update(head=None)
    client.force_login(cast.people["leader"])
    page = client.get(health())
    rows = next(each["rows"] for each in page.context["found"] if each["finding"].key == "no-head")
    assert rows[0]["mend"] is None
    assert client.get(health("ARMY")).status_code == 404


def without_head(page) -> list[str]:
    found = [each for each in page.context["found"] if each["finding"].key == "no-head"]
    return [row["name"] for each in found for row in each["rows"]]


def test_a_large_unit_is_walked_over_once_in_some_minutes(hr, cast, monkeypatch):
    monkeypatch.setattr("appraisals.health.LARGE", 1)
    with clock.frozen(TODAY, at=dt.time(9)):
        assert without_head(hr.get(health())) == []
    Organization.objects.filter(code="FIRE").update(head=None)
    with clock.frozen(TODAY, at=dt.time(9, 10)):
        page = hr.get(health())
        assert without_head(page) == []
        assert "as it was at" in page.content.decode()
        assert len(without_head(hr.get(health(), {"again": "on"}))) == 1
    Organization.objects.filter(code="WORKS").update(head=None)
    with clock.frozen(TODAY, at=dt.time(9, 26)):
        assert len(without_head(hr.get(health()))) == 2


def test_who_changed_something_sees_what_came_of_it(hr, cast, monkeypatch):
    monkeypatch.setattr("appraisals.health.LARGE", 1)
    Organization.objects.filter(code="FIRE").update(head=None)
    assert len(without_head(hr.get(health()))) == 1
    Organization.objects.filter(code="FIRE").update(head=cast.higher_level_reviewer)
    OrgEvent.objects.create(what="unit_headed", by=cast.hr, at=clock.now())
    assert without_head(hr.get(health())) == []


@pytest.mark.parametrize("most", ["0", "-1", "many", "100000"])
def test_a_number_that_cannot_be_gets_a_sentence(hr, most):
    response = hr.get(f"{health()}?most={most}")
    assert response.status_code == 422
    assert response.context["form"].errors


def test_the_number_of_reports_is_asked_for_on_the_page(hr, cast):
    page = hr.get(f"{health()}?most=1")
    many = next(e for e in page.context["found"] if e["finding"].key == "too-many-reports")
    assert many["url"].endswith("?most=1")
    assert hr.get(many["url"]).context["page"].paginator.count == many["total"]


@pytest.mark.parametrize("page", ["", "0", "-3", "abc", "9999999999", "7"])
def test_an_odd_page_is_no_error(hr, page):
    assert hr.get(f"{health(key='without-plan')}?page={page}").status_code == 200


def test_no_such_finding(hr):
    assert hr.get(health(key="paint")).status_code == 404


def test_the_list_is_downloaded_whole_and_that_is_recorded(hr, cast):
    response = hr.get(f"{health('CMD', 'without-plan')}?format=csv")
    rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    place = cast.places["CMD"]
    assert len(rows) - 1 == look(BY_KEY["without-plan"], place, on=TODAY).total
    assert rows[0][:2] == ["Name", "DoD ID"]
    assert OrgEvent.objects.get(what="exported").by == cast.hr


# ------------------------------------------------------------------------------- the command


def told(*arguments: str) -> str:
    out = io.StringIO()
    call_command("check_chain", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_it_in_lines(cast):
    OrganizationFactory(code="NEW", name="New Branch", parent=cast.places["CMD"])
    text = told()
    assert "In a loop: 0" in text
    assert "Units without a head: 1\n  NEW New Branch" in text
    assert told("--organization", "YARD").count("NEW") == 0


def test_the_command_says_it_as_json(cast):
    told_json = json.loads(told("--json", "--most", "1", "--organization", "CMD"))
    assert set(told_json) == {finding.key for finding in ALL}
    many = told_json["too-many-reports"]
    assert many["count"] == len(many["first"])
    assert {"code", "name", "organization", "number"} == set(many["first"][0])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--organization", "NOWHERE"], "No organization"), (["--most", "0"], "1 or more")],
)
def test_the_command_refuses_what_it_cannot_answer(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        told(*arguments)
