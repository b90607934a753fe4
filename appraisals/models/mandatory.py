"""The wording of a mandatory element through time, and putting it into every plan it binds (R3.8)."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from appraisals.models.cycle import MandatoryElement

SILENCE = dt.timedelta(seconds=20)
"""After this a worker that says nothing is taken for dead."""


class MandatoryWording(models.Model):
    """What a mandatory element said from one save to the next. Rows are only ever added."""

    CONTENT = ("title", "description", "standards")

    element = models.ForeignKey(MandatoryElement, on_delete=models.PROTECT, related_name="wordings")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    standards = models.TextField()
    by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class MandatoryPush(models.Model):
    """One round of putting an element into the plans it binds, done by a worker plan by plan."""

    class State(models.TextChoices):
        WORKING = "working", "At work"
        DONE = "done", "Done"

    element = models.ForeignKey(MandatoryElement, on_delete=models.PROTECT, related_name="pushes")
    by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    request_key = models.UUIDField(unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WORKING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    put_in = models.PositiveIntegerField(default=0, help_text="Drafts that hold it at once")
    changed = models.PositiveIntegerField(default=0, help_text="Approved plans that got a change")
    told = models.PositiveIntegerField(
        default=0, help_text="Plans that hold it in words of their own, which somebody looks at"
    )
    step = models.CharField(max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    heartbeat = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", finished_at__isnull=False)
                | Q(state="working", finished_at__isnull=True),
                name="a_push_ends_when_it_is_done",
            ),
            models.UniqueConstraint(
                fields=["element"], condition=Q(state="working"), name="one_push_of_an_element"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element_id}: {self.get_state_display()}"

    @staticmethod
    def free() -> Q:
        """Nobody is at work on it: never begun, or silent for too long by the database's clock."""
        silent = Q(heartbeat__isnull=True) | Q(heartbeat__lt=Now() - SILENCE)
        return Q(state="working") & silent
