"""What is written of work that is not good enough (R10) is only added to, and in no count of a unit."""

from django.db import migrations

TABLES = [
    "appraisals_opportunityextension",
    "appraisals_opportunitymeeting",
    "appraisals_meetingword",
    "appraisals_morecurrentrating",
]
CONFIDENTIAL = (
    "'early_talk', 'opportunity_notice', 'opportunity_result', 'proposed_action', "
    "'more_current_rating'"
)
OF_A_RECORD = "JOIN appraisals_document d ON d.appraisal_id = record.id"
RETURNED = "WHERE e.name = 'return_for_change'"
REPLACED = [
    (OF_A_RECORD, f"{OF_A_RECORD} AND d.kind NOT IN ({CONFIDENTIAL})"),
    (
        RETURNED,
        f"""{RETURNED} AND NOT EXISTS (
        SELECT FROM appraisals_document hidden
        WHERE hidden.id = e.document_id AND hidden.kind IN ({CONFIDENTIAL})
    )""",
    ),
]


def trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION orgchart_append_only()",
        f"DROP TRIGGER only_added ON {table}",
    )


def _rewritten(schema_editor, pairs):
    """As the function stands now, whatever changed it since it was made."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef('appraisals_standing_among(bigint[], bigint[])'::regprocedure)"
        )
        (body,) = cursor.fetchone()
        for old, new in pairs:
            if body.count(old) != 1:
                raise RuntimeError(f"appraisals_standing_among has not once: {old}")
            body = body.replace(old, new)
        cursor.execute(body)


def hide(apps, schema_editor):
    _rewritten(schema_editor, REPLACED)


def show(apps, schema_editor):
    _rewritten(schema_editor, [(new, old) for old, new in REPLACED])


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0024_when_work_is_not_good_enough")]

    operations = [
        *(trigger(table) for table in TABLES),
        migrations.RunPython(hide, show),
    ]
