"""Another installation, played by this database with everything forgotten that it would not know.

Rows go with triggers and foreign keys switched off, as they would not be there at all; what is new afterwards gets
other primary keys. Every test that does this is rolled back.
"""

import io
from typing import Any

from django.db import connection

from appraisals.destroying import let_go
from appraisals.models import Appraisal, SentFile
from appraisals.parts import PARTS
from appraisals.services.exporting import content_of
from appraisals.transfer.choosing import Chosen, everything
from appraisals.transfer.container import RecordFile, canonical, packed, unpacked
from orgchart.models import Person
from tests.cast import Cast

KNOWN_THERE = ("employee", "hr", "colleague", "reviewer_elsewhere", "leader")
"""The employee who came, HR, and enough of the line above them."""
FORGOTTEN = (
    "appraisals_goal",
    "appraisals_mandatoryelement",
    "appraisals_policyedition",
    "appraisals_milestone",
    "appraisals_appraisalcycle",
    "appraisals_receivedfile",
)


def file_of(employee: Person, chosen: Chosen | None = None, *, key: str = "") -> RecordFile:
    content, files = content_of(employee, chosen or everything(employee), SentFile.Purpose.WHOLE)
    return unpacked(io.BytesIO(packed(content, files, key=key)))


def forget_records(record: Appraisal) -> None:
    let_go(record)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for part in reversed(PARTS):
            keys = list(part.of([record.pk]).values_list("pk", flat=True))
            cursor.execute(
                f"DELETE FROM {part.model._meta.db_table} WHERE id = ANY(%s)",  # noqa: S608
                [keys],
            )
        cursor.execute("DELETE FROM appraisals_recordstanding")
        cursor.execute("SET LOCAL session_replication_role = origin")


def forget_the_program(cast: Cast) -> None:
    """Officials, policy, cycles and goals: another department would have others."""
    gone = [person.pk for key, person in cast.people.items() if key not in KNOWN_THERE]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in FORGOTTEN:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        cursor.execute("DELETE FROM orgchart_person WHERE id = ANY(%s)", [gone])
        cursor.execute("UPDATE orgchart_organization SET name = name || ' there', head_id = NULL")
        cursor.execute("SET LOCAL session_replication_role = origin")


def told(file: RecordFile) -> dict[str, Any]:
    """What the file says of the records, without what only says how they travelled."""
    rows = {
        label: [row for row in listed if row.get("name") not in ("received", "sent")]
        for label, listed in file.content["rows"].items()
    }
    text = canonical(rows).decode()
    named = {name: each for name, each in file.content["references"].items() if name in text}
    return {"rows": rows, "references": named, "files": file.content["files"]}
