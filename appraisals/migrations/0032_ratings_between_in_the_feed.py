import django.db.models.deletion
from django.db import migrations, models

# A line is only ever added; this once it learns of which record it is.
OF_WHICH_RECORD = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE appraisals_feedline DISABLE TRIGGER only_added;
UPDATE appraisals_feedline line SET appraisal_id = rating.appraisal_id
FROM appraisals_ratingofrecord rating WHERE rating.id = line.rating_id;
ALTER TABLE appraisals_feedline ENABLE TRIGGER only_added;
"""


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0031_early_appraisals_are_due_early")]

    operations = [
        migrations.AddField(
            model_name="feedline",
            name="appraisal",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="feed_lines",
                to="appraisals.appraisal",
            ),
        ),
        migrations.AddField(
            model_name="feedline",
            name="more_current",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="feed_lines",
                to="appraisals.morecurrentrating",
            ),
        ),
        migrations.AlterField(
            model_name="feedline",
            name="rating",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="feed_lines",
                to="appraisals.ratingofrecord",
            ),
        ),
        migrations.RunSQL(OF_WHICH_RECORD, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="feedline",
            name="appraisal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="feed_lines",
                to="appraisals.appraisal",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedline",
            constraint=models.UniqueConstraint(
                fields=("more_current", "attempt"),
                name="a_more_current_rating_is_sent_once_an_attempt",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rating__isnull", True), ("more_current__isnull", True), _connector="XOR"
                ),
                name="a_line_is_of_one_rating",
            ),
        ),
    ]
