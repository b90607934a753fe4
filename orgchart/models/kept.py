"""What is kept so that head counts and the search need not read everybody. Only triggers and orgchart.keeping write here."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from orgchart.models.organization import Organization
from orgchart.models.person import Person


class Kept(models.Model):
    """One row: the days for which the kept rows were last brought up to date."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    headcounts_on = models.DateField(null=True)
    directory_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="kept_only_one")]

    def __str__(self) -> str:
        return f"head counts of {self.headcounts_on}, directory of {self.directory_on}"


class Headcount(models.Model):
    """How many people work in a unit itself, and in it and all below, on the day of `Kept`."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, primary_key=True)
    here = models.IntegerField(default=0)
    below = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.here} here, {self.below} in all"


class HeadcountChange(models.Model):
    """From `day` on a unit's own number may differ from the kept one; without a unit, any of them."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="+"
    )
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.organization_id or 'any unit'} from {self.day}"


class DirectoryEntry(models.Model):
    """All words somebody is found by: names, DoD ID, e-mail address, position, unit, and each unit above as in5."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="directory_entry"
    )
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="directory_words")]

    def __str__(self) -> str:
        return str(self.person_id)


class DirectoryDue(models.Model):
    """Somebody whose entry may no longer be right; without a person, everybody."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.person_id or "everybody")


class DirectoryWord(models.Model):
    """A word of the directory, sorted by bytes so that a beginning is a range, and about how many have it."""

    word = models.TextField(primary_key=True, db_collation="C")
    people = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.word
