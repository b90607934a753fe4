"""People, places, and who answers to whom on which day.

What must never be (two supervisors on one day, a loop) is forbidden by triggers in the migrations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.urls import reverse

from orgchart.chain import NEAR, people_in, scope_patterns
from orgchart.rules import prefix_query, search_text

PATH_LENGTH = 500
SEARCH_VECTOR = SearchVector("search_text", config="simple")


def is_current(on: date, prefix: str = "") -> Q:
    """A dated row that holds on this day."""
    open_end = Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": on})
    return open_end & Q(**{f"{prefix}starts_on__lte": on})


class OrganizationKind(models.Model):
    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name


class Organization(models.Model):
    """`path` is "/id/id/id/" from the top to this one, kept by a trigger: never write it."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.ForeignKey(OrganizationKind, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    head = models.ForeignKey(
        "Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="headed_organizations",
    )
    path = models.TextField(default="", editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["path"], name="organization_path", opclasses=["text_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""), name="organization_is_named"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="organization_not_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organization_detail", args=[self.code])

    @property
    def ancestor_ids(self) -> list[int]:
        """From the top to the parent."""
        return [int(part) for part in self.path.strip("/").split("/")[:-1]]

    @property
    def level(self) -> int:
        return len(self.ancestor_ids)

    def contains(self, other: Organization) -> bool:
        """Itself and everything below it."""
        return other.path.startswith(self.path)


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Person, *, on: date) -> PersonQuerySet:
        """Oneself, one's unit, the chain above, two levels of reports, and everybody in a scope.

        A scope is every organization the user heads, administers or audits, and all below it.
        """
        # A scalar, not EXISTS: PostgreSQL would answer that for everybody in the scope at once.
        in_scope = (
            Assignment.objects.on(on)
            .filter(employee=OuterRef("pk"))
            .annotate(inside=Q(organization__path__under=scope_patterns(user.pk, on)))
            .values("inside")[:1]
        )
        near = Q(pk__in=people_in(NEAR, user.pk, on))
        return self.filter(near | Q(Subquery(in_scope, output_field=models.BooleanField())))

    def search(self, asked: str) -> PersonQuerySet:
        """Words in any order, each the beginning of a name, a DoD ID or a part of an e-mail address."""
        words = prefix_query(asked)
        if not words:
            return self.none()
        query = SearchQuery(words, search_type="raw", config="simple")
        return self.alias(found=SEARCH_VECTOR).filter(found=query)

    def by_name(self) -> PersonQuerySet:
        return self.order_by("last_name", "first_name", "pk")


PersonQuerySetManager = BaseUserManager.from_queryset(PersonQuerySet)


class PersonManager(PersonQuerySetManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """`orgchart.services.create_person` records who did it; this is for factories and tools."""
        person: Person = self.model(email=email.lower(), **fields)
        person.set_password(password)
        person.refresh_search_text()
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        person: Person = self.get(email=(username or "").lower())
        return person


class Person(AbstractBaseUser):
    """Everybody who can sign in. What somebody may do follows from assignments and role grants."""

    dod_id = models.CharField("DoD ID", max_length=10, unique=True)
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    first_name = models.CharField(max_length=100)
    middle_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    search_text = models.TextField(default="", editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["dod_id", "first_name", "last_name"]

    objects = PersonManager()

    class Meta:
        indexes = [
            GinIndex(SEARCH_VECTOR, name="person_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(dod_id__regex=r"^[0-9]{10}$"), name="person_dod_id_ten_digits"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="person_email_lower_case"
            ),
            models.CheckConstraint(
                condition=~Q(first_name="") & ~Q(last_name=""), name="person_is_named"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("person_detail", args=[self.dod_id])

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def initials(self) -> str:
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()

    def refresh_search_text(self) -> None:
        names = (self.first_name, self.middle_name, self.last_name)
        self.search_text = search_text(names=names, dod_id=self.dod_id, email=self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The facts of a position, as an assignment holds them under the same names."""

    position_title: str
    position_number: str
    pay_plan: str
    occupational_series: str
    grade: str
    step: str
    duty_station: str
    is_supervisor: bool
    bargaining_unit: str
    position_start_date: date
    covered: bool
    exclusion_reason: str


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def on(self, day: date) -> AssignmentQuerySet:
        return self.filter(is_current(day))

    def in_subtree(self, organization: Organization) -> AssignmentQuerySet:
        return self.filter(organization__path__startswith=organization.path)


class Assignment(models.Model):
    """Where somebody works and to whom they answer, from `starts_on` to `ends_on` (both included)."""

    employee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    supervisor = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="supervised"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="assignments"
    )
    position_title = models.CharField(max_length=200)
    position_number = models.CharField(max_length=40, blank=True)
    pay_plan = models.CharField(max_length=4)
    occupational_series = models.CharField(max_length=4)
    grade = models.CharField(max_length=4)
    step = models.CharField(max_length=4, blank=True)
    duty_station = models.CharField(max_length=200)
    is_supervisor = models.BooleanField(default=False)
    bargaining_unit = models.CharField(max_length=10, blank=True)
    position_start_date = models.DateField()
    covered = models.BooleanField(default=True)
    exclusion_reason = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["supervisor", "ends_on"], name="assignment_reports"),
            models.Index(fields=["organization", "ends_on"], name="assignment_people"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "starts_on"], name="assignment_one_start_a_day"
            ),
            models.UniqueConstraint(
                fields=["employee"], condition=Q(ends_on=None), name="assignment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(supervisor=None) | ~Q(supervisor=F("employee")),
                name="assignment_not_own_supervisor",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(covered=True, exclusion_reason="")
                | (Q(covered=False) & ~Q(exclusion_reason="")),
                name="assignment_exclusion_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_title} from {self.starts_on}"

    @property
    def position(self) -> Position:
        return Position(**{name: getattr(self, name) for name in Position.__slots__})

    @property
    def in_bargaining_unit(self) -> bool:
        """7777 and 8888 are the codes for "eligible but in none" and "not eligible"."""
        return self.bargaining_unit not in {"", "7777", "8888"}

    @property
    def pay(self) -> str:
        """GS-0343-12, as people say it."""
        return f"{self.pay_plan}-{self.occupational_series}-{self.grade}"


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


class PracticeClock(models.Model):
    """One row: the date in practice mode."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    today = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="practice_clock_only_one")]

    def __str__(self) -> str:
        return str(self.today)
