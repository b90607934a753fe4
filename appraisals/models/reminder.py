"""When people are reminded and in which words, as HR wrote it; what was sent; addresses of calendars."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from appraisals.models.scope import under_paths
from appraisals.rules.reminders import EARLIEST, LATEST, OCCASIONS, Occasion, Rule, Who
from orgchart.models import Organization

OCCASION_CHOICES = [(occasion.value, OCCASIONS[occasion].label) for occasion in Occasion]
WHO_CHOICES = [
    (Who.HOLDER.value, "Whoever has to act"),
    (Who.EMPLOYEE.value, "The employee"),
    (Who.RATING_OFFICIAL.value, "The rating official"),
    (Who.SECOND_LEVEL.value, "The second-level supervisor"),
    (Who.UNIT_HEAD.value, "The head of the unit"),
]
_OCCASIONS = [occasion.value for occasion in Occasion]
_WHO = [who.value for who in Who]


class ReminderSchedule(models.Model):
    """How an organization and all below it remind of one occasion, from a day on.

    The nearest organization's newest by a day holds on that day. `as_above`: nothing of its own any more.
    Without rules nobody is reminded. Rows are only ever added (a trigger sees to it).
    """

    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="reminder_schedules"
    )
    occasion = models.CharField(max_length=24, choices=OCCASION_CHOICES)
    effective_on = models.DateField()
    as_above = models.BooleanField(default=False)
    written_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(occasion__in=_OCCASIONS), name="reminder_occasion_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()} from {self.effective_on}"

    def as_rules(self) -> tuple[Rule, ...]:
        """Works on schedules with their rules loaded, without a query of its own."""
        return tuple(row.as_rule() for row in self.rules.all())


class ReminderRule(models.Model):
    """On which day, who, in which words. Rows are only ever added (a trigger sees to it)."""

    schedule = models.ForeignKey(ReminderSchedule, on_delete=models.PROTECT, related_name="rules")
    offset = models.SmallIntegerField(help_text="Days from the due day, less than 0 before it")
    who = models.CharField(max_length=16, choices=WHO_CHOICES)
    title = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        ordering = ["offset", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "offset", "who"], name="one_rule_for_a_day_and_people"
            ),
            models.CheckConstraint(condition=Q(who__in=_WHO), name="reminder_who_is_known"),
            models.CheckConstraint(
                condition=Q(offset__gte=EARLIEST, offset__lte=LATEST),
                name="reminder_near_its_due_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def as_rule(self) -> Rule:
        return Rule(self.offset, Who(self.who), self.title, self.text)


class ReminderRun(models.Model):
    """That the reminders of a cycle were looked for on a day, and how many notices that made."""

    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.CASCADE, related_name="reminder_runs"
    )
    day = models.DateField()
    told = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "day"], name="one_reminder_run_a_day")
        ]

    def __str__(self) -> str:
        return f"Reminders of {self.day}"


class PromptQuerySet(models.QuerySet["Prompt"]):
    def under(self, places: list[Organization]) -> PromptQuerySet:
        return self.filter(under_paths([each.path for each in places], "organization__path"))


class Prompt(models.Model):
    """HR reminded everybody in a unit and below of one occasion. Rows are only ever added (a trigger sees to it)."""

    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="prompts"
    )
    occasion = models.CharField(max_length=24, choices=OCCASION_CHOICES)
    late_only = models.BooleanField(default=False)
    told = models.PositiveIntegerField()
    sent_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField()
    sent_at = models.DateTimeField()

    objects = PromptQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(occasion__in=_OCCASIONS), name="prompt_occasion_is_known"
            ),
            models.CheckConstraint(condition=Q(told__gt=0), name="a_prompt_reached_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()} on {self.sent_on}"


class CalendarAddress(models.Model):
    """The secret address of somebody's calendar. `name` alone opens nothing: the address carries its signature."""

    person = models.OneToOneField(
        "orgchart.Person", on_delete=models.PROTECT, related_name="calendar_address"
    )
    name = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(name__regex=r"^[\w-]{22,40}$"), name="calendar_name_is_long_enough"
            )
        ]

    def __str__(self) -> str:
        return f"Calendar {self.pk}"
