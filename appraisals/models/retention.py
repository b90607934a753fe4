"""How long records are kept: holds, lists of what is to be destroyed, and what is left to say that it was (R13)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from appraisals.models.scope import hr_paths, under_paths
from orgchart.models import Person

SHA256 = r"^[0-9a-f]{64}$"


class HoldQuerySet(models.QuerySet["Hold"]):
    def visible_to(self, user: Person) -> HoldQuerySet:
        """HR of the organization it was placed in, or of one above it."""
        return self.filter(under_paths(hr_paths(user), "organization__path"))

    def active(self) -> HoldQuerySet:
        return self.filter(lifted_at__isnull=True)


class Hold(models.Model):
    """Nothing of these records is destroyed while it stands. Without a cycle: of all years of this person."""

    employee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holds")
    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, null=True, related_name="+"
    )
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    authority = models.CharField(max_length=200)
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.TextField(blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="a_hold_is_lifted_by_somebody_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(authority=""), name="a_hold_has_reason_and_authority"
            ),
        ]

    def __str__(self) -> str:
        return f"Hold {self.pk}"


class DestructionListQuerySet(models.QuerySet["DestructionList"]):
    def visible_to(self, user: Person) -> DestructionListQuerySet:
        return self.filter(under_paths(hr_paths(user), "organization__path"))


class DestructionList(models.Model):
    """What one person found due and another looked through and confirmed. It is never deleted."""

    class State(models.TextChoices):
        DRAWN_UP = "drawn_up", "To be confirmed"
        CONFIRMED = "confirmed", "Being destroyed"
        DONE = "done", "Destroyed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="destruction_lists"
    )
    state = models.CharField(max_length=9, choices=State, default=State.DRAWN_UP)
    drawn_up_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drawn_up_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    objects = DestructionListQuerySet.as_manager()

    class Meta:
        ordering = ["-drawn_up_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="drawn_up", confirmed_by__isnull=True, ended_at__isnull=True)
                | Q(state="confirmed", confirmed_by__isnull=False, ended_at__isnull=True)
                | Q(state="done", confirmed_by__isnull=False, ended_at__isnull=False)
                | Q(state="withdrawn", confirmed_by__isnull=True, ended_at__isnull=False),
                name="destruction_list_state_has_its_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by=F("drawn_up_by"))),
                name="destruction_is_confirmed_by_another_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Destruction list {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("destruction_list", args=[self.pk])


class DestructionItem(models.Model):
    """One thing on a list. Once its content is gone this row is what is left: that it was, and why it is not.

    `record` is the number the record had, so that nothing has to be kept for it. `counts` says how many
    rows of which kind went. No text, no rating, no name of an official stands here.
    """

    class What(models.TextChoices):
        RECORD = "record", "The whole record"
        SUPERSEDED = "superseded", "A rating that another one replaced"

    class State(models.TextChoices):
        LISTED = "listed", "On the list"
        STRUCK = "struck", "Struck off"
        KEPT = "kept", "Kept after all"
        DESTROYED = "destroyed", "Destroyed"

    on_list = models.ForeignKey(DestructionList, on_delete=models.PROTECT, related_name="items")
    record = models.BigIntegerField()
    employee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="destroyed_records")
    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="+"
    )
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="+"
    )
    what = models.CharField(max_length=10, choices=What)
    rule = models.CharField(max_length=12)
    kept_until = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.LISTED)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    destroyed_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    files = models.JSONField(default=list, help_text="Still to be deleted from the disk")

    class Meta:
        ordering = ["on_list", "employee__last_name", "employee__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "what"],
                condition=Q(state="listed"),
                name="on_one_destruction_list_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="listed", reason="", destroyed_at__isnull=True)
                | (Q(state__in=["struck", "kept"], destroyed_at__isnull=True) & ~Q(reason=""))
                | Q(state="destroyed", destroyed_at__isnull=False),
                name="destruction_item_says_what_became_of_it",
            ),
            models.CheckConstraint(
                condition=Q(what__in=["record", "superseded"]), name="destruction_is_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.record}"


class RowToDestroy(models.Model):
    """A row that may be deleted or emptied, in this transaction alone, although its table only ever grows.

    Triggers hold it: there is none without an item that two persons agreed on, none while a hold stands, and
    none is left when the transaction ends.
    """

    item = models.ForeignKey(DestructionItem, on_delete=models.PROTECT, related_name="+")
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table_name", "row_id"], name="a_row_is_destroyed_once")
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id}"


class KeptStatistic(models.Model):
    """How many ratings of a level a destroyed year had: a number without a person (R13.5)."""

    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="+"
    )
    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="+"
    )
    level = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField()

    class Meta:
        ordering = ["cycle", "-level"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "cycle", "level"], name="one_statistic_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(level__in=[0, 1, 3, 5]), name="statistic_is_of_a_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.people} rated {self.level}"
