"""What serves which goal, counted ahead: nobody but the triggers and `appraisals.rollups.goals` writes these.

Whenever an element, a goal's link, a record's unit or a unit's place changes, a trigger appends differences in
the same transaction; a sweep folds them into the kept rows. Keys carry no constraint: a difference must
not lock the goal that everybody serves.
"""

from django.db import models


def _key(to: str, *, db_index: bool = True) -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey(
        to,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=db_index,
        related_name="+",
    )


class GoalCount(models.Model):
    """`straight` elements serve the goal itself; `elements` of `people` serve it or a goal below it."""

    goal = models.OneToOneField(
        "appraisals.Goal",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="+",
    )
    straight = models.IntegerField()
    elements = models.IntegerField()
    people = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.elements} elements, {self.people} people"


class GoalDifference(models.Model):
    """Not folded yet: what a `GoalCount` is to change by."""

    goal = _key("appraisals.Goal")
    straight = models.IntegerField()
    elements = models.IntegerField()
    people = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.elements:+} elements, {self.people:+} people"


class UnitElements(models.Model):
    """Elements of the plans of a unit and all below it, and of the unit's own; how many serve no goal."""

    pk = models.CompositePrimaryKey("organization_id", "cycle_id")
    organization = _key("orgchart.Organization", db_index=False)
    cycle = _key("appraisals.AppraisalCycle", db_index=False)
    elements = models.IntegerField()
    without_goal = models.IntegerField()
    own_elements = models.IntegerField()
    own_without_goal = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.elements} elements, {self.without_goal} without a goal"


class UnitElementsDifference(models.Model):
    """Not folded yet. `is_own`: of the unit's own people, so for all above it too; else for its whole alone."""

    organization = _key("orgchart.Organization", db_index=False)
    cycle = _key("appraisals.AppraisalCycle")
    elements = models.IntegerField()
    without_goal = models.IntegerField()
    is_own = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.elements:+} elements, {self.without_goal:+} without a goal"
