"""What a first load sets aside and must leave as it was."""

from django.db import connection

from orgchart.roster import aside

# PostgreSQL writes the casts in an index's condition in another way once it is made again.
SCHEMA = r"""
    SELECT regexp_replace(pg_get_indexdef(indexrelid), '::character varying|::text(\[\])?|[()]', '', 'g')
    FROM pg_index WHERE indrelid = ANY(%(tables)s::regclass[])
    UNION SELECT conname || pg_get_constraintdef(oid) || convalidated FROM pg_constraint
    WHERE conrelid = ANY(%(tables)s::regclass[])
    UNION SELECT tgname || tgenabled::text FROM pg_trigger
    WHERE tgrelid = ANY(%(tables)s::regclass[]) AND NOT tgisinternal"""

TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger
    WHERE tgrelid = ANY(%s::regclass[]) AND NOT tgisinternal"""


def schema() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA, {"tables": aside.TABLES})
        return {row[0] for row in cursor.fetchall()}


def triggers() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS, [aside.TABLES])
        return set(cursor.fetchall())
