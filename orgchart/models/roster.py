from django.db import models
from django.db.models import Q

from orgchart.models.organization import Organization
from orgchart.models.person import Person


class RosterUpload(models.Model):
    """Two files between upload and apply; emptied when applied or discarded."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPLIED = "applied", "Applied"
        DISCARDED = "discarded", "Discarded"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    effective_on = models.DateField()
    organizations_file = models.BinaryField()
    employees_file = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(organizations_file=b"", employees_file=b""),
                name="roster_upload_emptied",
            ),
        ]

    def __str__(self) -> str:
        return f"Roster of {self.uploaded_at:%Y-%m-%d}"
