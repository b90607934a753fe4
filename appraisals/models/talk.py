"""What is noted and talked about all year long, outside of the documented discussions."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from appraisals.models.appraisal import Appraisal
from orgchart import clock
from orgchart.models import Assignment, Person


def _records_rated(user: Person, today: dt.date) -> models.QuerySet[Appraisal, int]:
    return Appraisal.objects.filter(
        rating_official=user, cycle__effective_on__gte=today
    ).values_list("employee", flat=True)


def _reports(user: Person, today: dt.date) -> models.QuerySet[Assignment, int]:
    return Assignment.objects.on(today).filter(supervisor=user).values_list("employee", flat=True)


def rated_by(user: Person, employee: str = "pk") -> Q:
    """Rows about people whom `user` rates now: by a record under way, or by the line of command.

    `employee` is the lookup that leads from the row to that person. The people are found first: a
    condition on each row would look at the rows of the whole department.
    """
    today = clock.today()
    people = _records_rated(user, today).union(_reports(user, today))
    return Q(**{f"{employee}__in": people})


def of_the_two(user: Person, employee: str) -> Q:
    """Rows about `user`, or about people whom `user` rates now."""
    today = clock.today()
    own = Person.objects.filter(pk=user.pk).values_list("pk", flat=True)
    people = own.union(_records_rated(user, today), _reports(user, today))
    return Q(**{f"{employee}__in": people})


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
