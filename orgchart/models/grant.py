from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from orgchart.models.dates import is_current
from orgchart.models.organization import Organization
from orgchart.models.person import Person


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def on(self, day: date) -> RoleGrantQuerySet:
        return self.filter(is_current(day))

    def covering(self, organization: Organization) -> RoleGrantQuerySet:
        """Granted for the organization itself or for one above it."""
        return self.filter(organization__in=[*organization.ancestor_ids, organization.pk])


class RoleGrant(models.Model):
    class Role(models.TextChoices):
        HR_ADMINISTRATOR = "hr_administrator", "HR administrator"
        AUDITOR = "auditor", "Auditor"
        SYSTEM_ADMINISTRATOR = "system_administrator", "System administrator"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=30, choices=Role)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="role_grants"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["hr_administrator", "auditor", "system_administrator"]),
                name="role_grant_known_role",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="role_grant_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "organization"],
                condition=Q(ends_on=None),
                name="role_grant_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
