"""Every address, by every way of standing to a record: what each person gets.

The rows were first taken from what the pages answered, then read and judged one by one; a change of a row is
a decision about who may do what.

A row is `name METHOD` and the answer for each actor in the order of ACTORS. "in": sent to sign in.
None of in, 403, 404 and 405 shows a byte of the record. A new address without a row fails `test_every_address_has_its_rows`.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from appraisals.feed import make_batch
from appraisals.models import (
    AppraisalCycle,
    Document,
    Goal,
    Kind,
    Letter,
    Milestone,
    Notice,
    PolicyDraft,
    Scan,
    SectionKind,
    State,
)
from appraisals.problems import plan_of
from appraisals.services.program import suggested_milestones
from orgchart import clock
from orgchart.models import Organization, Reorganization, RosterUpload
from tests.appraisals.feed.sending import rated
from tests.archive_rows import archive_arguments, make_archive
from tests.assistance_rows import assistance_arguments, make_assistance
from tests.cast import (
    PRACTICE_DAY,
    SECRET,
    Cast,
    make_cast,
    make_document,
    make_mandatory,
    make_plan_change,
    make_record,
)
from tests.coaching_rows import coaching_arguments, make_coaching
from tests.delegation_rows import delegation_arguments, make_delegation
from tests.departure_rows import departure_arguments, make_departure
from tests.factories import make_kinds
from tests.matrix_rows import make_letter, make_paper, make_upload
from tests.plan_change_rows import plan_change_arguments
from tests.rating_rows import make_questioned, rating_arguments
from tests.records_kept_rows import make_records_kept, records_kept_arguments
from tests.talk_rows import make_talk, talk_arguments

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

TABLE = (Path(__file__).parent / "permission_matrix.txt").read_text()

# Only in practice or development: never part of a production address book.
NOT_IN_PRODUCTION = {"practice", "practice_become", "practice_date", "practice_restart", "gallery"}
OF_A_UNIT = (
    "organization_detail",
    "unit_cycle",
    "unit_records",
    "unit_waiting",
    "unit_in_review",
    "unit_returned",
    "unit_ratings",
    "unit_supervisors",
    "unit_reports",
    "organization_events",
    "hierarchy_health",
    "reorganize",
    "reorganize_team",
)
OF_AN_UPLOAD = ("roster_preview", "roster_check", "roster_apply", "roster_discard")
OF_A_BATCH = ("feed_batch", "feed_file", "feed_receipt", "feed_again")
OF_A_PAPER_FORM = ("paper_entry", "paper_signed", "paper_leave", "scan_attach")
OF_A_POLICY_DRAFT = (
    "policy_count",
    "policy_draft",
    "policy_edit",
    "policy_schedule",
    "policy_withdraw",
    "policy_discard",
    "policy_draft_examples",
)
OF_A_DOCUMENT = ("document_detail", "document_write", "document_form_pdf", "draft_report")
OF_A_REORGANIZATION = ("reorganization_detail", "reorganization_undo")
OF_NEW_CYCLE = ("goal_new", "mission_edit", "goal_adopt", "goals_publish", "goals_carry_over")
QUERY = {"mandatory_plans": "?what=change"}
# The address of a calendar feed, or of feedback asked outside, is itself the key: a wrong one does not
# exist, whoever asks.
OPEN_TO_ALL = {
    "sign_in",
    "signed_out",
    "about_accessibility",
    "about_privacy",
    "calendar_feed",
    "feedback_answer",
}


@dataclass
class World:
    """FY 2027: plan and review acknowledged, annual appraisal being written. FY 2028: plan being written."""

    cast: Cast
    annual: Document
    plan: Document

    def of_parts(self) -> dict[str, list[object]]:
        """Each from the rows that the part makes for itself."""
        return {
            **archive_arguments(),
            **assistance_arguments(self.annual.appraisal_id),
            **coaching_arguments(self.cast),
            **delegation_arguments(),
            **rating_arguments(self.annual.appraisal_id),
            **talk_arguments(self.cast),
            **records_kept_arguments(),
        }

    def arguments(self, name: str) -> list[object]:
        element = self.plan.elements.get(number=2)
        rating = self.annual.sections.filter(kind=SectionKind.RATING)[0]
        annual_event = self.annual.appraisal.events.order_by("pk")[0]
        goal = Goal.objects.get(cycle=self.plan.appraisal.cycle, organization__code="CMD")
        return {
            **self.of_parts(),
            **{each: ["FIRE"] for each in OF_A_UNIT},
            **{each: [self.upload] for each in OF_AN_UPLOAD},
            **{each: [self.reorganization] for each in OF_A_REORGANIZATION},
            **{each: [self.cast.employee.dod_id] for each in ("person_detail", "record_start")},
            **{each: [self.annual.pk] for each in OF_A_DOCUMENT},
            **departure_arguments(self.cast),
            "plan_copy": [self.plan.pk],
            "plan_copy_to_many": [self.plan.pk],
            "element_new": [self.plan.pk],
            "document_step": [self.annual.pk, "submit"],
            "section_edit": [rating.pk],
            "versions": ["section", rating.pk],
            **{each: [1] for each in OF_A_BATCH},
            **self.of_the_paper(),
            "timeline_text": [self.annual.appraisal_id, annual_event.pk],
            **plan_change_arguments(self.annual.appraisal_id),
            **{each: ["CMD"] for each in ("goals", "goals_history", "alignment", *OF_NEW_CYCLE)},
            **{
                each: [goal.pk]
                for each in ("goal_edit", "goal_delete", "goal_retire", "goal_below")
            },
            **{each: [self.notice] for each in ("notice_open", "notice_read")},
            "letter_resend": [self.letter],
            **{each: [self.cast.policy.pk] for each in ("policy_detail", "policy_examples")},
            **{each: [self.draft] for each in OF_A_POLICY_DRAFT},
            "policy_effect": [self.draft, "too-many-elements"],
            "cycle_withdraw": [self.own_cycle],
            "reminder_schedule": ["plan_due"],
            "calendar_feed": ["a-guess"],
            "hierarchy_finding": ["FIRE", "no-head"],
            "reorganize_step": ["FIRE", "move"],
            "roster_changes": [self.upload, "joined"],
            "roster_records": [self.upload, "supervisor"],
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
                    "record_blank_form_pdf",
                    "officials_edit",
                )
            },
        }.get(name, [])

    def of_the_paper(self) -> dict[str, list[object]]:
        return {
            "paper_begin": [self.annual.appraisal_id],
            **{each: [self.paper.pk] for each in OF_A_PAPER_FORM},
            **{each: [self.scan] for each in ("scan_download", "scan_remove")},
        }

    @property
    def paper(self) -> Document:
        return Document.objects.get(on_paper=True)

    @property
    def scan(self) -> int:
        return Scan.objects.get().pk

    @property
    def notice(self) -> int:
        return Notice.objects.filter(recipient=self.cast.employee)[0].pk

    @property
    def letter(self) -> int:
        return Letter.objects.get().pk

    @property
    def own_cycle(self) -> int:
        return AppraisalCycle.objects.get(organization__code="CMD").pk

    @property
    def draft(self) -> int:
        return PolicyDraft.objects.get().pk

    @property
    def upload(self) -> int:
        return RosterUpload.objects.get().pk

    @property
    def reorganization(self) -> int:
        return Reorganization.objects.get().pk

    def url(self, name: str) -> str:
        """Goals of a cycle that is over are closed to everybody, so theirs is the new cycle."""
        cycle = self.plan.appraisal.cycle_id
        query = f"?cycle={cycle}" if name in OF_NEW_CYCLE else QUERY.get(name, "")
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
    make_plan_change(cast, annual.appraisal, on=PRACTICE_DAY)
    make_mandatory(cast)
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
    make_paper(cast, annual)
    rated(cast)
    make_batch(cast.cycle, cast.places["CMD"], by=cast.hr)
    make_upload(cast)
    make_coaching(cast)
    make_assistance(cast, annual.appraisal)
    make_talk(cast)
    make_records_kept(cast)
    make_letter(cast)
    make_archive(cast)
    make_questioned(cast, annual.appraisal)
    AppraisalCycle.objects.create(
        name="FY 2030",
        organization=Organization.objects.get(code="CMD"),
        starts_on=dt.date(2029, 4, 1),
        ends_on=dt.date(2030, 3, 31),
        effective_on=dt.date(2030, 6, 1),
        opened_at=clock.now(),
    )
    PolicyDraft.objects.create(
        organization=Organization.objects.get(code="CMD"),
        name=f"Draft {SECRET}",
        values={"elements_maximum": 5},
        begun_by=cast.hr,
        begun_at=clock.now(),
        changed_by=cast.hr,
        changed_at=clock.now(),
    )
    make_delegation(cast)
    make_departure(cast, annual)
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


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once; every request below is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def expected() -> dict[tuple[str, str], list[str]]:
    rows = {}
    for line in TABLE.splitlines()[1:]:
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
