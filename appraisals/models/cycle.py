"""The year and its rules: cycles with milestones, policy editions, mandatory elements."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from appraisals import rules


class AppraisalCycle(models.Model):
    """One appraisal year of an organization and everything below it (R1.1, R1.12)."""

    name = models.CharField(max_length=40)
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="appraisal_cycles"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    effective_on = models.DateField()
    opened_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "starts_on"], name="one_cycle_per_organization_and_start"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="cycle_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(effective_on__gt=F("ends_on")), name="cycle_effective_after_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MilestoneKind(models.TextChoices):
    PLAN_DUE = "plan_due", "Plans approved and acknowledged"
    PROGRESS_REVIEW_DUE = "progress_review_due", "Progress reviews held"
    INPUT_DUE = "input_due", "Employee input"
    APPRAISAL_DUE = "appraisal_due", "Appraisals sent to the higher level reviewer"
    REVIEW_DUE = "review_due", "Higher level reviews finished"
    DISCUSSION_DUE = "discussion_due", "Appraisals discussed with employees"
    ACKNOWLEDGMENT_DUE = "acknowledgment_due", "Appraisals acknowledged"


class Milestone(models.Model):
    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=24, choices=MilestoneKind.choices)
    due_on = models.DateField()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "kind"], name="one_milestone_of_a_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=MilestoneKind.values), name="milestone_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.due_on}"


def validate_policy_values(values: dict[str, Any]) -> None:
    """Refuse what `rules.Policy` does not know or cannot mean: a slip never passes for a rule."""
    problems = rules.policy_problems(values)
    if problems:
        raise ValidationError([problem.message for problem in problems])


def policy_of(values: Mapping[str, Any]) -> rules.Policy:
    """The rule book, with what these values change."""
    changed: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return rules.Policy(**changed)


class PolicyEdition(models.Model):
    """The numbers and switches in force for an organization from a date on.

    `values` holds only what differs from the defaults of `rules.Policy`.
    """

    name = models.CharField(max_length=120)
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="policy_editions"
    )
    effective_on = models.DateField()
    values = models.JSONField(default=dict, blank=True, validators=[validate_policy_values])
    core_values = models.TextField(blank=True)
    written_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "effective_on"], name="one_edition_per_organization_and_day"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def rules(self) -> rules.Policy:
        return policy_of(self.values)


class MandatoryElement(models.Model):
    """An element every plan of a group must carry while it is in force (R3.8)."""

    class AppliesTo(models.TextChoices):
        EVERYONE = "everyone", "Everyone"
        SUPERVISORS = "supervisors", "Supervisors"

    code = models.SlugField(max_length=40, unique=True)
    rule = models.CharField(max_length=12)
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="mandatory_elements"
    )
    applies_to = models.CharField(max_length=12, choices=AppliesTo.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    standards = models.TextField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="mandatory_element_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.title
