from django.db import models
from django.db.models import Q


class PracticeClock(models.Model):
    """One row: the date in practice mode."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    today = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="practice_clock_only_one")]

    def __str__(self) -> str:
        return str(self.today)
