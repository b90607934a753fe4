"""Forms that HR takes away as a ZIP: what was chosen, the work on it, and who fetched it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from appraisals.models.appraisal import Kind
from orgchart.models import Person


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def of(self, user: Person) -> ArchiveQuerySet:
        """One's own: nobody else's archive exists."""
        return self.filter(asked_by=user)


class Archive(models.Model):
    """What HR chose. The records themselves are its entries, fixed when it was started."""

    class State(models.TextChoices):
        WORKING = "working", "Being made"
        STOPPED = "stopped", "Stopped"
        READY = "ready", "Ready"
        CANCELLED = "cancelled", "Cancelled"
        EXPIRED = "expired", "Expired"

    OVER = (State.CANCELLED, State.EXPIRED)

    asked_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="archives"
    )
    asked_at = models.DateTimeField()
    request_key = models.UUIDField(null=True)
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="+"
    )
    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=24, blank=True, choices=Kind.choices)
    choice = models.JSONField(default=list, help_text="What it was narrowed to, in words")
    documents = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State, default=State.WORKING)
    note = models.CharField(max_length=400, blank=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request_key"],
                condition=Q(request_key__isnull=False),
                name="archive_started_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["working", "stopped", "ready", "cancelled", "expired"]),
                name="archive_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(left_out__lte=F("documents"), documents__gte=1),
                name="archive_holds_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ready_at__isnull=False, expires_at__isnull=False),
                name="archive_that_is_ready_expires",
            ),
            models.CheckConstraint(
                condition=Q(state="stopped") & ~Q(note="") | ~Q(state="stopped"),
                name="archive_says_why_it_stopped",
            ),
        ]
        indexes = [models.Index(fields=["asked_by", "-asked_at"], name="archives_of_somebody")]

    def __str__(self) -> str:
        return f"Archive {self.pk}"

    @property
    def held(self) -> int:
        return self.documents - self.left_out

    def is_past(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


class ArchivePartQuerySet(models.QuerySet["ArchivePart"]):
    def free(self) -> ArchivePartQuerySet:
        """Whose turn has come, and nobody works on them: not begun, or their worker fell silent.

        The database's own clock says so: workers are on many machines, and practice mode moves ours.
        """
        silent = Q(heartbeat__isnull=True) | Q(heartbeat__lt=Now() - ArchivePart.SILENCE)
        before = ArchivePart.objects.exclude(state=ArchivePart.State.DONE).filter(
            archive=OuterRef("archive"), order__lt=OuterRef("order")
        )
        undone = self.exclude(state=ArchivePart.State.DONE)
        return undone.filter(~Exists(before), silent, archive__state=Archive.State.WORKING)


class ArchivePart(models.Model):
    """A piece of the work that one worker does: render some forms, write one ZIP, write the index.

    All parts of one `order` may be worked on at once, those of the next when all of them are done.
    `attempts` says who has it: a worker that was taken for dead finds the number raised. `tries` are those since
    somebody last said that it shall go on.
    """

    class Work(models.TextChoices):
        FORMS = "forms", "Making forms"
        ZIP = "zip", "Writing the archive"
        INDEX = "index", "Writing the index"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        WORKING = "working", "Being worked on"
        DONE = "done", "Done"

    ORDER = {Work.FORMS: 1, Work.ZIP: 2, Work.INDEX: 3}
    SILENCE = timedelta(seconds=20)

    archive = models.ForeignKey(
        Archive, on_delete=models.CASCADE, db_index=False, related_name="parts"
    )
    work = models.CharField(max_length=5, choices=Work)
    order = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    step = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    heartbeat = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    began_at = models.DateTimeField(null=True, help_text="By the database's clock")
    ended_at = models.DateTimeField(null=True, help_text="By the database's clock")
    file_name = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    objects = ArchivePartQuerySet.as_manager()

    class Meta:
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["archive", "order", "number"], name="archive_parts_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(work="forms", order=1)
                | Q(work="zip", order=2)
                | Q(work="index", order=3),
                name="archive_work_has_its_order",
            ),
            models.CheckConstraint(
                condition=Q(state="done", ended_at__isnull=False)
                | Q(state__in=["waiting", "working"], ended_at__isnull=True, file_name=""),
                name="archive_part_done_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="archive_part_done_of_total"
            ),
        ]
        indexes = [
            models.Index(
                fields=["archive"], condition=~Q(state="done"), name="archive_parts_to_be_done"
            )
        ]

    def __str__(self) -> str:
        return f"{self.work} {self.number}"


class ArchiveEntry(models.Model):
    """One form in an archive. `batch` is the part that makes it, none when it is stored already;
    `volume` the ZIP it goes into. Without `stored` it is a working copy, made for this archive alone.

    `is_alike`: somebody else in its folder has a DoD ID that ends alike, so its name needs all digits.
    """

    archive = models.ForeignKey(
        Archive, on_delete=models.CASCADE, db_index=False, related_name="entries"
    )
    number = models.PositiveIntegerField()
    appraisal = models.ForeignKey(
        "appraisals.Appraisal", on_delete=models.PROTECT, related_name="+"
    )
    document = models.ForeignKey(
        "appraisals.Document", on_delete=models.PROTECT, null=True, related_name="+"
    )
    stored = models.ForeignKey(
        "appraisals.StoredForm", on_delete=models.PROTECT, null=True, related_name="+"
    )
    batch = models.PositiveIntegerField(null=True)
    volume = models.PositiveIntegerField()
    is_alike = models.BooleanField(default=False)
    name = models.CharField(max_length=250, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    left_out = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["archive", "number"], name="archive_entries_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["archive", "appraisal", "document"],
                name="archive_holds_each_form_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["archive", "name"], condition=~Q(name=""), name="archive_names_differ"
            ),
            models.CheckConstraint(
                condition=Q(name="", sha256="")
                | (~Q(name="") & Q(left_out="", sha256__regex=r"^[0-9a-f]{64}$")),
                name="archive_entry_is_held_or_left_out",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"Entry {self.number}"


class ArchiveDownload(models.Model):
    """A file of an archive was fetched. Rows are only ever added (a trigger sees to it)."""

    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, related_name="downloads")
    part = models.ForeignKey(ArchivePart, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Download {self.pk}"
