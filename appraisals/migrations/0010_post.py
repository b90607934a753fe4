import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appraisals", "0009_stored_forms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=254)),
                ("message_id", models.CharField(max_length=120, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("dead", "Given up"),
                            ("withheld", "Not sent"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=400)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["next_try_at"],
                        name="letter_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")),
                        fields=["claimed_at"],
                        name="letter_sending",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["dead", "withheld"])),
                        fields=["-ended_at"],
                        name="letter_undelivered",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_try_at__isnull", False), ("state", "waiting")),
                            models.Q(("claimed_at__isnull", False), ("state", "sending")),
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ["dead", "withheld"]),
                                models.Q(("last_error", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="letter_state_has_its_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterResend",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("error", models.CharField(max_length=400)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resends",
                        to="appraisals.letter",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.RunSQL(
            "CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON appraisals_letterresend "
            "FOR EACH ROW EXECUTE FUNCTION orgchart_append_only()",
            "DROP TRIGGER only_added ON appraisals_letterresend",
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=120)),
                ("title", models.CharField(max_length=400)),
                ("text", models.TextField(blank=True)),
                ("mail_title", models.CharField(blank=True, max_length=400)),
                ("mail_text", models.TextField(blank=True)),
                ("link", models.CharField(max_length=400)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("post_at", models.DateTimeField(null=True)),
                (
                    "letter",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="appraisals.letter",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["recipient"],
                        name="notice_unread",
                    ),
                    models.Index(
                        condition=models.Q(("letter__isnull", True), ("post_at__isnull", False)),
                        fields=["post_at", "recipient"],
                        name="notice_to_be_posted",
                    ),
                    models.Index(
                        condition=models.Q(("letter__isnull", False)),
                        fields=["letter"],
                        name="notice_of_letter",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("recipient", "key"), name="told_once"),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="notice_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("link__regex", "^/([^/]|$)")),
                        name="notice_links_to_this_site",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("letter__isnull", True),
                            ("post_at__isnull", False),
                            _connector="OR",
                        ),
                        name="only_a_posted_notice_has_a_letter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("at_once", "At once, one e-mail for each"),
                            ("daily", "Once a day, all in one e-mail"),
                            ("weekly", "Once a week, all in one e-mail"),
                            ("calendar", "No e-mail; I look here and in my calendar"),
                        ],
                        default="daily",
                        max_length=10,
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="post_preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rhythm__in", ["at_once", "daily", "weekly", "calendar"])
                        ),
                        name="rhythm_is_known",
                    )
                ],
            },
        ),
    ]
