"""No page takes more than fifteen queries, the date of practice mode among them, on the fullest records there are."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from appraisals.editions import reach_of_draft
from appraisals.models import (
    Appraisal,
    Document,
    Element,
    GoalPublication,
    JournalEntry,
    Kind,
    Nudge,
    NudgePurpose,
    PolicyDraft,
    Section,
    SectionKind,
    State,
)
from appraisals.problems import plan_of
from appraisals.services.foreseeing import forecast_of
from appraisals.services.records import start_record
from appraisals.services.writing import add_element
from appraisals.workflow import record_event
from orgchart import clock
from orgchart.models import Organization, Person
from tests.cast import PRACTICE_DAY, Cast
from tests.test_permission_matrix import World, make_world

MOST = 15

PAGES: dict[str, list[str]] = {
    "home": ["employee", "rating_official", "higher_level_reviewer", "leader", "hr", "auditor"],
    "team": ["rating_official"],
    "review_queue": ["higher_level_reviewer"],
    "approve_several": ["higher_level_reviewer"],
    "supervisors": ["higher_level_reviewer"],
    "supervisor": ["higher_level_reviewer"],
    "appraisal_detail": ["employee", "rating_official", "higher_level_reviewer", "hr", "delegate"],
    "document_detail": ["employee", "rating_official", "higher_level_reviewer", "hr", "delegate"],
    "section_edit": ["rating_official", "delegate"],
    "document_step": ["rating_official"],
    "paper_entry": ["rating_official", "hr"],
    "plan_copy": ["rating_official"],
    "element_edit": ["rating_official", "delegate"],
    "change_add": ["rating_official"],
    "change_edit": ["rating_official"],
    "timeline": ["employee", "rating_official", "higher_level_reviewer", "hr"],
    "timeline_text": ["employee", "rating_official"],
    "viewers": ["employee", "hr"],
    "rating_detail": ["employee", "rating_official", "hr"],
    "disagreement_detail": ["employee", "hr"],
    "rateability": ["rating_official", "hr"],
    "assistance": ["rating_official", "higher_level_reviewer", "hr"],
    "consequences": ["employee", "rating_official", "hr"],
    "unit_cycle": ["higher_level_reviewer", "leader", "hr"],
    "unit_records": ["higher_level_reviewer", "leader", "hr"],
    "unit_waiting": ["leader"],
    "unit_ratings": ["leader", "hr"],
    "unit_supervisors": ["leader"],
    "unit_reports": ["leader", "hr"],
    "goals": ["employee", "leader", "hr"],
    "alignment": ["employee", "leader"],
    "departure_list": ["rating_official", "hr"],
    "departure_detail": ["rating_official", "hr"],
    "reminder_list": ["hr"],
    "reminder_ahead": ["hr"],
    "records_kept": ["hr"],
    "destruction_list": ["hr"],
    "hold_list": ["hr"],
    "hr_home": ["hr"],
    "appraisal_search": ["hr"],
    "feed_batch": ["hr"],
    "policy_draft": ["hr"],
    "audit_list": ["auditor"],
    "own_file": ["employee"],
    "journal": ["employee", "rating_official"],
    "check_in_series": ["employee", "rating_official"],
}
"""Each with those who open it; `delegate` drafts for the rating official."""


@pytest.fixture
def world(db: None, settings: Any) -> World:
    """A row of everything; beside that what asks for more: a note beside a text, an element that was
    reworded since, goals published above. Whom the draft of an edition meets is counted once, before."""
    settings.PRACTICE_MODE = True
    made = make_world()
    clock.move(PRACTICE_DAY)
    cast, annual = made.cast, made.annual
    cast.people["delegate"] = cast.official_elsewhere
    rating = _rating(made)
    note = JournalEntry.objects.create(
        writer=cast.rating_official,
        about=cast.employee,
        noted_on=PRACTICE_DAY,
        text="Answered all night",
        written_at=clock.now(),
    )
    note.elements.add(rating.element)
    Element.objects.filter(pk=rating.element_id).update(version=9)
    for cycle in (annual.appraisal.cycle, made.plan.appraisal.cycle):
        GoalPublication.objects.create(
            cycle=cycle,
            organization=cast.places["CMD"],
            by=cast.secretary,
            at=clock.now(),
        )
    draft = PolicyDraft.objects.select_related("organization").get()
    forecast_of(draft, reach_of_draft(draft))
    return made


def _rating(world: World) -> Section:
    return world.annual.sections.filter(kind=SectionKind.RATING)[0]


def _sent_up(world: World) -> Document:
    """The change of the plan waits for its reviewer; a row alone, whatever stands against it."""
    change = Document.objects.get(kind=Kind.PLAN_CHANGE, appraisal=world.annual.appraisal_id)
    Document.objects.filter(pk=change.pk).update(state=State.IN_REVIEW)
    record_event(change, name="submit", by=world.cast.rating_official)
    return change


def test_no_page_takes_more_than_fifteen_queries(world: World) -> None:
    found = {
        (name, who): _queries(world, who, world.url(name))
        for name, people in PAGES.items()
        for who in people
    }
    change = f"{_sent_up(world).get_absolute_url()}?queue=1"
    found |= {
        ("plan change in review", who): _queries(world, who, change)
        for who in PAGES["document_detail"]
    }
    assert {page: count for page, count in found.items() if count > MOST} == {}


def _queries(world: World, who: str, url: str) -> int:
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    client = Client()
    client.force_login(world.cast.people[who])
    with connection.execute_wrapper(note):
        assert client.get(url).status_code == 200, (who, url)
    return sum(not sql.startswith(("SAVEPOINT", "RELEASE")) for sql in asked)


def _planned(cast: Cast, employee: Person) -> None:
    """A plan of their own, an element of which serves a goal."""
    with clock.frozen(dt.date(2026, 6, 12)):
        record = start_record(employee, cycle=cast.cycle, by=cast.higher_level_reviewer)
        plan = plan_of(record)
        assert plan is not None
        values = {
            "title": "Fire response",
            "description": "Answers alarms",
            "standards": "90 of 100 alarms answered in 7 minutes",
            "goal_id": cast.goals[-1].pk,
            "is_supervisory": False,
        }
        add_element(plan, by=cast.higher_level_reviewer, values=values)


def test_home_of_whoever_is_everything_at_once(world: World) -> None:
    """Heads the command and reviews, has a team and a year of their own, is reminded, has somebody whose
    opportunity ended and what was proposed since, and finds goals published above."""
    cast, official = world.cast, world.cast.rating_official
    Organization.objects.filter(code="CMD").update(head=official)
    Appraisal.objects.filter(pk=world.plan.appraisal_id).update(
        rating_official=cast.official_elsewhere, higher_level_reviewer=official
    )
    _planned(cast, official)
    Nudge.objects.create(
        sender=cast.higher_level_reviewer,
        supervisor=official,
        purpose=NudgePurpose.RATINGS,
        employee_ids=[cast.employee.pk],
        cycle=cast.cycle,
        sent_on=PRACTICE_DAY,
        sent_at=clock.now(),
    )
    assert _queries(world, "rating_official", "/") <= MOST
    client = Client()
    client.force_login(official)
    page = client.get("/").context
    for part in ("news", "nudges", "unit", "drafting", "years", "sights", "needs", "rows"):
        assert page[part], part
    assert page["is_reviewer"]
    assert page["unit"].rows
    assert any("opportunity" in need.title for need in page["needs"])
