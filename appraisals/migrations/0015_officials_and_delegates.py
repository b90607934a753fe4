import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GIVEN = "principal_id, delegate_id, starts_on, ends_on, reason, made_by_id, made_at"


class Migration(migrations.Migration):
    dependencies = [
        ("appraisals", "0014_feed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="element",
            name="written_for",
            field=models.ForeignKey(
                db_index=False,
                help_text="The rating official whose delegate wrote it (R8.4)",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="section",
            name="written_for",
            field=models.ForeignKey(
                db_index=False,
                help_text="The rating official whose delegate wrote it (R8.4)",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="textversion",
            name="written_for",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=500)),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_held",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("principal", models.F("delegate")), _negated=True),
                        name="nobody_drafts_for_themselves",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="a_delegation_ends_after_its_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="a_delegation_has_its_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("end_reason", ""),
                                ("ended_at__isnull", True),
                                ("ended_by__isnull", True),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_early_end_says_who_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfficialChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("rating_official", "Rating official"),
                            ("higher_level_reviewer", "Higher level reviewer"),
                        ],
                        max_length=24,
                    ),
                ),
                ("effective_on", models.DateField()),
                (
                    "appraisal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_changes",
                        to="appraisals.appraisal",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_changes",
                        to="appraisals.appraisalevent",
                    ),
                ),
                (
                    "former",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("office__in", ["rating_official", "higher_level_reviewer"])
                        ),
                        name="office_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("event", "office"), name="an_event_changes_an_office_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("former__isnull", False),
                                ("successor__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(("former", models.F("successor")), _negated=True),
                        ),
                        name="an_office_goes_to_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("office", "rating_official"), _negated=True),
                            models.Q(("former__isnull", False), ("successor__isnull", False)),
                            _connector="OR",
                        ),
                        name="somebody_always_rates",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON appraisals_officialchange "
            "FOR EACH ROW EXECUTE FUNCTION orgchart_append_only()",
            "DROP TRIGGER only_added ON appraisals_officialchange",
        ),
        # What was given stays as it was given; an early end is added once.
        migrations.RunSQL(
            f"CREATE TRIGGER as_given BEFORE DELETE OR UPDATE OF {GIVEN} ON appraisals_delegation "
            "FOR EACH ROW EXECUTE FUNCTION orgchart_append_only();"
            "CREATE TRIGGER ended_once BEFORE UPDATE ON appraisals_delegation "
            "FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION orgchart_append_only()",
            "DROP TRIGGER as_given ON appraisals_delegation;"
            "DROP TRIGGER ended_once ON appraisals_delegation",
        ),
    ]
