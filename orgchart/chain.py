"""The chain of command and the scopes of a person, as SQL that a queryset can filter by.

Recursive queries are beyond the ORM. These are kept together here and name the tables of
orgchart.models; the selectors and querysets are what everybody else calls.
"""

from datetime import date
from typing import Any

from django.db.models import BooleanField, Lookup, TextField
from django.db.models.expressions import RawSQL

ON = "a.starts_on <= %(on)s AND (a.ends_on IS NULL OR a.ends_on >= %(on)s)"

# UNION, not UNION ALL: should there ever be a loop, a repeated person ends the walk.
ABOVE = f"""
    WITH RECURSIVE above (id) AS (
        SELECT a.supervisor_id FROM orgchart_assignment a
        WHERE a.employee_id = %(person)s AND a.supervisor_id IS NOT NULL AND {ON}
        UNION
        SELECT a.supervisor_id
        FROM orgchart_assignment a JOIN above ON a.employee_id = above.id
        WHERE a.supervisor_id IS NOT NULL AND {ON}
    )
    SELECT id FROM above"""  # noqa: S608

# As people, the supervisor first, the top last.
CHAIN = f"""
    WITH RECURSIVE above (id, distance) AS (
        SELECT a.supervisor_id, 1 FROM orgchart_assignment a
        WHERE a.employee_id = %(person)s AND a.supervisor_id IS NOT NULL AND {ON}
        UNION ALL
        SELECT a.supervisor_id, above.distance + 1
        FROM orgchart_assignment a JOIN above ON a.employee_id = above.id
        WHERE a.supervisor_id IS NOT NULL AND above.distance < 100 AND {ON}
    )
    SELECT p.* FROM orgchart_person p JOIN above ON above.id = p.id ORDER BY above.distance"""  # noqa: S608

BELOW = f"""
    WITH RECURSIVE below (id) AS (
        SELECT a.employee_id FROM orgchart_assignment a
        WHERE a.supervisor_id = %(person)s AND {ON}
        UNION
        SELECT a.employee_id
        FROM orgchart_assignment a JOIN below ON a.supervisor_id = below.id
        WHERE {ON}
    )
    SELECT id FROM below"""  # noqa: S608

REPORTS = (
    f"SELECT a.employee_id FROM orgchart_assignment a WHERE a.supervisor_id = %(person)s AND {ON}"  # noqa: S608
)

REPORTS_OF_REPORTS = f"""
    SELECT a.employee_id FROM orgchart_assignment a WHERE a.supervisor_id IN ({REPORTS}) AND {ON}"""  # noqa: S608

COLLEAGUES = f"""
    SELECT a.employee_id FROM orgchart_assignment a WHERE {ON} AND a.organization_id = (
        SELECT a.organization_id FROM orgchart_assignment a
        WHERE a.employee_id = %(person)s AND {ON}
    )"""  # noqa: S608

NEAR = f"""
    SELECT %(person)s::bigint
    UNION ALL {COLLEAGUES}
    UNION ALL {REPORTS}
    UNION ALL {REPORTS_OF_REPORTS}
    UNION ALL ({ABOVE})"""

SCOPE_PATTERNS = """ARRAY(
    SELECT o.path || '%%' FROM orgchart_organization o WHERE o.head_id = %(person)s
    UNION ALL
    SELECT o.path || '%%' FROM orgchart_organization o JOIN orgchart_rolegrant g ON g.organization_id = o.id
    WHERE g.person_id = %(person)s AND g.role IN ('hr_administrator', 'auditor')
      AND g.starts_on <= %(on)s AND (g.ends_on IS NULL OR g.ends_on >= %(on)s)
)"""


HR_PATTERNS = """ARRAY(
    SELECT o.path || '%%' FROM orgchart_organization o JOIN orgchart_rolegrant g ON g.organization_id = o.id
    WHERE g.person_id = %(person)s AND g.role = 'hr_administrator'
      AND g.starts_on <= %(on)s AND (g.ends_on IS NULL OR g.ends_on >= %(on)s)
)"""


def people_in(sql: str, person_id: int, on: date) -> RawSQL:
    """For `pk__in`."""
    return _raw(sql, person_id, on)


def scope_patterns(person_id: int, on: date) -> RawSQL:
    """For `path__under`: LIKE patterns of all that this person heads, administers or audits."""
    return _raw(SCOPE_PATTERNS, person_id, on)


def hr_patterns(person_id: int, on: date) -> RawSQL:
    """The same of what this person administers."""
    return _raw(HR_PATTERNS, person_id, on)


def _raw(sql: str, person_id: int, on: date) -> RawSQL:
    """RawSQL takes its values by place, the texts above by name."""
    values = {"person": person_id, "on": on}
    names = [part.split(")s", 1)[0] for part in sql.split("%(")[1:]]
    for name in values:
        sql = sql.replace(f"%({name})s", "%s")
    return RawSQL(sql, [values[name] for name in names])  # noqa: S611  constants from above


@TextField.register_lookup
class Under(Lookup[bool]):
    """A path that is like any of an array of patterns."""

    lookup_name = "under"
    prepare_rhs = False
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} LIKE ANY {right}", (*left_values, *right_values)
