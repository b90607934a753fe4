"""A rating that is given because somebody leaves is due by the last day together (R9.5), in counts and lists too."""

from importlib import import_module

from django.db import migrations

earlier = import_module("appraisals.migrations.0025_nobody_counts_it")

COVERS = "d.communicated_on, d.policy_id,"
EDITION = "max(policy_id) FILTER (WHERE kind = 'performance_plan') AS edition_id,"
EXTENDED = "coalesce('@' || record.extended_until::text, '')"
REPLACED = [
    (COVERS, f"{COVERS} d.covers_until,"),
    (
        EDITION,
        f"""{EDITION}
        max(covers_until) FILTER (WHERE kind = 'annual_appraisal' AND at < 5) AS together_until,""",
    ),
    (EXTENDED, f"{EXTENDED} || coalesce('!' || come.together_until::text, '')"),
]
UNDER_WAY = """
SELECT appraisals_refresh_standing(array_agg(employee_id), array_agg(cycle_id)) FROM (
    SELECT a.employee_id, a.cycle_id FROM appraisals_document d
    JOIN appraisals_appraisal a ON a.id = d.appraisal_id
    WHERE d.kind = 'annual_appraisal' AND d.covers_until IS NOT NULL AND d.state <> 'acknowledged'
) AS touched
"""


def due_early(apps, schema_editor):
    earlier._rewritten(schema_editor, REPLACED)


def due_with_the_others(apps, schema_editor):
    earlier._rewritten(schema_editor, [(new, old) for old, new in REPLACED])


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0030_editions_stay")]

    operations = [
        migrations.RunPython(due_early, due_with_the_others),
        migrations.RunSQL(UNDER_WAY, UNDER_WAY),
    ]
