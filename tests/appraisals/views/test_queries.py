"""No page takes more than fifteen queries, the date of practice mode among them, on the fullest records there are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from appraisals.editions import reach_of_draft
from appraisals.models import (
    Document,
    Element,
    GoalPublication,
    JournalEntry,
    Kind,
    PolicyDraft,
    Section,
    SectionKind,
    State,
)
from appraisals.services.foreseeing import forecast_of
from appraisals.workflow import record_event
from orgchart import clock
from tests.cast import PRACTICE_DAY
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
