"""A roster in the browser becomes a job: its files in pieces, its progress, what the check found."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgchart", "0005_looked_up_in_the_index"),
    ]

    operations = [
        # What waits here waits a day at most, and what was applied is an event.
        migrations.RunSQL("DELETE FROM orgchart_rosterupload", reverse_sql=migrations.RunSQL.noop),
        migrations.CreateModel(
            name="RosterChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("number", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=40)),
                ("name", models.TextField()),
                ("was", models.TextField(blank=True)),
                ("now", models.TextField(blank=True)),
                ("was_key", models.CharField(blank=True, max_length=40)),
                ("now_key", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="RosterChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.CharField(
                        choices=[("organizations", "Organizations"), ("employees", "People")],
                        max_length=13,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="RosterProblem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("file", models.CharField(max_length=40)),
                ("line", models.PositiveIntegerField()),
                ("column", models.CharField(blank=True, max_length=40)),
                ("value", models.TextField(blank=True)),
                ("message", models.TextField()),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="rosterupload",
            name="roster_upload_emptied",
        ),
        migrations.RemoveField(
            model_name="rosterupload",
            name="employees_file",
        ),
        migrations.RemoveField(
            model_name="rosterupload",
            name="organizations_file",
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="counts",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="done",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="employees_name",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="finished_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="heartbeat",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="note",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="organizations_name",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="problem_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="separate_missing",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="step",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="rosterupload",
            name="total",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="rosterupload",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("checking", "Being checked"),
                    ("checked", "Checked"),
                    ("applying", "Being applied"),
                    ("applied", "Applied"),
                    ("discarded", "Discarded"),
                    ("failed", "Stopped"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterupload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "waiting",
                            "checking",
                            "checked",
                            "applying",
                            "applied",
                            "discarded",
                            "failed",
                        ],
                    )
                ),
                name="roster_upload_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterupload",
            constraint=models.CheckConstraint(
                condition=models.Q(("total", 0), ("done__lte", models.F("total")), _connector="OR"),
                name="roster_upload_done_of_total",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterupload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("finished_at__isnull", False), ("state__in", ["applied", "discarded"])
                    ),
                    models.Q(
                        models.Q(("state__in", ["applied", "discarded"]), _negated=True),
                        ("finished_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="roster_upload_over_has_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterupload",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["applied", "discarded"]), _negated=True),
                fields=("uploaded_by",),
                name="roster_upload_one_open_each",
            ),
        ),
        migrations.AddField(
            model_name="rosterchange",
            name="upload",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="orgchart.rosterupload",
            ),
        ),
        migrations.AddField(
            model_name="rosterchunk",
            name="upload",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="chunks",
                to="orgchart.rosterupload",
            ),
        ),
        migrations.AddField(
            model_name="rosterproblem",
            name="upload",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="problems",
                to="orgchart.rosterupload",
            ),
        ),
        # The pieces are text that is read once: squeezing them would only take time.
        migrations.RunSQL(
            "ALTER TABLE orgchart_rosterchunk ALTER COLUMN content SET STORAGE EXTERNAL",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="rosterchange",
            constraint=models.UniqueConstraint(
                fields=("upload", "kind", "number"), name="roster_change_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterchunk",
            constraint=models.UniqueConstraint(
                fields=("upload", "file", "number"), name="roster_chunk_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterproblem",
            constraint=models.UniqueConstraint(
                fields=("upload", "number"), name="roster_problem_numbered"
            ),
        ),
    ]
