"""A roster on its way through the browser: the files, the job on them and what the check found."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from orgchart.models.organization import Organization
from orgchart.models.person import Person


class RosterUploadQuerySet(models.QuerySet["RosterUpload"]):
    def open(self) -> RosterUploadQuerySet:
        """Not yet applied and not discarded."""
        return self.exclude(state__in=RosterUpload.OVER)

    def due(self) -> RosterUploadQuerySet:
        """Jobs that nobody works on: not begun, or their worker has been silent too long.

        The database's own clock says so: workers are on many machines, and practice mode moves ours.
        """
        silent = Q(heartbeat__isnull=True) | Q(heartbeat__lt=Now() - RosterUpload.SILENCE)
        return self.filter(silent, state__in=RosterUpload.AT_WORK)


class RosterUpload(models.Model):
    """Two files, what shall be done with them, and how far that is."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        DISCARDED = "discarded", "Discarded"
        FAILED = "failed", "Stopped"

    AT_WORK = (State.WAITING, State.CHECKING, State.APPLYING)
    OVER = (State.APPLIED, State.DISCARDED)
    SILENCE = timedelta(minutes=1)

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    effective_on = models.DateField()
    organizations_name = models.CharField(max_length=200)
    employees_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    separate_missing = models.BooleanField(default=False)
    step = models.CharField(max_length=100, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    heartbeat = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True)

    objects = RosterUploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        *("waiting", "checking", "checked", "applying"),
                        *("applied", "discarded", "failed"),
                    ]
                ),
                name="roster_upload_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")), name="roster_upload_done_of_total"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["applied", "discarded"], finished_at__isnull=False)
                | ~Q(state__in=["applied", "discarded"]) & Q(finished_at__isnull=True),
                name="roster_upload_over_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=["uploaded_by"],
                condition=~Q(state__in=["applied", "discarded"]),
                name="roster_upload_one_open_each",
            ),
        ]

    def __str__(self) -> str:
        return f"Roster of {self.uploaded_at:%Y-%m-%d}"

    @property
    def is_at_work(self) -> bool:
        return self.state in self.AT_WORK

    @property
    def may_be_applied(self) -> bool:
        return self.state == self.State.CHECKED and not self.problem_count


class RosterChunk(models.Model):
    """A piece of an uploaded file; gone when the roster is applied or discarded."""

    class File(models.TextChoices):
        ORGANIZATIONS = "organizations", "Organizations"
        EMPLOYEES = "employees", "People"

    upload = models.ForeignKey(
        RosterUpload, on_delete=models.CASCADE, db_index=False, related_name="chunks"
    )
    file = models.CharField(max_length=13, choices=File)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "file", "number"], name="roster_chunk_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.number}"


class RosterChange(models.Model):
    """A `roster.Change`, kept to be read page by page; numbered from 1 within its kind."""

    upload = models.ForeignKey(
        RosterUpload, on_delete=models.CASCADE, db_index=False, related_name="changes"
    )
    kind = models.CharField(max_length=24)
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=40)
    name = models.TextField()
    was = models.TextField(blank=True)
    now = models.TextField(blank=True)
    was_key = models.CharField(max_length=40, blank=True)
    now_key = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "kind", "number"], name="roster_change_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class RosterProblem(models.Model):
    """A `roster.Problem`, kept likewise."""

    upload = models.ForeignKey(
        RosterUpload, on_delete=models.CASCADE, db_index=False, related_name="problems"
    )
    number = models.PositiveIntegerField()
    file = models.CharField(max_length=40)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=40, blank=True)
    value = models.TextField(blank=True)
    message = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="roster_problem_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"
