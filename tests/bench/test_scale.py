"""The rosters and records that `make bench-scale` compares are what they claim to be."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.db.models import ForeignKey

from appraisals.models import WALK, Appraisal, AppraisalCycle, Document, Kind, RatingOfRecord, State
from appraisals.rollups import standing
from appraisals.turns import current_turn
from bench.scale import report
from bench.scale.counting import Counting
from bench.scale.databases import IMPORTED_ON
from bench.scale.measure import Figures
from bench.scale.pages import PAGES, choose_cast
from bench.scale.program import RUNNING, TODAY, YEARS, fill_program
from bench.scale.records import fill_records
from bench.scale.roster import FILES, Tree, cut, write_department
from bench.scale.simultaneous import Together
from orgchart import clock
from orgchart.models import Organization, Person

PEOPLE = 3_000
SMALL = 600


@pytest.fixture
def rosters(tmp_path: Path) -> tuple[Path, Path, str]:
    whole, small = tmp_path / "whole", tmp_path / "small"
    for folder in (whole, small):
        folder.mkdir()
    write_department(whole, PEOPLE)
    return whole, small, cut(whole, small, people=SMALL)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_small_department_has_the_same_top_and_one_whole_command(rosters) -> None:
    whole, small = Tree(rosters[0]), Tree(rosters[1])
    command = rosters[2]
    assert small.size[command] == whole.size[command]
    assert small.downwards(command) == whole.downwards(command)
    assert small.commands() == whole.commands()
    assert SMALL <= len(small.unit) < 1.2 * SMALL


def test_everybody_who_is_cut_out_keeps_supervisor_and_head(rosters) -> None:
    _, small, _ = rosters
    people = {row["dod_id"] for row in rows(small, FILES[1])}
    named = {row["supervisor_dod_id"] for row in rows(small, FILES[1])}
    named |= {row["head_dod_id"] for row in rows(small, FILES[0])}
    assert named - people == {""}


@pytest.fixture
def filled(rosters, transactional_db: None) -> str:
    _, small, command = rosters
    call_command(
        "import_roster",
        *(str(small / name) for name in FILES),
        effective_on=IMPORTED_ON,
        stdout=StringIO(),
    )
    fill_program(command)
    assert [step.split(":")[0] for step in fill_records()][-1] == "indexes"
    with clock.frozen(TODAY):
        standing.rebuild()
    return command


def test_records_lead_nowhere_that_is_not_there(filled: str) -> None:
    """They are written without the checks of foreign keys, so each key is looked up here."""
    lost = [
        f"{model._meta.label}.{key.name}"
        for model in apps.get_app_config("appraisals").get_models()
        for key in model._meta.get_fields()
        if isinstance(key, ForeignKey)
        and model._default_manager.filter(**{f"{key.name}__isnull": False})
        .exclude(**{f"{key.name}__in": key.related_model._default_manager.all()})
        .exists()
    ]
    assert lost == []


def test_constraints_and_indexes_are_there_again(filled: str) -> None:
    document = Document.objects.filter(state=State.ACKNOWLEDGED)[0]
    document.acknowledged_on = None
    with pytest.raises(Exception, match="acknowledged_state_has_its_date"), transaction.atomic():
        document.save()
    later = Appraisal.objects.order_by("-pk")[0]
    later.pk, later.cycle = (
        None,
        AppraisalCycle.objects.create(
            name="another",
            organization=Organization.objects.get(parent=None),
            starts_on=TODAY,
            ends_on=TODAY.replace(year=2028),
            effective_on=TODAY.replace(year=2029),
            opened_at=clock.now(),
        ),
    )
    later.save()


def test_years_are_as_a_department_has_them(filled: str) -> None:
    people = Person.objects.count()
    for year in YEARS:
        in_cycle = Appraisal.objects.filter(cycle__name=f"FY {year}")
        assert 0.85 * people < in_cycle.count() < people
    running = Document.objects.filter(appraisal__cycle__name=f"FY {RUNNING}")
    annual = running.filter(kind=Kind.ANNUAL_APPRAISAL)
    assert set(annual.values_list("state", flat=True)) == set(WALK)
    assert running.filter(kind=Kind.PERFORMANCE_PLAN).exclude(state=State.ACKNOWLEDGED).exists()
    finished = Document.objects.exclude(appraisal__cycle__name=f"FY {RUNNING}")
    assert not finished.exclude(state=State.ACKNOWLEDGED).exists()
    levels = RatingOfRecord.objects.values_list("level", "rated_sum", "rated_count")
    for level, rated_sum, rated_count in levels:
        average = rated_sum / rated_count
        assert level == 1 or (level == 5) == (average >= 4.3)


def test_kept_counts_of_what_was_filled_in_bulk_are_exact(filled: str) -> None:
    assert standing.check() == []


def test_whoever_opens_the_pages_is_found_and_has_something_to_do(filled: str) -> None:
    cast = choose_cast(filled)
    assert cast.document.appraisal.employee == cast.employee
    with clock.frozen(TODAY):
        assert current_turn(cast.document.appraisal).person == cast.supervisor
    assert cast.command.head == cast.command_head


GOOD = Figures(
    status=200, milliseconds=10.0, database=5.0, queries=9, kib=20.0, costly=("3 ms: X",)
)


def test_a_page_that_costs_more_at_the_whole_size_is_named_with_its_query() -> None:
    slow = Figures(
        status=200, milliseconds=14.0, database=5.0, queries=10, kib=20.0, costly=("9 ms: Y",)
    )
    pairs = [(GOOD, GOOD)] * (len(PAGES) - 1)
    assert report.misses([(GOOD, GOOD), *pairs]) == []
    assert report.misses([(GOOD, slow), *pairs]) == [
        "Bare Django page, employee: 9 queries at the small size and 10 at the whole; "
        "1.40 times the server time.\n    9 ms: Y"
    ]


def test_table_has_a_line_for_each_page() -> None:
    lines = report.table([(GOOD, GOOD)] * len(PAGES), (10_000, 771_387)).splitlines()
    assert len(lines) == len(PAGES) + 2
    assert all("1.00" in line for line in lines[2:])


def test_wrong_counts_and_somebody_who_waited_are_misses() -> None:
    exact = Counting(people=9, plain=1.0, kept=0.001, agree=True)
    wrong = Counting(people=9, plain=1.0, kept=0.001, agree=False)
    assert "kept." in report.counting_words(exact, exact)
    assert "MISSED" in report.counting_words(exact, wrong)
    assert "MISSED" in report.together_words(Together(49, 0.1, 0.2, 0.3, 0.4))
