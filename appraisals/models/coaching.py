"""What stands between a second-level supervisor and the first-level supervisors whose work they review."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from orgchart.models import Person


class Reading(models.Model):
    """A reviewer opened a document as it was sent up; sent up again, it is unread again.

    `RecordView` tells the employee who looked, once a day and page. This tells which text was read.
    """

    sent = models.ForeignKey(
        "appraisals.AppraisalEvent", on_delete=models.PROTECT, related_name="readings"
    )
    reader = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sent", "reader"], name="read_once_as_it_was_sent")
        ]

    def __str__(self) -> str:
        return f"Reading {self.pk}"


class CoachingNoteQuerySet(models.QuerySet["CoachingNote"]):
    def visible_to(self, user: Person) -> CoachingNoteQuerySet:
        """Its writer, and nobody else: not who it is about, not HR, not an auditor."""
        return self.filter(writer=user)


class CoachingNote(models.Model):
    """A memory aid of one second-level supervisor about one first-level supervisor.

    No part of any record and in no log: its writer may delete it at any time, for good.
    """

    TEXT_LIMIT = 2000

    writer = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    noted_on = models.DateField()
    text = models.TextField(max_length=TEXT_LIMIT)
    written_at = models.DateTimeField()

    objects = CoachingNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-noted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(writer=F("about")), name="nobody_notes_about_themselves"
            )
        ]

    def __str__(self) -> str:
        return f"Note {self.pk}"


class NudgePurpose(models.TextChoices):
    """What a supervisor is reminded of. All but TALK stand on a list of people."""

    PLANS = "plans", "Plans to be written"
    REVIEWS = "reviews", "Progress reviews to be held"
    RATINGS = "ratings", "Ratings to be sent up"
    RETURNED = "returned", "Returned documents to be revised"
    DISCUSSIONS = "discussions", "Approved documents to be discussed"
    TALK = "talk", "Let us talk"


class NudgeQuerySet(models.QuerySet["Nudge"]):
    def visible_to(self, user: Person) -> NudgeQuerySet:
        return self.filter(Q(supervisor=user) | Q(sender=user))

    def unanswered(self) -> NudgeQuerySet:
        return self.filter(answer__isnull=True)


class Nudge(models.Model):
    """A second-level supervisor reminds a first-level supervisor, of one thing once a day at most.

    Rows are only ever added (a trigger sees to it). Each says by itself to whom, from whom, of what
    and when, so that whoever sends it on by e-mail needs this row and keeps one of its own.
    `employee_ids` is the list it stood on when it was sent, `late` how many of them were late.
    """

    WORDS_LIMIT = 500

    sender = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="nudges_sent"
    )
    supervisor = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="nudges"
    )
    purpose = models.CharField(max_length=12, choices=NudgePurpose.choices)
    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, null=True, related_name="+"
    )
    employee_ids = ArrayField(models.BigIntegerField(), default=list)
    late = models.PositiveIntegerField(default=0)
    words = models.CharField(max_length=WORDS_LIMIT, blank=True)
    sent_on = models.DateField()
    sent_at = models.DateTimeField()

    objects = NudgeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supervisor", "purpose", "sent_on"], name="one_nudge_a_day_and_purpose"
            ),
            models.CheckConstraint(
                condition=~Q(sender=F("supervisor")), name="nobody_nudges_themselves"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=NudgePurpose.values), name="nudge_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=Q(purpose=NudgePurpose.TALK, employee_ids=[])
                | (Q(cycle__isnull=False) & ~Q(purpose=NudgePurpose.TALK) & ~Q(employee_ids=[])),
                name="a_nudge_stands_on_its_list",
            ),
        ]

    def __str__(self) -> str:
        return f"Nudge {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("nudge", args=[self.pk])

    @property
    def title(self) -> str:
        """ "Plans to be written: 3, of them 2 late"."""
        label = str(NudgePurpose(self.purpose).label)
        if not self.employee_ids:
            return label
        late = f", of them {self.late} late" if self.late else ""
        return f"{label}: {len(self.employee_ids)}{late}"


class NudgeAnswer(models.Model):
    """What the supervisor did with it. Rows are only ever added (a trigger sees to it)."""

    class Answer(models.TextChoices):
        DONE = "done", "Done"
        DISMISSED = "dismissed", "Put aside"

    nudge = models.OneToOneField(Nudge, on_delete=models.PROTECT, related_name="answer")
    answer = models.CharField(max_length=12, choices=Answer.choices)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["done", "dismissed"]), name="nudge_answer_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer} {self.pk}"
