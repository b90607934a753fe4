import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLES = [
    "appraisals_ratingamendment",
    "appraisals_feedbatch",
    "appraisals_feedline",
    "appraisals_feedreceipt",
    "appraisals_feedanswer",
    "appraisals_feedretry",
]


def only_added(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION orgchart_append_only()",
        f"DROP TRIGGER only_added ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("appraisals", "0013_reminders"),
        ("orgchart", "0009_units_found_where_they_stand"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("made_at", models.DateTimeField()),
                ("ratings", models.PositiveIntegerField(help_text="Sent for the first time")),
                ("corrections", models.PositiveIntegerField()),
                (
                    "repeated",
                    models.PositiveIntegerField(help_text="Sent again after they were refused"),
                ),
                ("content_hash", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField(help_text="Bytes")),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feed_batches",
                        to="appraisals.appraisalcycle",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feed_batches",
                        to="orgchart.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="FeedLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("version", models.PositiveSmallIntegerField()),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("content", models.TextField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="appraisals.feedbatch",
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feed_lines",
                        to="appraisals.ratingofrecord",
                    ),
                ),
            ],
            options={
                "ordering": ["batch", "number"],
            },
        ),
        migrations.CreateModel(
            name="FeedReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content_hash", models.CharField(max_length=64)),
                ("read_at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="appraisals.feedbatch",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="FeedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accepted", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="appraisals.feedline",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="appraisals.feedreceipt",
                    ),
                ),
            ],
            options={
                "ordering": ["line"],
            },
        ),
        migrations.CreateModel(
            name="FeedRetry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retry",
                        to="appraisals.feedline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RatingAmendment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("level", models.PositiveSmallIntegerField()),
                ("rated_sum", models.PositiveSmallIntegerField()),
                ("rated_count", models.PositiveSmallIntegerField()),
                (
                    "levels",
                    models.JSONField(help_text="Of the elements, in their order; 0 is not rated"),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("informal", "Informal request"),
                            ("grievance", "Grievance"),
                            ("eeo", "Equal employment opportunity"),
                            ("settlement", "Settlement"),
                            ("correction", "Correction"),
                        ],
                        max_length=12,
                    ),
                ),
                ("authority", models.CharField(max_length=200)),
                ("decided_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="appraisals.ratingofrecord",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["rating", "version"],
            },
        ),
        migrations.AddConstraint(
            model_name="feedbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("content_hash__regex", "^[0-9a-f]{64}$")),
                name="batch_has_its_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ratings__gte", 1),
                    ("corrections__gte", 1),
                    ("repeated__gte", 1),
                    _connector="OR",
                ),
                name="no_batch_is_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedline",
            constraint=models.UniqueConstraint(
                fields=("batch", "number"), name="lines_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedline",
            constraint=models.UniqueConstraint(
                fields=("rating", "version", "attempt"), name="a_version_is_sent_once_an_attempt"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedreceipt",
            constraint=models.UniqueConstraint(
                fields=("batch", "content_hash"), name="a_receipt_is_read_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="a_refusal_has_its_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingamendment",
            constraint=models.UniqueConstraint(
                fields=("rating", "version"), name="versions_of_a_rating_count_up"
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingamendment",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 2)), name="an_amendment_comes_after"
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingamendment",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", [1, 3, 5]), ("rated_count__gte", 1)),
                name="an_amended_rating_is_a_rating",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingamendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason__in", ["informal", "grievance", "eeo", "settlement", "correction"])
                ),
                name="an_amendment_has_a_known_reason",
            ),
        ),
        *(only_added(table) for table in TABLES),
    ]
