from django.db import migrations

TABLES = [
    "appraisals_textversion",
    "appraisals_appraisalevent",
    "appraisals_recordview",
    "appraisals_ratingofrecord",
]


def trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION orgchart_append_only()",
        f"DROP TRIGGER only_added ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("appraisals", "0001_initial"),
        ("orgchart", "0002_what_must_never_be"),
    ]

    operations = [trigger(table) for table in TABLES]
