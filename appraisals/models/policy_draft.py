"""A policy edition while it is written, and its story once it is scheduled.

`PolicyEdition` holds only what is in force or certain to be; whoever asks for the rules never meets a draft.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from appraisals import rules
from appraisals.models.cycle import PolicyEdition, policy_of, validate_policy_values
from appraisals.models.scope import hr_paths, under_paths
from orgchart.models import Person

SILENCE = dt.timedelta(seconds=20)
"""After this a worker that says nothing is taken for dead."""


class PolicyDraftQuerySet(models.QuerySet["PolicyDraft"]):
    def visible_to(self, user: Person) -> PolicyDraftQuerySet:
        """HR of the organization it is written for, or of one above."""
        return self.filter(under_paths(hr_paths(user), "organization__path"))


class PolicyDraft(models.Model):
    """`edition` is what it became on being scheduled; None while it is written, or again once it is withdrawn.

    `foreseen` is what the page said of its effects in the moment it was scheduled.
    """

    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="policy_drafts"
    )
    name = models.CharField(max_length=120)
    effective_on = models.DateField(null=True, blank=True)
    values = models.JSONField(default=dict, blank=True, validators=[validate_policy_values])
    core_values = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    edition = models.OneToOneField(
        PolicyEdition, on_delete=models.SET_NULL, null=True, blank=True, related_name="draft"
    )
    foreseen = models.JSONField(default=list, blank=True)

    objects = PolicyDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(edition__isnull=True) | Q(effective_on__isnull=False),
                name="a_scheduled_edition_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("policy_draft", args=[self.pk])

    @property
    def is_scheduled(self) -> bool:
        return self.edition_id is not None

    def is_ahead(self, today: dt.date) -> bool:
        """Scheduled, and its day has not come: it can still be withdrawn."""
        return self.is_scheduled and self.effective_on is not None and self.effective_on > today

    def rules(self) -> rules.Policy:
        return policy_of(self.values)


class PolicyForecast(models.Model):
    """Whom a draft meets, counted once for what it says now; `found` holds each effect in words with its numbers.

    `question` is all that the numbers hang on but the records themselves: the draft, and what holds there without it.
    """

    class State(models.TextChoices):
        WORKING = "working", "At work"
        DONE = "done", "Done"

    draft = models.OneToOneField(PolicyDraft, on_delete=models.CASCADE, related_name="forecast")
    question = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WORKING)
    found = models.JSONField(default=list, blank=True)
    counted_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    heartbeat = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", counted_at__isnull=False)
                | Q(state="working", counted_at__isnull=True),
                name="a_forecast_is_done_when_it_is_counted",
            )
        ]

    def __str__(self) -> str:
        return f"Forecast of {self.draft_id}: {self.get_state_display()}"

    @staticmethod
    def free() -> Q:
        """Nobody is at work on it: never begun, or silent for too long by the database's clock."""
        silent = Q(heartbeat__isnull=True) | Q(heartbeat__lt=Now() - SILENCE)
        return Q(state="working") & silent
