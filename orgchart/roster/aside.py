"""A first load writes nearly every row there is: indexes and foreign keys are set aside and made again at the end.

Built at once they cost a fraction of what they cost row by row, and PostgreSQL checks every row as
it makes them again. The tables are locked meanwhile, which only a place with nobody in it can bear.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import NamedTuple

from django.db.backends.utils import CursorWrapper

from orgchart.roster.outcome import Counts, Progress

TABLES = ["orgchart_person", "orgchart_organization", "orgchart_assignment"]
FEWEST = 20_000
TIMES_AS_MANY = 10

MAKING = "Making indexes and checking references"

OWNED = """
    SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class
    WHERE oid = ANY(%s::regclass[])"""
# The importer writes the same paths, all at once; and whoever joins is noted with the assignment.
NOT_NEEDED = [
    ("orgchart_organization", "organization_new_path"),
    ("orgchart_person", "person_noted_insert"),
]
PEOPLE_HELD = "SELECT count(*) FROM orgchart_person"
# What other constraints refer to stays: the keys of people and organizations.
CONSTRAINTS = """
    SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
    FROM pg_constraint c
    WHERE c.conrelid = ANY(%s::regclass[]) AND c.contype IN ('p', 'u', 'f')
      AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid
                      AND f.oid <> c.oid AND c.contype <> 'f')
    ORDER BY c.contype = 'f', c.conname"""
INDEXES = """
    SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index i
    WHERE i.indrelid = ANY(%s::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
    ORDER BY 2"""


def set_aside_for(
    cursor: CursorWrapper, counts: Counts, progress: Progress
) -> AbstractContextManager[object]:
    return set_aside(cursor, progress) if is_first_load(cursor, counts) else nullcontext()


def is_first_load(cursor: CursorWrapper, counts: Counts) -> bool:
    """Many come to where there are hardly any, and the tables are ours."""
    if counts.joined < FEWEST:
        return False
    cursor.execute(PEOPLE_HELD)
    if cursor.fetchone()[0] * TIMES_AS_MANY > counts.joined:
        return False
    return is_ours(cursor)


def is_ours(cursor: CursorWrapper) -> bool:
    cursor.execute(OWNED, [TABLES])
    return bool(cursor.fetchone()[0])


class ToMake(NamedTuple):
    table: str
    statement: str
    refers: bool


class Aside:
    """What is to be made again at the end, unless it was taken before."""

    def __init__(self, left: list[ToMake]) -> None:
        self.left = left

    def indexes_of(self, *tables: str) -> list[str]:
        """For a caller who goes on with something else while they are made."""
        taken = [each for each in self.left if each.table in tables and not each.refers]
        self.left = [each for each in self.left if each not in taken]
        return [each.statement for each in taken]


@contextmanager
def set_aside(
    cursor: CursorWrapper,
    progress: Progress,
    *,
    also: Sequence[tuple[str, str]] = (),
) -> Iterator[Aside]:
    """`also` are triggers, by table, that the caller does the work of."""
    # Without statistics and indexes a plan must not count on few rows.
    cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(CONSTRAINTS, [TABLES])
    constraints = cursor.fetchall()
    cursor.execute(INDEXES, [TABLES])
    indexes = cursor.fetchall()
    for table, name, _ in reversed(constraints):
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for _, name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    triggers = [*NOT_NEEDED, *also]
    _switch(cursor, triggers, "DISABLE")
    aside = Aside([ToMake(table, statement, refers=False) for table, _, statement in indexes])
    aside.left += [
        ToMake(table, f"ALTER TABLE {table} ADD CONSTRAINT {name} {how}", how.startswith("FOREIGN"))
        for table, name, how in constraints
    ]
    yield aside
    _switch(cursor, triggers, "ENABLE")
    # References are looked up in the indexes, which are in order: that takes a third of the time.
    cursor.execute("SET LOCAL enable_hashjoin = off")
    for number, each in enumerate(aside.left):
        progress(MAKING, number, len(aside.left))
        cursor.execute(each.statement)
    cursor.execute("SET LOCAL enable_hashjoin TO DEFAULT")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _switch(cursor: CursorWrapper, triggers: Sequence[tuple[str, str]], how: str) -> None:
    for table, trigger in triggers:
        cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {trigger}")
