"""What the database holds, in the shape of a roster: one query for people, one for organizations."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from orgchart.models import Organization, OrganizationKind


class HeldOrganization(NamedTuple):
    id: int
    code: str
    name: str
    kind: str
    parent_code: str
    head_dod_id: str
    path: str


class HeldEmployee(NamedTuple):
    """The person and the newest assignment; the names from `organization_code` on are None without one."""

    id: int
    dod_id: str
    last_name: str
    first_name: str
    middle_name: str
    email: str
    organization_code: str | None
    supervisor_dod_id: str
    position_title: str
    position_number: str
    pay_plan: str
    occupational_series: str
    grade: str
    step: str
    duty_station: str
    is_supervisor: bool
    bargaining_unit: str
    position_start_date: date
    covered: bool
    exclusion_reason: str
    assignment_id: int | None
    starts_on: date
    ends_on: date | None
    is_active: bool

    def works_on(self, day: date) -> bool:
        return self.assignment_id is not None and (self.ends_on is None or self.ends_on >= day)


ORGANIZATIONS_HELD = """
    SELECT o.id, o.code, o.name, o.kind_id, coalesce(parent.code, ''), coalesce(head.dod_id, ''), o.path
    FROM orgchart_organization o
    LEFT JOIN orgchart_organization parent ON parent.id = o.parent_id
    LEFT JOIN orgchart_person head ON head.id = o.head_id"""

EMPLOYEES_HELD = """
    SELECT p.id, p.dod_id, p.last_name, p.first_name, p.middle_name, p.email,
           o.code, coalesce(supervisor.dod_id, ''),
           a.position_title, a.position_number, a.pay_plan, a.occupational_series, a.grade, a.step,
           a.duty_station, a.is_supervisor, a.bargaining_unit, a.position_start_date, a.covered,
           a.exclusion_reason, a.id, a.starts_on, a.ends_on, p.is_active
    FROM orgchart_person p
    LEFT JOIN (
        SELECT DISTINCT ON (employee_id) * FROM orgchart_assignment
        ORDER BY employee_id, starts_on DESC
    ) a ON a.employee_id = p.id
    LEFT JOIN orgchart_organization o ON o.id = a.organization_id
    LEFT JOIN orgchart_person supervisor ON supervisor.id = a.supervisor_id"""


@dataclass(frozen=True, slots=True)
class Held:
    """`scope` is the path that the importer is confined to; "" is everything."""

    organizations: dict[str, HeldOrganization]
    employees: dict[str, HeldEmployee]
    kinds: list[str]
    scope: str

    def organization_in_scope(self, code: str | None) -> bool:
        held = self.organizations.get(code or "")
        return held is not None and held.path.startswith(self.scope)


def load(scope: Organization | None) -> Held:
    kinds = list(OrganizationKind.objects.values_list("code", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(ORGANIZATIONS_HELD)
        organizations = {row[1]: HeldOrganization._make(row) for row in cursor.fetchall()}
        cursor.execute(EMPLOYEES_HELD)
        employees = {row[1]: HeldEmployee._make(row) for row in cursor.fetchall()}
    return Held(organizations, employees, kinds, scope.path if scope else "")
