"""A roster without problems beside what is held: how many join, move, change, are missing, and each of them in words."""

from collections.abc import Iterator, Mapping

from django.db import connection
from django.db.backends.utils import CursorWrapper

from orgchart.roster.outcome import KINDS, Change, Counts, Kind

ROWS_AT_ONCE = 2_000

COUNTS = """
    SELECT * FROM (
        SELECT (SELECT count(*) FROM roster_organization) - count(*),
               count(*) FILTER (WHERE changed), count(*) FILTER (WHERE NOT changed)
        FROM roster_unit_known
    ) organizations, (
        SELECT (SELECT count(*) FROM roster_employee) - count(*),
               count(*) FILTER (WHERE changed),
               count(*) FILTER (WHERE NOT placed_alike AND NOT unit_alike),
               count(*) FILTER (WHERE NOT placed_alike AND NOT supervisor_alike),
               count(*) FILTER (WHERE NOT placed_alike AND unit_alike AND supervisor_alike),
               count(*) FILTER (WHERE NOT named_alike OR NOT is_active),
               count(*) FILTER (WHERE NOT changed)
        FROM roster_known
    ) people, (SELECT count(*) FROM roster_missing) missing"""

NAME = "{0}.last_name || ', ' || {0}.first_name"
PLACE = """{0}.position_title || ', ' || {0}.pay_plan || '-' || {0}.occupational_series || '-'
    || {0}.grade || CASE WHEN {0}.step = '' THEN '' ELSE ', step ' || {0}.step END
    || ', ' || {0}.duty_station"""
UNIT = """{name} || ' (' || {kind} || ')' || CASE WHEN {above} = '' THEN '' ELSE ' under ' || {above} END
    || CASE WHEN {head} = '' THEN '' ELSE ', head ' || {head} END"""
UNIT_NOW = UNIT.format(name="r.name", kind="r.kind", above="r.parent_code", head="r.head_dod_id")
UNIT_WAS = UNIT.format(
    name="o.name",
    kind="o.kind_id",
    above="coalesce(parent.code, '')",
    head="coalesce(head.dod_id, '')",
)
E, P = NAME.format("e"), NAME.format("p")
# Units and supervisors are named as the file does, or else as they are called here.
KNOWN = """
    FROM roster_known k JOIN roster_employee e USING (line)
    JOIN orgchart_person p ON p.id = k.person_id
    LEFT JOIN orgchart_assignment a ON a.id = k.assignment_id
    LEFT JOIN orgchart_organization o ON o.id = k.organization_id
    LEFT JOIN roster_unit unit_was ON unit_was.code = o.code
    LEFT JOIN roster_unit unit_now ON unit_now.code = e.organization_code
    LEFT JOIN orgchart_person s ON s.id = k.supervisor_id
    LEFT JOIN roster_employee boss_was ON boss_was.dod_id = s.dod_id
    LEFT JOIN roster_employee boss_now ON boss_now.dod_id = e.supervisor_dod_id
    LEFT JOIN orgchart_person boss_held ON boss_held.dod_id = e.supervisor_dod_id"""
BOSS_WAS = f"coalesce({NAME.format('boss_was')}, {NAME.format('s')}, '')"
BOSS_NOW = f"coalesce({NAME.format('boss_now')}, {NAME.format('boss_held')}, '')"

# Key, name, was, now, and the keys of both, in the order of the file; the missing by name.
QUERIES: dict[Kind, str] = {
    "joined": f"""
        SELECT e.dod_id, {E}, '', e.position_title || ', ' || u.name, '', e.organization_code
        FROM roster_employee e JOIN roster_unit u ON u.code = e.organization_code
        WHERE NOT EXISTS (SELECT FROM roster_known k WHERE k.line = e.line) ORDER BY e.line""",  # noqa: S608
    "moved": f"""
        SELECT e.dod_id, {E}, coalesce(unit_was.name, ''), unit_now.name, coalesce(o.code, ''),
               e.organization_code
        {KNOWN} WHERE NOT k.placed_alike AND NOT k.unit_alike ORDER BY e.line""",
    "supervisor": f"""
        SELECT e.dod_id, {E}, {BOSS_WAS}, {BOSS_NOW}, coalesce(s.dod_id, ''), e.supervisor_dod_id
        {KNOWN} WHERE NOT k.placed_alike AND NOT k.supervisor_alike ORDER BY e.line""",
    "position": f"""
        SELECT e.dod_id, {E}, {PLACE.format("a")}, {PLACE.format("e")}, '', ''
        {KNOWN} WHERE NOT k.placed_alike AND k.unit_alike AND k.supervisor_alike ORDER BY e.line""",
    "renamed": f"""
        SELECT e.dod_id, {E}, {P} || ', ' || p.email, {E} || ', ' || lower(e.email), '', ''
        {KNOWN} WHERE NOT k.named_alike OR NOT k.is_active ORDER BY e.line""",
    "missing": f"""
        SELECT p.dod_id, {P}, m.position_title || ', ' || u.name, '', o.code, ''
        FROM roster_missing m JOIN orgchart_person p ON p.id = m.person_id
        JOIN orgchart_organization o ON o.id = m.organization_id
        JOIN roster_unit u ON u.code = o.code
        ORDER BY p.last_name, p.first_name, p.dod_id""",  # noqa: S608
    "organization_new": f"""
        SELECT r.code, r.name, '', {UNIT_NOW}, '', r.parent_code FROM roster_organization r
        WHERE NOT EXISTS (SELECT FROM roster_unit_known k WHERE k.line = r.line) ORDER BY r.line""",  # noqa: S608
    "organization_changed": f"""
        SELECT r.code, r.name, {UNIT_WAS}, {UNIT_NOW}, coalesce(parent.code, ''), r.parent_code
        FROM roster_unit_known k JOIN roster_organization r USING (line)
        JOIN orgchart_organization o ON o.id = k.id
        LEFT JOIN orgchart_organization parent ON parent.id = o.parent_id
        LEFT JOIN orgchart_person head ON head.id = o.head_id
        WHERE k.changed ORDER BY r.line""",  # noqa: S608
}

# The same of rows that are held, where nobody was before.
FIRST_QUERIES: dict[Kind, str] = {
    "joined": f"""
        SELECT p.dod_id, {P}, '', a.position_title || ', ' || o.name, '', o.code
        FROM orgchart_assignment a JOIN orgchart_person p ON p.id = a.employee_id
        JOIN orgchart_organization o ON o.id = a.organization_id ORDER BY a.id""",  # noqa: S608
    "organization_new": f"""
        SELECT o.code, o.name, '', {UNIT_WAS}, '', coalesce(parent.code, '')
        FROM orgchart_organization o
        LEFT JOIN orgchart_organization parent ON parent.id = o.parent_id
        LEFT JOIN orgchart_person head ON head.id = o.head_id ORDER BY o.id""",  # noqa: S608
}


def count(cursor: CursorWrapper) -> Counts:
    cursor.execute(COUNTS)
    return Counts(*cursor.fetchone())


class ReadChanges:
    """For as long as the transaction lasts, and of what is staged, as long as nothing of it is written."""

    def __init__(self, queries: Mapping[Kind, str]) -> None:
        self._queries = queries

    def __iter__(self) -> Iterator[Change]:
        for kind in KINDS:
            yield from self.of(kind)

    def of(self, kind: Kind) -> Iterator[Change]:
        if kind not in self._queries:
            return
        with connection.chunked_cursor() as cursor:
            cursor.execute(self._queries[kind])
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                for row in rows:
                    yield Change(kind, *row)
