"""A file costs as many queries as before when there is more in it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisals.models import RecognitionKind, Section, SectionKind
from appraisals.services.check_ins import add_to_agenda, agree_on_action
from appraisals.services.journal import write_entry
from appraisals.services.recognition import recognize
from appraisals.services.writing import save_section
from appraisals.workflow import record_event
from orgchart import clock
from tests.cast import PRACTICE_DAY
from tests.test_permission_matrix import World, make_world

DOWNLOADS = {
    "own_file_download": "employee",
    "departure_goes_along_file": "hr",
    "document_form_pdf": "employee",
    "form_pdf": "employee",
}


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.PRACTICE_MODE = True
    made = make_world()
    clock.move(PRACTICE_DAY)
    return made


def more_of_everything(world: World, times: int) -> None:
    """Of the employee: notes, praise, agreements, looks, and versions of one text."""
    cast = world.cast
    employee, official = cast.employee, cast.rating_official
    rating = Section.objects.filter(document=world.annual, kind=SectionKind.RATING)[0]
    for number in range(times):
        words = f"Number {number}"
        write_entry(employee, by=employee, noted_on=PRACTICE_DAY, text=words)
        add_to_agenda(employee, by=employee, text=words)
        agree_on_action(employee, by=official, text=words, by_employee=True, due_on=None)
        kind = RecognitionKind.THANKS
        recognize(employee, by=official, kind=kind, text=words, given_on=PRACTICE_DAY)
        rating = save_section(
            rating, by=official, expected_version=rating.version, text=words, level=5
        )
        record_event(world.annual, name="share_input", by=employee)


def queries(world: World, who: str, url: str) -> int:
    client = Client()
    client.force_login(world.cast.people[who])
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return sum("SAVEPOINT" not in each["sql"] for each in asked.captured_queries)


@pytest.mark.parametrize("name", DOWNLOADS)
def test_more_in_a_file_costs_no_more_queries(world: World, name: str) -> None:
    """From the second time on: the first stores the forms that are final."""
    who, url = DOWNLOADS[name], world.url(name)
    queries(world, who, url)
    before = queries(world, who, url)
    more_of_everything(world, 5)
    assert queries(world, who, url) == before
