"""What was found wrong in a large part of the hierarchy, as of some minutes ago: nobody waits twice for one walk over everybody."""

from django.db import models

from orgchart.models.organization import Organization


class HierarchyLook(models.Model):
    """`found` holds for each `health.Finding` its key, the number of all, and its first rows as the page shows them."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    most = models.PositiveIntegerField()
    looked_at = models.DateTimeField()
    found = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "most"], name="hierarchy_looked_at_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}, {self.looked_at}"
