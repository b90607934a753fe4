from django.db import models

from orgchart.models.organization import Organization
from orgchart.models.person import Person


class OrgEvent(models.Model):
    """Append-only, by trigger. No `by` means a command at the server's own console."""

    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=40)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="org_events"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="org_events"
    )
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="org_event_newest")]

    def __str__(self) -> str:
        return self.what
