"""A good little roster as rows of text, and how to make files of it."""

import csv
import io
from datetime import date

from orgchart import roster
from orgchart.roster import Outcome

DAY = date(2027, 4, 6)
LEADER, OFFICIAL, EMPLOYEE = "1000000001", "1000000002", "1000000003"

ORGANIZATIONS = [
    {"code": "TOP", "name": "The Top", "kind": "department", "parent_code": "", "head_dod_id": LEADER},
    {"code": "ONE", "name": "Branch One", "kind": "branch", "parent_code": "TOP", "head_dod_id": OFFICIAL},
    {"code": "TWO", "name": "Branch Two", "kind": "branch", "parent_code": "TOP", "head_dod_id": ""},
]  # fmt: skip


def employee(
    dod_id: str, last: str, organization: str, supervisor: str, **changed: str
) -> dict[str, str]:
    return {
        "dod_id": dod_id,
        "last_name": last,
        "first_name": "Ana",
        "middle_name": "",
        "email": f"{dod_id}@example.mil",
        "organization_code": organization,
        "position_title": "Budget Analyst",
        "position_number": f"P{dod_id[-3:]}",
        "pay_plan": "GS",
        "occupational_series": "0560",
        "grade": "11",
        "step": "4",
        "duty_station": "Maryland",
        "supervisor_dod_id": supervisor,
        "is_supervisor": "N",
        "bargaining_unit": "8888",
        "position_start_date": "2024-02-01",
        "covered": "Y",
        "exclusion_reason": "",
        **changed,
    }


# The supervisor comes after those who answer to them.
EMPLOYEES = [
    employee(EMPLOYEE, "Núñez", "ONE", OFFICIAL),
    employee(OFFICIAL, "Reid", "ONE", LEADER, is_supervisor="Y"),
    employee(
        LEADER,
        "Hart",
        "TOP",
        "",
        is_supervisor="Y",
        covered="N",
        exclusion_reason="Senior Executive Service",
    ),
]


def organizations(*changes: dict[str, str], **by_code: dict[str, str]) -> list[dict[str, str]]:
    """The good rows, those with a given code changed, and more rows after them."""
    return [{**row, **by_code.get(row["code"], {})} for row in ORGANIZATIONS] + list(changes)


def employees(
    *more: dict[str, str], changed: dict[str, dict[str, str]] | None = None
) -> list[dict[str, str]]:
    changed = changed or {}
    return [{**row, **changed.get(row["dod_id"], {})} for row in EMPLOYEES] + list(more)


def csv_of(rows: list[dict[str, str]], columns: list[str] | None = None) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    names = columns or list(rows[0])
    writer.writerow(names)
    writer.writerows([row[name] for name in names] for row in rows)
    return out.getvalue().encode()


def imported(
    organization_rows: list[dict[str, str]] | bytes = ORGANIZATIONS,
    employee_rows: list[dict[str, str]] | bytes = EMPLOYEES,
    **settled,
) -> Outcome:
    files = [
        rows if isinstance(rows, bytes) else csv_of(rows)
        for rows in (organization_rows, employee_rows)
    ]
    source = roster.Source(*map(io.BytesIO, files))
    return roster.import_roster(source, **{"effective_on": DAY, "by": None, **settled})
