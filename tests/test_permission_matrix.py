"""Every address, by every way of standing to a record: what each person gets.

The rows were first taken from what the pages answered, then read and judged one by one; a change of a row is
a decision about who may do what.

A row is `name METHOD` and the answer for each actor in the order of ACTORS. "in": sent to sign in.
None of in, 403, 404 and 405 shows a byte of the record. A new address without a row fails `test_every_address_has_its_rows`.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from appraisals.models import AppraisalCycle, Document, Goal, Kind, Milestone, SectionKind, State
from appraisals.problems import plan_of
from appraisals.services.program import suggested_milestones
from orgchart import clock
from orgchart.models import Organization, Reorganization, RosterChange, RosterUpload
from orgchart.roster import Counts
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast, make_document, make_record
from tests.factories import make_kinds
from tests.permission_rows_of_reviews import ROWS, arguments, make_coaching

pytestmark = pytest.mark.django_db

ACTORS = [
    "anonymous",
    "employee",
    "colleague",
    "rating_official",
    "former_rating_official",
    "higher_level_reviewer",
    "reviewer_elsewhere",
    "leader",
    "leader_elsewhere",
    "hr",
    "hr_elsewhere",
    "auditor",
]

TABLE = """
#                             anon empl coll offi form revi rev2 lead lea2 hr   hr2  audi
sign_in                 GET  200  302  302  302  302  302  302  302  302  302  302  302
sign_in                 POST 200  302  302  302  302  302  302  302  302  302  302  302
sign_out                GET  in   405  405  405  405  405  405  405  405  405  405  405
sign_out                POST in   302  302  302  302  302  302  302  302  302  302  302
signed_out              GET  200  200  200  200  200  200  200  200  200  200  200  200
signed_out              POST 405  405  405  405  405  405  405  405  405  405  405  405
session_extend          GET  in   405  405  405  405  405  405  405  405  405  405  405
session_extend          POST in   204  204  204  204  204  204  204  204  204  204  204
about_accessibility     GET  200  200  200  200  200  200  200  200  200  200  200  200
about_accessibility     POST 405  405  405  405  405  405  405  405  405  405  405  405
about_privacy           GET  200  200  200  200  200  200  200  200  200  200  200  200
about_privacy           POST 405  405  405  405  405  405  405  405  405  405  405  405
organization_list       GET  in   200  200  200  200  200  200  200  200  200  200  200
organization_list       POST in   405  405  405  405  405  405  405  405  405  405  405
organization_detail     GET  in   200  200  200  200  200  200  200  200  200  200  200
organization_detail     POST in   405  405  405  405  405  405  405  405  405  405  405
people_search           GET  in   200  200  200  200  200  200  200  200  200  200  200
people_search           POST in   405  405  405  405  405  405  405  405  405  405  405
person_detail           GET  in   200  200  200  200  200  404  200  404  200  404  200
person_detail           POST in   405  405  405  405  405  405  405  405  405  405  405
roster_import           GET  in   403  403  403  403  403  403  403  403  200  200  403
roster_import           POST in   403  403  403  403  403  403  403  403  200  200  403
roster_preview          GET  in   404  404  404  404  404  404  404  404  200  404  404
roster_preview          POST in   405  405  405  405  405  405  405  405  405  405  405
roster_changes          GET  in   404  404  404  404  404  404  404  404  200  404  404
roster_changes          POST in   405  405  405  405  405  405  405  405  405  405  405
roster_records          GET  in   404  404  404  404  404  404  404  404  200  404  404
roster_records          POST in   405  405  405  405  405  405  405  405  405  405  405
roster_check            GET  in   405  405  405  405  405  405  405  405  405  405  405
roster_check            POST in   404  404  404  404  404  404  404  404  302  404  404
roster_apply            GET  in   405  405  405  405  405  405  405  405  405  405  405
roster_apply            POST in   404  404  404  404  404  404  404  404  302  404  404
roster_discard          GET  in   405  405  405  405  405  405  405  405  405  405  405
roster_discard          POST in   404  404  404  404  404  404  404  404  302  404  404
home                    GET  in   200  200  200  200  200  200  200  200  200  200  200
home                    POST in   405  405  405  405  405  405  405  405  405  405  405
team                    GET  in   200  200  200  200  200  200  200  200  200  200  200
team                    POST in   405  405  405  405  405  405  405  405  405  405  405
team_start_plans        GET  in   405  405  405  405  405  405  405  405  405  405  405
team_start_plans        POST in   422  422  422  422  422  422  422  422  422  422  422
review_queue            GET  in   200  200  200  200  200  200  200  200  200  200  200
review_queue            POST in   405  405  405  405  405  405  405  405  405  405  405
supervisors             GET  in   200  200  200  200  200  200  200  200  200  200  200
supervisors             POST in   405  405  405  405  405  405  405  405  405  405  405
appraisal_detail        GET  in   200  404  200  404  200  404  404  404  200  404  404
appraisal_detail        POST in   405  405  405  405  405  405  405  405  405  405  405
viewers                 GET  in   200  404  200  404  200  404  404  404  200  404  404
viewers                 POST in   405  405  405  405  405  405  405  405  405  405  405
timeline                GET  in   200  404  200  404  200  404  404  404  200  404  404
timeline                POST in   405  405  405  405  405  405  405  405  405  405  405
timeline_text           GET  in   200  404  200  404  200  404  404  404  200  404  404
timeline_text           POST in   405  405  405  405  405  405  405  405  405  405  405
versions                GET  in   404  404  200  404  404  404  404  404  404  404  404
versions                POST in   405  405  405  405  405  405  405  405  405  405  405
record_start            GET  in   405  405  405  405  405  405  405  405  405  405  405
record_start            POST in   302  403  302  403  403  404  403  404  302  404  403
progress_review_start   GET  in   405  405  405  405  405  405  405  405  405  405  405
progress_review_start   POST in   403  404  302  404  403  404  404  404  403  404  404
annual_appraisal_start  GET  in   405  405  405  405  405  405  405  405  405  405  405
annual_appraisal_start  POST in   403  404  302  404  403  404  404  404  403  404  404
form_pdf                GET  in   200  404  200  404  200  404  404  404  200  404  404
form_pdf                POST in   405  405  405  405  405  405  405  405  405  405  405
document_detail         GET  in   200  404  200  404  200  404  404  404  200  404  404
document_detail         POST in   405  405  405  405  405  405  405  405  405  405  405
plan_copy               GET  in   200  404  200  404  403  404  404  404  403  404  404
plan_copy               POST in   422  404  422  404  403  404  404  404  403  404  404
plan_copy_to_many       GET  in   403  404  200  404  403  404  404  404  403  404  404
plan_copy_to_many       POST in   403  404  422  404  403  404  404  404  403  404  404
element_new             GET  in   200  404  200  404  403  404  404  404  403  404  404
element_new             POST in   422  404  422  404  403  404  404  404  403  404  404
document_step           GET  in   403  404  200  404  403  404  404  404  403  404  404
document_step           POST in   403  404  302  404  403  404  404  404  403  404  404
section_edit            GET  in   404  404  200  404  404  404  404  404  404  404  404
section_edit            POST in   404  404  409  404  404  404  404  404  404  404  404
element_edit            GET  in   403  404  200  404  403  404  404  404  403  404  404
element_edit            POST in   403  404  409  404  403  404  404  404  403  404  404
element_accept          GET  in   405  405  405  405  405  405  405  405  405  405  405
element_accept          POST in   403  404  302  404  403  404  404  404  403  404  404
element_remove          GET  in   405  405  405  405  405  405  405  405  405  405  405
element_remove          POST in   403  404  302  404  403  404  404  404  403  404  404
element_up              GET  in   405  405  405  405  405  405  405  405  405  405  405
element_up              POST in   403  404  302  404  403  404  404  404  403  404  404
unit_cycle              GET  in   404  404  404  404  200  404  200  404  200  404  404
unit_cycle              POST in   405  405  405  405  405  405  405  405  405  405  405
unit_records            GET  in   404  404  404  404  200  404  200  404  200  404  404
unit_records            POST in   405  405  405  405  405  405  405  405  405  405  405
unit_waiting            GET  in   404  404  404  404  200  404  200  404  200  404  404
unit_waiting            POST in   405  405  405  405  405  405  405  405  405  405  405
unit_in_review          GET  in   404  404  404  404  200  404  200  404  200  404  404
unit_in_review          POST in   405  405  405  405  405  405  405  405  405  405  405
unit_returned           GET  in   404  404  404  404  200  404  200  404  200  404  404
unit_returned           POST in   405  405  405  405  405  405  405  405  405  405  405
unit_ratings            GET  in   404  404  404  404  200  404  200  404  200  404  404
unit_ratings            POST in   405  405  405  405  405  405  405  405  405  405  405
unit_supervisors        GET  in   404  404  404  404  200  404  200  404  200  404  404
unit_supervisors        POST in   405  405  405  405  405  405  405  405  405  405  405
goals                   GET  in   200  200  200  200  200  200  200  200  200  200  200
goals                   POST in   405  405  405  405  405  405  405  405  405  405  405
goal_new                GET  in   403  403  403  403  403  403  200  403  200  403  403
goal_new                POST in   403  403  403  403  403  403  422  403  422  403  403
mission_edit            GET  in   403  403  403  403  403  403  200  403  200  403  403
mission_edit            POST in   403  403  403  403  403  403  422  403  422  403  403
goal_edit               GET  in   403  403  403  403  403  403  200  403  200  403  403
goal_edit               POST in   403  403  403  403  403  403  422  403  422  403  403
goal_delete             GET  in   403  403  403  403  403  403  200  403  200  403  403
goal_delete             POST in   403  403  403  403  403  403  409  403  409  403  403
goal_adopt              GET  in   405  405  405  405  405  405  405  405  405  405  405
goal_adopt              POST in   403  403  403  403  403  403  409  403  409  403  403
goal_retire             GET  in   403  403  403  403  403  403  200  403  200  403  403
goal_retire             POST in   403  403  403  403  403  403  422  403  422  403  403
goal_below              GET  in   200  200  200  200  200  200  200  200  200  200  200
goal_below              POST in   405  405  405  405  405  405  405  405  405  405  405
goals_publish           GET  in   403  403  403  403  403  403  200  403  200  403  403
goals_publish           POST in   403  403  403  403  403  403  409  403  409  403  403
goals_carry_over        GET  in   405  405  405  405  405  405  405  405  405  405  405
goals_carry_over        POST in   403  403  403  403  403  403  302  403  302  403  403
goals_history           GET  in   403  403  403  403  403  403  200  403  200  403  403
goals_history           POST in   405  405  405  405  405  405  405  405  405  405  405
alignment               GET  in   200  200  200  200  200  200  200  200  200  200  200
alignment               POST in   405  405  405  405  405  405  405  405  405  405  405
line_of_sight           GET  in   200  200  200  200  200  200  200  200  200  200  200
line_of_sight           POST in   405  405  405  405  405  405  405  405  405  405  405
organization_events     GET  in   404  404  404  404  404  404  404  404  200  404  200
organization_events     POST in   405  405  405  405  405  405  405  405  405  405  405
hierarchy_health        GET  in   404  404  404  404  200  404  200  404  200  404  404
hierarchy_health        POST in   405  405  405  405  405  405  405  405  405  405  405
hierarchy_finding       GET  in   404  404  404  404  200  404  200  404  200  404  404
hierarchy_finding       POST in   405  405  405  405  405  405  405  405  405  405  405
reorganize              GET  in   403  403  403  403  403  403  403  403  200  403  403
reorganize              POST in   405  405  405  405  405  405  405  405  405  405  405
reorganize_step         GET  in   403  403  403  403  403  403  403  403  200  403  403
reorganize_step         POST in   403  403  403  403  403  403  403  403  422  403  403
reorganize_team         GET  in   403  403  403  403  403  403  403  403  200  403  403
reorganize_team         POST in   403  403  403  403  403  403  403  403  200  403  403
reorganization_list     GET  in   404  404  404  404  404  404  404  404  200  200  404
reorganization_list     POST in   405  405  405  405  405  405  405  405  405  405  405
reorganization_detail   GET  in   404  404  404  404  404  404  404  404  200  404  404
reorganization_detail   POST in   405  405  405  405  405  405  405  405  405  405  405
reorganization_undo     GET  in   405  405  405  405  405  405  405  405  405  405  405
reorganization_undo     POST in   404  404  404  404  404  404  404  404  302  404  404
hr_home                 GET  in   404  404  404  404  404  404  404  404  200  200  404
hr_home                 POST in   405  405  405  405  405  405  405  405  405  405  405
cycle_list              GET  in   404  404  404  404  404  404  404  404  200  200  404
cycle_list              POST in   405  405  405  405  405  405  405  405  405  405  405
cycle_new               GET  in   404  404  404  404  404  404  404  404  200  200  404
cycle_new               POST in   404  404  404  404  404  404  404  404  422  422  404
without_plan            GET  in   404  404  404  404  404  404  404  404  200  200  404
without_plan            POST in   405  405  405  405  405  405  405  405  405  405  405
appraisal_search        GET  in   404  404  404  404  404  404  404  404  200  200  404
appraisal_search        POST in   405  405  405  405  405  405  405  405  405  405  405
policy_list             GET  in   404  404  404  404  404  404  404  404  200  200  404
policy_list             POST in   405  405  405  405  405  405  405  405  405  405  405
policy_new              GET  in   404  404  404  404  404  404  404  404  200  200  404
policy_new              POST in   404  404  404  404  404  404  404  404  422  422  404
policy_detail           GET  in   404  404  404  404  404  404  404  404  200  200  404
policy_detail           POST in   405  405  405  405  405  405  405  405  405  405  405
officials_edit          GET  in   403  404  403  404  403  404  404  404  200  404  404
officials_edit          POST in   403  404  403  404  403  404  404  404  422  404  404
audit_list              GET  in   404  404  404  404  404  404  404  404  404  404  200
audit_list              POST in   405  405  405  405  405  405  405  405  405  405  405
"""

# Only in practice or development: never part of a production address book.
NOT_IN_PRODUCTION = {"practice", "practice_become", "practice_date", "practice_restart", "gallery"}
OF_NEW_CYCLE = ("goal_new", "mission_edit", "goal_adopt", "goals_publish", "goals_carry_over")
OPEN_TO_ALL = {"sign_in", "signed_out", "about_accessibility", "about_privacy"}


@dataclass
class World:
    """FY 2027: plan and review acknowledged, annual appraisal being written. FY 2028: plan being written."""

    cast: Cast
    annual: Document
    plan: Document

    def arguments(self, name: str) -> list[object]:
        element = self.plan.elements.get(number=2)
        rating = self.annual.sections.filter(kind=SectionKind.RATING)[0]
        annual_event = self.annual.appraisal.events.order_by("pk")[0]
        goal = Goal.objects.get(cycle=self.plan.appraisal.cycle, organization__code="CMD")
        return {
            **arguments(self.cast),
            "organization_detail": ["FIRE"],
            "person_detail": [self.cast.employee.dod_id],
            "record_start": [self.cast.employee.dod_id],
            "document_detail": [self.annual.pk],
            "plan_copy": [self.plan.pk],
            "plan_copy_to_many": [self.plan.pk],
            "element_new": [self.plan.pk],
            "document_step": [self.annual.pk, "submit"],
            "section_edit": [rating.pk],
            "versions": ["section", rating.pk],
            "timeline_text": [self.annual.appraisal_id, annual_event.pk],
            "unit_cycle": ["FIRE"],
            "unit_records": ["FIRE"],
            "unit_waiting": ["FIRE"],
            "unit_in_review": ["FIRE"],
            "unit_returned": ["FIRE"],
            "unit_ratings": ["FIRE"],
            "unit_supervisors": ["FIRE"],
            **{each: ["CMD"] for each in ("goals", "goals_history", "alignment", *OF_NEW_CYCLE)},
            **{
                each: [goal.pk]
                for each in ("goal_edit", "goal_delete", "goal_retire", "goal_below")
            },
            "policy_detail": [self.cast.policy.pk],
            "organization_events": ["FIRE"],
            "hierarchy_health": ["FIRE"],
            "hierarchy_finding": ["FIRE", "no-head"],
            "reorganize": ["FIRE"],
            "reorganize_step": ["FIRE", "move"],
            "reorganize_team": ["FIRE"],
            "reorganization_detail": [self.reorganization],
            "reorganization_undo": [self.reorganization],
            "roster_preview": [self.upload],
            "roster_changes": [self.upload, "joined"],
            "roster_records": [self.upload, "supervisor"],
            "roster_check": [self.upload],
            "roster_apply": [self.upload],
            "roster_discard": [self.upload],
            **{
                each: [element.pk]
                for each in ("element_edit", "element_accept", "element_remove", "element_up")
            },
            **{
                each: [self.annual.appraisal_id]
                for each in (
                    "appraisal_detail",
                    "viewers",
                    "timeline",
                    "progress_review_start",
                    "annual_appraisal_start",
                    "form_pdf",
                    "officials_edit",
                )
            },
        }.get(name, [])

    @property
    def upload(self) -> int:
        return RosterUpload.objects.get().pk

    @property
    def reorganization(self) -> int:
        return Reorganization.objects.get().pk

    def url(self, name: str) -> str:
        """Goals of a cycle that is over are closed to everybody, so theirs is the new cycle."""
        cycle = self.plan.appraisal.cycle_id
        query = f"?cycle={cycle}" if name in OF_NEW_CYCLE else ""
        return reverse(name, args=self.arguments(name)) + query


def next_cycle(cast: Cast) -> AppraisalCycle:
    cycle = AppraisalCycle.objects.create(
        name="FY 2028",
        organization=cast.places["DOD"],
        starts_on=dt.date(2027, 4, 1),
        ends_on=dt.date(2028, 3, 31),
        effective_on=dt.date(2028, 6, 1),
        opened_by=cast.hr,
        opened_at=clock.now(),
    )
    for kind, due_on in suggested_milestones(
        cycle.starts_on, cycle.ends_on, cycle.effective_on
    ).items():
        Milestone.objects.create(cycle=cycle, kind=kind, due_on=due_on)
    return cycle


def make_world() -> World:
    make_kinds()
    cast = make_cast()
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    earlier, cast.cycle = cast.cycle, next_cycle(cast)
    plan = plan_of(make_record(cast, on=PRACTICE_DAY))
    assert plan is not None
    cast.cycle = earlier
    for goal in cast.goals:
        Goal.objects.create(
            cycle=plan.appraisal.cycle,
            organization=goal.organization,
            title=goal.title,
            published_at=clock.now(),
        )
    make_upload(cast)
    make_coaching(cast)
    Reorganization.objects.create(
        kind="rename",
        organization=Organization.objects.get(code="FIRE"),
        name="Fire and Rescue",
        effective_on=PRACTICE_DAY + dt.timedelta(days=30),
        reason="A better name.",
        by=cast.hr,
        planned_on=PRACTICE_DAY,
        planned_at=clock.now(),
    )
    return World(cast, annual, plan)


def make_upload(cast: Cast) -> None:
    """Checked, and waiting for a decision; somebody would join."""
    upload = RosterUpload.objects.create(
        organization=Organization.objects.get(code="CMD"),
        uploaded_by=cast.hr,
        uploaded_at=clock.now(),
        effective_on=PRACTICE_DAY,
        state=RosterUpload.State.CHECKED,
        counts=asdict(Counts(joined=1)),
    )
    RosterChange.objects.create(
        upload=upload, kind="joined", number=1, key="1", name=SECRET, now=SECRET
    )


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once; every request below is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def expected() -> dict[tuple[str, str], list[str]]:
    rows = {}
    for line in (TABLE.strip() + ROWS.rstrip()).splitlines()[1:]:
        name, method, *answers = line.split()
        assert len(answers) == len(ACTORS), line
        rows[name, method] = answers
    return rows


def ask(world: World, actor: str, url: str, method: str) -> tuple[str, str]:
    client = Client(raise_request_exception=False)
    if actor != "anonymous":
        client.force_login(world.cast.people[actor])
    with transaction.atomic():
        with clock.frozen(PRACTICE_DAY):
            response = (
                client.get(url)
                if method == "GET"
                else client.post(url, {"csrfmiddlewaretoken": "as a browser sends it"})
            )
        transaction.set_rollback(True)
    to_sign_in = response.status_code == 302 and response["Location"].startswith("/sign-in/")
    body = b"".join(response) if response.streaming else response.content
    return "in" if to_sign_in else str(response.status_code), body.decode(errors="replace")


@pytest.mark.parametrize(("name", "method"), expected())
def test_each_person_gets_what_the_table_says(world: World, name: str, method: str) -> None:
    url = world.url(name)
    answers, leaks = [], []
    for actor in ACTORS:
        status, body = ask(world, actor, url, method)
        answers.append(status)
        if status in ("in", "403", "404", "405") and SECRET in body:
            leaks.append(actor)
    assert answers == expected()[name, method]
    assert leaks == []


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        else:
            yield str(pattern.name)


def test_every_address_has_its_rows() -> None:
    addresses = set(names(get_resolver().url_patterns)) - NOT_IN_PRODUCTION
    assert {name for name, method in expected() if method == "GET"} == addresses
    assert {name for name, method in expected() if method == "POST"} == addresses


def test_anonymous_visitors_are_sent_to_sign_in_everywhere_else() -> None:
    for (name, _), answers in expected().items():
        assert (answers[0] == "in") == (name not in OPEN_TO_ALL), name
