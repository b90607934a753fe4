"""Everybody who can sign in, and who may see whom."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.urls import reverse

from orgchart.chain import NEAR, hr_patterns, people_in, scope_patterns
from orgchart.models.assignment import Assignment
from orgchart.rules import prefix_query, search_text


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

    def findable_by(self, user: Person, *, on: date) -> PersonQuerySet:
        """Whom `user` may see, and in their scope as HR whose last assignment has ended."""
        newest = (
            Assignment.objects.filter(employee=OuterRef("pk"), starts_on__lte=on)
            .order_by("-starts_on")
            .annotate(inside=Q(organization__path__under=hr_patterns(user.pk, on), ends_on__lt=on))
            .values("inside")[:1]
        )
        left = Q(Subquery(newest, output_field=models.BooleanField()))
        return self.visible_to(user, on=on) | self.filter(left)

    def search(self, asked: str) -> PersonQuerySet:
        """Words in any order, each the beginning of one in the directory: of a name, an address, a unit."""
        words = prefix_query(asked)
        if not words:
            return self.none()
        query = SearchQuery(words, search_type="raw", config="simple")
        return self.filter(directory_entry__words=query)

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
