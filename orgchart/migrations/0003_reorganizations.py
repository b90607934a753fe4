import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgchart", "0002_what_must_never_be"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="closed_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name="Reorganization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("move", "Move under another unit"),
                            ("rename", "Rename"),
                            ("merge", "Merge into another unit"),
                            ("close", "Close"),
                            ("reopen", "Reopen"),
                            ("head", "Appoint a head"),
                            ("supervisor", "Change a supervisor"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("whole_team", models.BooleanField(default=False)),
                ("officials_follow", models.BooleanField(default=False)),
                ("effective_on", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("planned_on", models.DateField()),
                ("planned_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("applied", "Done"),
                            ("undone", "Taken back"),
                            ("failed", "Could not be done"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(blank=True)),
                ("request_key", models.UUIDField(null=True, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "former_supervisor",
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
                        related_name="reorganizations",
                        to="orgchart.organization",
                    ),
                ),
                ("people", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorganizations_into",
                        to="orgchart.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["effective_on"],
                        name="reorganization_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "move",
                                    "rename",
                                    "merge",
                                    "close",
                                    "reopen",
                                    "head",
                                    "supervisor",
                                ],
                            )
                        ),
                        name="reorganization_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "applied", "undone", "failed"])
                        ),
                        name="reorganization_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("kind", "move"), _negated=True),
                                ("target__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("kind", "merge"), _negated=True),
                                ("target__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("kind", "rename"), _negated=True),
                                models.Q(("name", ""), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("kind", "supervisor"), _negated=True),
                                ("person__isnull", False),
                                _connector="OR",
                            ),
                        ),
                        name="reorganization_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("target", None),
                            models.Q(("target", models.F("organization")), _negated=True),
                            _connector="OR",
                        ),
                        name="reorganization_not_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person", None),
                            ("former_supervisor", None),
                            models.Q(("person", models.F("former_supervisor")), _negated=True),
                            _connector="OR",
                        ),
                        name="reorganization_another_supervisor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state", "planned")),
                            models.Q(
                                models.Q(("state", "planned"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reorganization_settled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reorganization_failure_explained",
                    ),
                ],
            },
        ),
    ]
