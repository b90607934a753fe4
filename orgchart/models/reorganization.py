"""A change of the organization that somebody decided: from today on, or from a day ahead."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from orgchart.models.organization import Organization
from orgchart.models.person import Person


class Kind(models.TextChoices):
    MOVE = "move", "Move under another unit"
    RENAME = "rename", "Rename"
    MERGE = "merge", "Merge into another unit"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"
    HEAD = "head", "Appoint a head"
    SUPERVISOR = "supervisor", "Change a supervisor"


class State(models.TextChoices):
    PLANNED = "planned", "Planned"
    APPLIED = "applied", "Done"
    UNDONE = "undone", "Taken back"
    FAILED = "failed", "Could not be done"


def _only(kind: Kind, **fields: object) -> Q:
    return ~Q(kind=kind) | Q(**fields)


class ReorganizationQuerySet(models.QuerySet["Reorganization"]):
    def with_names(self) -> ReorganizationQuerySet:
        return self.select_related(
            "organization", "target", "person", "former_supervisor", "by", "settled_by"
        )

    def due_on(self, day: date) -> ReorganizationQuerySet:
        """In the order in which they are to be carried out."""
        return self.filter(state=State.PLANNED, effective_on__lte=day).order_by(
            "effective_on", "pk"
        )


class Reorganization(models.Model):
    """What is to happen to `organization`, and what came of it.

    `target` is the unit it moves under or is merged into. `person` is the new head (nobody: the place
    falls vacant), who heads `target` after a merger (nobody: as it is), or the new supervisor of those
    who answer to `former_supervisor`: of `people`, or of the whole team as it is on the day.
    """

    Kind, State = Kind, State

    kind = models.CharField(max_length=12, choices=Kind)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="reorganizations"
    )
    target = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="reorganizations_into"
    )
    name = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    former_supervisor = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )
    people = models.ManyToManyField(Person, related_name="+")
    whole_team = models.BooleanField(default=False)
    officials_follow = models.BooleanField(default=False)
    effective_on = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField()
    planned_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(blank=True)
    request_key = models.UUIDField(null=True, unique=True)

    objects = ReorganizationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["effective_on"], name="reorganization_due", condition=Q(state="planned")
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="reorganization_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="reorganization_known_state"
            ),
            models.CheckConstraint(
                condition=_only(Kind.MOVE, target__isnull=False)
                & _only(Kind.MERGE, target__isnull=False)
                & (~Q(kind=Kind.RENAME) | ~Q(name=""))
                & _only(Kind.SUPERVISOR, person__isnull=False),
                name="reorganization_says_what",
            ),
            models.CheckConstraint(
                condition=Q(target=None) | ~Q(target=F("organization")),
                name="reorganization_not_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(person=None)
                | Q(former_supervisor=None)
                | ~Q(person=F("former_supervisor")),
                name="reorganization_another_supervisor",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", settled_at=None)
                | (~Q(state="planned") & Q(settled_at__isnull=False)),
                name="reorganization_settled",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(outcome=""),
                name="reorganization_failure_explained",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.organization}"

    def get_absolute_url(self) -> str:
        return reverse("reorganization_detail", args=[self.pk])

    @property
    def is_ahead(self) -> bool:
        return self.state == State.PLANNED
