"""What HR and leaders set up, as they do it in the browser; and practice mode."""

import csv
import io
import re
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from psycopg.rows import DictRow, dict_row

from orgchart.roster.rows import EmployeeRow, OrganizationRow
from tests.e2e.actor import Actor
from tests.e2e.conftest import Server, database_url

pytestmark = pytest.mark.e2e

MIRIAM = "miriam.castellano@example.mil"
DANA = "dana.whitfield@example.mil"
STARTING_OVER = 120  # seconds, on a busy machine; on a quiet one it is about twenty

Enter = Callable[[str], Actor]


@pytest.fixture
def enter(browser: Browser, shared_server: Server) -> Iterator[Enter]:
    entered: list[Actor] = []

    def one_more(email: str) -> Actor:
        entered.append(Actor(browser, shared_server.address, email))
        return entered[-1]

    yield one_more
    for actor in entered:
        actor.close()


# The roster

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
WHERE held.ends_on IS NULL AND person.email IN ('jamal.whitlock@example.mil', 'wendell.fujimoto@example.mil')
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


def as_csv(fields: tuple[str, ...], rows: list[DictRow]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fields[1:], extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: as_cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode()


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


class Files:
    """Two people of the demonstration, one of whom moves, and one who joins."""

    def __init__(self, server: Server) -> None:
        with psycopg.connect(database_url(server.database), row_factory=dict_row) as connection:
            self.organizations = [*connection.execute(ORGANIZATIONS), dict(NEW_UNIT)]
            people = {row["last_name"]: row for row in connection.execute(EMPLOYEES)}
        self.mover, supervisor = people["Whitlock"], people["Fujimoto"]
        self.mover |= {
            "organization_code": "NEC-OPS-DESK",
            "supervisor_dod_id": supervisor["dod_id"],
        }
        self.joiner = self.mover | {
            "dod_id": "9990001112",
            "last_name": "Castellanos-Vega",
            "first_name": "Inés",
            "email": "ines.castellanos-vega@example.mil",
            "position_number": "NEC9901",
        }
        self.employees = [supervisor, self.mover, self.joiner]

    def upload(self, miriam: Actor) -> None:
        miriam.go("/hr/")
        miriam.press("Import a roster")
        for label, fields, rows in (
            ("Organizations (organizations.csv)", OrganizationRow._fields, self.organizations),
            ("People (employees.csv)", EmployeeRow._fields, self.employees),
        ):
            file = payload(label, as_csv(fields, rows))
            miriam.page.get_by_label(label).set_input_files(file)
        miriam.press("Check the roster")


def test_a_roster_is_looked_through_then_applied(enter: Enter, shared_server: Server) -> None:
    files, miriam = Files(shared_server), enter(MIRIAM)
    files.upload(miriam)
    miriam.sees("Join (1)")
    miriam.sees("Castellanos-Vega, Inés")
    miriam.sees("Move to another unit (1)")
    miriam.sees("Whitlock, Jamal")
    preview = miriam.page.url
    miriam.go("/people/?q=Castellanos-Vega")
    expect(miriam.page.locator("main")).not_to_contain_text("Inés")
    miriam.go(preview)
    miriam.press("Apply the roster")
    miriam.sees("The roster is applied.")
    miriam.sees("1 joined, 1 changed")
    miriam.go(f"/people/{files.mover['dod_id']}/")
    miriam.sees("Service Desk Branch")
    miriam.go(f"/people/{files.joiner['dod_id']}/")
    miriam.sees("Wendell Fujimoto")
    files.upload(miriam)
    miriam.sees("Nothing would change.")
    miriam.press("Discard the files")
    miriam.sees("Nothing was changed.")


def test_a_bad_roster_changes_nothing(enter: Enter, shared_server: Server) -> None:
    files, miriam = Files(shared_server), enter(MIRIAM)
    nobody = "1234500000"
    files.employees.append(
        files.joiner
        | {
            "dod_id": "9990001113",
            "email": "other@example.mil",
            "last_name": "Unplaced",
            "supervisor_dod_id": nobody,
        }
    )
    files.employees.append(files.joiner | {"dod_id": "12", "email": "", "last_name": "Short"})
    files.upload(miriam)
    table = miriam.page.get_by_role("table")
    expect(table.get_by_role("row", name=re.compile(f"line 5.*{nobody}"))).to_be_visible()
    expect(table.get_by_role("row", name=re.compile("line 6.*dod_id")).first).to_be_visible()
    expect(miriam.page.get_by_role("button", name="Apply the roster")).to_have_count(0)
    miriam.press("Discard the files")
    miriam.go("/people/?q=Unplaced")
    expect(miriam.page.locator("main")).not_to_contain_text("Unplaced, ")


# Cycles and policy


def problem_links(page: Page) -> list[str]:
    summary = page.locator("[data-error-summary] a")
    return [link.get_attribute("href") or "" for link in summary.all()]


def test_a_cycle_with_wrong_dates_is_refused_and_kept_then_opened(enter: Enter) -> None:
    miriam = enter(MIRIAM)
    miriam.go("/hr/")
    miriam.press("Cycles and milestones")
    miriam.press("Open a cycle")
    miriam.fill(re.compile("^Name"), "Calloway 2029")
    miriam.fill(re.compile("^First day"), "2028-04-01")
    miriam.fill(re.compile("^Last day"), "2028-03-01")
    miriam.fill(re.compile("^Employee input"), "2027-01-15")
    miriam.press("Open cycle")
    links = problem_links(miriam.page)
    assert {"#id_ends_on", "#id_input_due"} <= set(links)
    for link in links:
        miriam.page.locator(f"[data-error-summary] a[href='{link}']").first.click()
        expect(miriam.page.locator(link)).to_be_focused()
    expect(miriam.page.get_by_label(re.compile("^Name"))).to_have_value("Calloway 2029")
    expect(miriam.page.get_by_label(re.compile("^Last day"))).to_have_value("2028-03-01")
    expect(miriam.page.get_by_label(re.compile("^Employee input"))).to_have_value("2027-01-15")
    miriam.inspect()
    miriam.go("/hr/cycles/")
    expect(miriam.page.locator("main")).not_to_contain_text("Calloway 2029")
    miriam.press("Open a cycle")
    miriam.fill(re.compile("^Name"), "Calloway 2029")
    miriam.press("Open cycle")
    miriam.sees("Calloway 2029 is open for U.S. Army Garrison Fort Calloway.")
    # Until it begins, the garrison follows the cycles of the department.
    miriam.go("/hr/")
    expect(miriam.page.get_by_role("link", name="FY 2028").first).to_be_attached()


def test_a_policy_edition_is_written_ahead(enter: Enter) -> None:
    miriam = enter(MIRIAM)
    miriam.go("/hr/")
    miriam.press("Policy and mandatory elements")
    miriam.press("Write an edition")
    miriam.fill(re.compile("^Name of the edition"), "Calloway supplement")
    miriam.fill(re.compile("^In force from"), "2027-04-06")
    number = miriam.page.locator("input[type=number]").first
    kept = str(int(number.input_value()) + 1)
    number.fill(kept)
    miriam.press("Show what changes")
    assert problem_links(miriam.page)[0] == "#id_effective_on"
    expect(number).to_have_value(kept)
    miriam.fill(re.compile("^In force from"), "2027-06-01")
    miriam.press("Show what changes")
    changes = miriam.page.get_by_role("table").get_by_role("row")
    expect(changes).to_have_count(2)
    miriam.inspect()
    miriam.press("Write this edition")
    ahead = miriam.page.get_by_role("row", name=re.compile("Calloway supplement"))
    expect(ahead).to_contain_text("ahead")
    miriam.press("Calloway supplement")
    expect(miriam.page.get_by_role("row", name=re.compile("usually"))).to_have_count(1)


# Practice mode


def write_input(maria: Actor, text: str) -> None:
    open_input(maria)
    maria.fill(re.compile("^Your input"), text)
    maria.press(re.compile("^Save"))


def open_input(maria: Actor) -> None:
    maria.press("Open your FY 2027 record")
    maria.press(re.compile("^Open.*annual appraisal", re.IGNORECASE))
    maria.press(re.compile("^Write$"))


def start_over(page: Page) -> float:
    began = time.monotonic()
    with page.expect_navigation(timeout=STARTING_OVER * 1000):
        page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("Everything is again as it was at the start.")).to_be_visible()
    return time.monotonic() - began


def test_becoming_somebody_moving_the_date_and_starting_over(
    browser: Browser, server: Server
) -> None:
    someone = Actor(browser, server.address, DANA)
    someone.press("Change")
    someone.fill(re.compile("^Find somebody"), "Ortega")
    someone.press("Find")
    someone.press("Become Maria Ortega")
    someone.sees("you are Maria Ortega, employee")
    write_input(someone, "Written to be forgotten.")
    someone.go("/practice/")
    someone.fill(re.compile("^Date"), "2027-05-20")
    someone.press("Move the date")
    someone.sees("Today is 20 May 2027")
    someone.fill(re.compile("^Date"), "2127-05-20")
    someone.press("Move the date")
    someone.sees("Today is 20 May 2027")
    someone.inspect()
    someone.go("/practice/")
    print(f"Starting over took {start_over(someone.page):.1f} s")
    someone.sees("Today is 6 April 2027")
    someone.press("Become Maria Ortega")
    open_input(someone)
    expect(someone.page.locator("main")).not_to_contain_text("to be forgotten")
    someone.close()
