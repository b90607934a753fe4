"""What is noted and talked about all year long, outside of the documented discussions."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from appraisals.models.appraisal import Appraisal
from orgchart import clock
from orgchart.models import Assignment, Person


def rated_by(user: Person, employee: str = "pk") -> Q:
    """Rows about people whom `user` rates now: by a record under way, or by the line of command.

    `employee` is the lookup that leads from the row to that person.
    """
    today = clock.today()
    records = Appraisal.objects.filter(
        rating_official=user, employee=OuterRef(employee), cycle__effective_on__gte=today
    )
    reports = Assignment.objects.on(today).filter(supervisor=user, employee=OuterRef(employee))
    return Q(Exists(records)) | Q(Exists(reports))


class JournalEntryQuerySet(models.QuerySet["JournalEntry"]):
    def visible_to(self, user: Person) -> JournalEntryQuerySet:
        """Its writer, and nobody else: not who it is about, not HR, not an auditor, not a successor."""
        return self.filter(writer=user)

    def holding(self, asked: str) -> JournalEntryQuerySet:
        """With each of these words somewhere in it."""
        found = self
        for word in asked.split():
            found = found.filter(text__icontains=word)
        return found


class JournalEntry(models.Model):
    """A memory aid of one person: of an employee about their own work, of a supervisor about theirs.

    No part of any record and in no log: its writer may change and delete it at any time, for good.
    `version` counts the saves, so that two open tabs do not write over each other.
    """

    TEXT_LIMIT = 4000

    writer = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    about = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    noted_on = models.DateField()
    text = models.TextField()
    elements = models.ManyToManyField("appraisals.Element", related_name="+")
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-noted_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_journal_entry_says_something")
        ]
        indexes = [models.Index(fields=["writer", "about", "noted_on"], name="journal_of_writer")]

    def __str__(self) -> str:
        return f"Journal entry {self.pk}"
