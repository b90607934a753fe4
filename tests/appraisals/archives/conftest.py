"""A command of five records in both divisions, one of them final; archives in a folder of their own."""

import datetime as dt
from pathlib import Path

import pytest

from appraisals.archives.choosing import Choice
from appraisals.models import Appraisal, Archive, Kind, State
from appraisals.services.archives import start_archive
from appraisals.services.records import start_record
from orgchart import clock
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ARCHIVES_ROOT = tmp_path / "archives"
    return settings.ARCHIVES_ROOT


@pytest.fixture(autouse=True)
def nobody_hears(monkeypatch) -> list[tuple[str, int]]:
    """Who would have been woken; each test does the work itself."""
    woken: list[tuple[str, int]] = []
    monkeypatch.setattr(
        "appraisals.services.archives.wake", lambda task, *args: woken.append((task.name, *args))
    )
    monkeypatch.setattr(
        "appraisals.tasks.archives.wake", lambda task, *args: woken.append((task.name, *args))
    )
    return woken


@pytest.fixture(autouse=True)
def no_heart(monkeypatch) -> None:
    """It beats on a connection of its own, which does not see what a test has not committed."""
    monkeypatch.setattr("orgchart.heart.SECONDS", 3600)


@pytest.fixture
def cast(db) -> Cast:
    """Maria's year is finished, Carl's and Dana's plans are being written."""
    made = make_cast()
    make_document(made, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    with clock.frozen(dt.date(2026, 6, 10)):
        start_record(made.colleague, cycle=made.cycle, by=made.rating_official)
        start_record(made.rating_official, cycle=made.cycle, by=made.higher_level_reviewer)
    return made


@pytest.fixture
def choice(cast: Cast) -> Choice:
    return Choice(user=cast.hr, organization=cast.places["CMD"], cycle=cast.cycle)


def started(choice: Choice, **more: object) -> Archive:
    with clock.frozen(PRACTICE_DAY):
        return start_archive(choice, words=["Whole records"], by=choice.user, **more)


def record_of(person) -> Appraisal:
    return Appraisal.objects.get(employee=person)
