"""HR hands over a roster in the browser, and a real worker works on it."""

import csv
import io
import re

import psycopg
import pytest
from playwright.sync_api import FilePayload, expect
from psycopg.rows import DictRow, dict_row

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter, Server, database_url
from tests.orgchart.roster.files import EMPLOYEES as PEOPLE
from tests.orgchart.roster.files import ORGANIZATIONS as UNITS

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("worker")]

MIRIAM = "miriam.castellano@example.mil"
WORKED = 60_000  # milliseconds that the worker may take on a busy machine

ORGANIZATIONS = """
SELECT unit.code, unit.name, unit.kind_id AS kind, above.code AS parent_code, head.dod_id AS head_dod_id
FROM orgchart_organization unit
LEFT JOIN orgchart_organization above ON above.id = unit.parent_id
LEFT JOIN orgchart_person head ON head.id = unit.head_id
WHERE unit.code = 'NEC-OPS'
"""
EMPLOYEES = """
SELECT person.*, held.*, unit.code AS organization_code, above.dod_id AS supervisor_dod_id
FROM orgchart_assignment held
JOIN orgchart_person person ON person.id = held.employee_id
JOIN orgchart_organization unit ON unit.id = held.organization_id
LEFT JOIN orgchart_person above ON above.id = held.supervisor_id
WHERE held.ends_on IS NULL AND person.email IN ('maria.ortega@example.mil', 'wendell.fujimoto@example.mil')
"""
NEW_UNIT = {
    "code": "NEC-OPS-DESK",
    "name": "Service Desk Branch",
    "kind": "branch",
    "parent_code": "NEC-OPS",
    "head_dod_id": "",
}


def as_cell(value: object) -> object:
    return {True: "Y", False: "N"}[value] if isinstance(value, bool) else value


def as_csv(columns: dict[str, str], rows: list[DictRow]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: as_cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode()


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


class Files:
    """Maria, whose rating is being written, moves under Wendell; somebody joins; a unit is new."""

    def __init__(self, server: Server, number: int = 0) -> None:
        with psycopg.connect(database_url(server.database), row_factory=dict_row) as connection:
            self.organizations = [*connection.execute(ORGANIZATIONS), dict(NEW_UNIT)]
            people = {row["last_name"]: row for row in connection.execute(EMPLOYEES)}
        self.mover, supervisor = people["Ortega"], people["Fujimoto"]
        self.mover |= {
            "organization_code": "NEC-OPS-DESK",
            "supervisor_dod_id": supervisor["dod_id"],
        }
        self.joiner = self.mover | {
            "dod_id": f"999000111{number}",
            "last_name": "Castellanos-Vega",
            "first_name": "Inés",
            "email": f"ines.castellanos-vega{number}@example.mil",
            "position_number": f"NEC990{number}",
        }
        self.employees = [supervisor, self.mover, self.joiner]

    def upload(self, miriam: Actor) -> None:
        miriam.go("/hr/")
        miriam.press("Import a roster")
        for label, columns, rows in (
            ("Organizations (organizations.csv)", UNITS[0], self.organizations),
            ("People (employees.csv)", PEOPLE[0], self.employees),
        ):
            file = payload(label, as_csv(columns, rows))
            miriam.page.get_by_label(label).set_input_files(file)
        miriam.press("Check the roster")


def arrives(miriam: Actor, heading: str) -> None:
    """The page turns by itself when the worker is done; then it is examined."""
    expect(miriam.page.get_by_role("heading", name=heading)).to_be_visible(timeout=WORKED)
    miriam.page.wait_for_load_state()
    miriam.inspect()


def test_a_roster_is_checked_looked_at_and_applied(enter: Enter, shared_server: Server) -> None:
    files, miriam = Files(shared_server), enter(MIRIAM)
    files.upload(miriam)
    arrives(miriam, "What the roster would change")
    miriam.sees("Join (1)")
    miriam.sees("Castellanos-Vega, Inés")
    miriam.sees("Move to another unit (1)")
    preview = miriam.page.url
    miriam.press(re.compile("^Show records.*Another supervisor"))
    row = miriam.page.get_by_role("row", name=re.compile("Maria Ortega")).first
    expect(row).to_contain_text("Dana Whitfield")
    expect(row).to_contain_text("Fujimoto, Wendell")
    miriam.go("/people/?q=Castellanos-Vega")
    expect(miriam.page.locator("main")).not_to_contain_text("Inés")
    miriam.go(preview)
    miriam.press("Apply the roster")
    arrives(miriam, "What the roster changed")
    miriam.sees("Applied by")
    miriam.sees("Miriam Castellano")
    applied = miriam.page.url
    miriam.press("Import another roster")
    miriam.sees("1 joined, 1 changed")
    miriam.go(f"/people/{files.mover['dod_id']}/")
    miriam.sees("Service Desk Branch")
    miriam.go(f"/people/{files.joiner['dod_id']}/")
    miriam.sees("Wendell Fujimoto")
    settle_what_stayed_behind(miriam, applied)


def settle_what_stayed_behind(miriam: Actor, applied: str) -> None:
    """Maria's record is Dana's still: it goes to Wendell as the roster moved her (R9)."""
    miriam.go(applied)
    miriam.press(re.compile("^Show records.*Another supervisor"))
    miriam.press("Put right what stayed behind")
    miriam.press("Settle the move Maria Ortega")
    miriam.fill("Reason", "The roster of today moved her.")
    miriam.press("Show what it means")
    miriam.press("Do it now")
    miriam.sees("Handed over to Wendell Fujimoto")
    miriam.go("/hr/stranded/?what=elsewhere")
    expect(miriam.page.locator("main")).not_to_contain_text("Maria Ortega")


def test_work_goes_on_when_the_page_is_closed(enter: Enter, shared_server: Server) -> None:
    files, miriam = Files(shared_server, number=1), enter(MIRIAM)
    files.upload(miriam)
    miriam.go("/")
    miriam.go("/hr/roster/")
    miriam.press(re.compile("^Look (how far it is|at what it would change)$"))
    arrives(miriam, "What the roster would change")
    miriam.press("Discard the files")
    miriam.sees("Nothing was changed.")


def test_everything_works_without_javascript(enter: Enter, shared_server: Server) -> None:
    files, miriam = Files(shared_server, number=2), enter(MIRIAM, javascript=False)
    files.upload(miriam)
    decision = miriam.page.get_by_role("heading", name="Your decision")
    for _ in range(WORKED // 500):
        if decision.count():
            break
        miriam.page.wait_for_timeout(500)
        miriam.press("Refresh")
    miriam.sees("Join (1)")
    miriam.press("Discard the files")
    miriam.sees("Nothing was changed.")


def test_a_bad_roster_changes_nothing(enter: Enter, shared_server: Server) -> None:
    files, miriam = Files(shared_server, number=3), enter(MIRIAM)
    nobody = "1234500000"
    files.employees.append(
        files.joiner
        | {
            "dod_id": "9990001119",
            "email": "other@example.mil",
            "last_name": "Unplaced",
            "supervisor_dod_id": nobody,
        }
    )
    files.employees.append(files.joiner | {"dod_id": "12", "email": "", "last_name": "Short"})
    files.upload(miriam)
    arrives(miriam, "What is wrong with the roster")
    table = miriam.page.get_by_role("table")
    expect(table.get_by_role("row", name=re.compile(f"employees.csv 5 .*{nobody}"))).to_be_visible()
    expect(
        table.get_by_role("row", name=re.compile("employees.csv 6 dod_id")).first
    ).to_be_visible()
    expect(miriam.page.get_by_role("button", name="Apply the roster")).to_have_count(0)
    with miriam.page.expect_download() as download:
        miriam.page.get_by_role("link", name=re.compile("^CSV")).click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "File,Line,Column,Value,What is wrong"
    assert any(line.startswith(f"employees.csv,5,supervisor_dod_id,{nobody}") for line in lines)
    miriam.press("Discard the files")
    miriam.go("/people/?q=Unplaced")
    expect(miriam.page.locator("main")).not_to_contain_text("Unplaced, ")
