"""The two kinds of row, as text, with the line they begin on."""

from typing import NamedTuple


class OrganizationRow(NamedTuple):
    line: int
    code: str
    name: str
    kind: str
    parent_code: str
    head_dod_id: str


class EmployeeRow(NamedTuple):
    line: int
    dod_id: str
    last_name: str
    first_name: str
    middle_name: str
    email: str
    organization_code: str
    supervisor_dod_id: str
    position_title: str
    position_number: str
    pay_plan: str
    occupational_series: str
    grade: str
    step: str
    duty_station: str
    is_supervisor: str
    bargaining_unit: str
    position_start_date: str
    covered: str
    exclusion_reason: str
