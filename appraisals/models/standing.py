"""Counts that are kept (docs/adr/0006): nobody but the triggers and `appraisals.rollups` writes these.

A `RecordStanding` says where one person stands in one cycle and what they count as. Whenever one changes, a trigger
appends `CountDifference`s in the same transaction; a sweep folds them into `KeptCount`s. Keys carry no
constraint: the rows follow others that have theirs.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

MEASURE = 160


def _key(to: str, *, null: bool = False) -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey(
        to,
        on_delete=models.DO_NOTHING,
        null=null,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )


class RecordStanding(models.Model):
    """A record of a cycle; or, without `appraisal`, the covered assignment of somebody who has none.

    `shape` is `standing.Shape` as a text; `also` is what else this person counts as: "done:plan:3" (in which
    week of the cycle), "waiting:2027-03-20" (sent up on that day), "returned:standards", "rating:grade:GS-11:5", "unrated:military"
    (closed without a rating), "extended:few_days".
    """

    cycle = _key("appraisals.AppraisalCycle")
    organization = _key("orgchart.Organization")
    employee = _key("orgchart.Person")
    supervisor = _key("orgchart.Person", null=True)
    reviewer = _key("orgchart.Person", null=True)
    appraisal = _key("appraisals.Appraisal", null=True)
    assignment = _key("orgchart.Assignment", null=True)
    shape = models.CharField(max_length=MEASURE, db_collation="C")
    also = ArrayField(models.CharField(max_length=MEASURE), default=list)
    since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "appraisal", "assignment"],
                name="standing_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(appraisal__isnull=True) ^ Q(assignment__isnull=True),
                name="standing_of_a_record_or_of_none",
            ),
        ]
        indexes = [
            models.Index(fields=["employee", "cycle"], name="standing_of_somebody"),
            models.Index(fields=["organization", "cycle"], name="standing_in_a_unit"),
            models.Index(fields=["cycle", "shape"], name="standing_alike"),
        ]

    def __str__(self) -> str:
        return self.shape


class KeptCount(models.Model):
    """How many of a cycle count as `measure` in the units below `organization`, at any depth; its own people not."""

    pk = models.CompositePrimaryKey("organization_id", "cycle_id", "measure")
    organization = _key("orgchart.Organization")
    cycle = _key("appraisals.AppraisalCycle")
    measure = models.CharField(max_length=MEASURE, db_collation="C")
    people = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.measure}: {self.people}"


class CountDifference(models.Model):
    """Not folded yet: `people` more count as `measure`.

    `is_own`: of the people of `organization`, so for every unit above it; else for that unit too.
    """

    organization = _key("orgchart.Organization")
    cycle = _key("appraisals.AppraisalCycle")
    measure = models.CharField(max_length=MEASURE, db_collation="C")
    people = models.IntegerField()
    is_own = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.measure}: {self.people:+}"
