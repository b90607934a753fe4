"""Check-ins of an employee with whoever rates them: a shared agenda, and actions that carry over until done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from appraisals.models.talk import of_the_two
from orgchart.models import Person


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, user: Person) -> CheckInQuerySet:
        """The employee and whoever rates them now: not the reviewer, not HR, not a former official."""
        return self.filter(of_the_two(user, "employee"))

    def planned(self) -> CheckInQuerySet:
        return self.filter(held_on=None)


class CheckIn(models.Model):
    """A talk in between. Planned, then held; one at a time is planned with an employee."""

    SUMMARY_LIMIT = 2000

    employee = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField()
    planned_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(null=True)
    official = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    summary = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employee"],
                condition=Q(held_on__isnull=True),
                name="one_check_in_is_planned",
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True, recorded_by__isnull=True, summary="")
                | Q(held_on__isnull=False, recorded_by__isnull=False, recorded_at__isnull=False),
                name="who_held_a_check_in_says_so",
            ),
        ]

    def __str__(self) -> str:
        return f"Check-in {self.pk}"


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, user: Person) -> AgendaItemQuerySet:
        return self.filter(of_the_two(user, "employee"))


class AgendaItem(models.Model):
    """Something one of the two wants to talk about. It waits until it was talked about at a check-in."""

    TEXT_LIMIT = 500

    employee = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    added_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    check_in = models.ForeignKey(
        CheckIn, on_delete=models.PROTECT, null=True, related_name="talked_about"
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="an_agenda_item_says_something")
        ]

    def __str__(self) -> str:
        return f"Agenda item {self.pk}"


class AgreedActionQuerySet(models.QuerySet["AgreedAction"]):
    def visible_to(self, user: Person) -> AgreedActionQuerySet:
        return self.filter(of_the_two(user, "employee"))

    def still_open(self) -> AgreedActionQuerySet:
        return self.filter(outcome="")


class AgreedAction(models.Model):
    """What one of the two promised. `by_employee`: the employee does it, else whoever rates them."""

    TEXT_LIMIT = 500

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        DROPPED = "dropped", "No longer needed"

    employee = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    check_in = models.ForeignKey(
        CheckIn, on_delete=models.PROTECT, null=True, related_name="actions"
    )
    text = models.TextField()
    by_employee = models.BooleanField()
    due_on = models.DateField(null=True)
    agreed_on = models.DateField()
    agreed_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AgreedActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="an_action_says_what"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_on__isnull=True, ended_by__isnull=True)
                | Q(
                    outcome__in=["done", "dropped"],
                    ended_on__isnull=False,
                    ended_by__isnull=False,
                ),
                name="an_action_ends_with_its_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"Action {self.pk}"
