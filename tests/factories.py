"""One factory for each model. They hold no surprises: what a test is about, the test says."""

from datetime import date
from typing import Any

import factory

from orgchart.models import Assignment, Organization, OrganizationKind, Person, RoleGrant

KINDS = ["department", "component", "command", "activity", "directorate", "division", "branch"]


def make_kinds() -> None:
    """The migrations make these; a test that commits empties every table."""
    OrganizationKind.objects.bulk_create(
        [
            OrganizationKind(code=code, name=code.capitalize(), rank=rank)
            for rank, code in enumerate(KINDS, start=1)
        ],
        ignore_conflicts=True,
    )


def kind(code: str) -> OrganizationKind:
    return OrganizationKind.objects.get(pk=code)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    dod_id = factory.Sequence(lambda n: f"{2_000_000_000 + n:010d}")
    email = factory.LazyAttribute(lambda person: f"{person.dod_id}@example.mil")
    first_name = factory.Sequence(lambda n: f"First{n}")
    last_name = factory.Sequence(lambda n: f"Last{n}")

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **fields: Any) -> Person:
        return Person.objects.create_user(**fields)


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    code = factory.Sequence(lambda n: f"ORG{n}")
    name = factory.LazyAttribute(lambda organization: f"Unit {organization.code}")
    kind = factory.LazyFunction(lambda: kind("branch"))

    @classmethod
    def _create(cls, model_class: type[Organization], *args: Any, **fields: Any) -> Organization:
        organization = super()._create(model_class, *args, **fields)
        organization.refresh_from_db(fields=["path"])
        return organization


class AssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Assignment

    employee = factory.SubFactory(PersonFactory)
    organization = factory.SubFactory(OrganizationFactory)
    position_title = "Budget Analyst"
    position_number = factory.Sequence(lambda n: f"POS{n}")
    pay_plan = "GS"
    occupational_series = "0560"
    grade = "11"
    step = "4"
    duty_station = "Maryland"
    bargaining_unit = "8888"
    position_start_date = date(2024, 1, 1)
    starts_on = date(2024, 1, 1)


class RoleGrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleGrant

    person = factory.SubFactory(PersonFactory)
    role = RoleGrant.Role.HR_ADMINISTRATOR
    organization = factory.SubFactory(OrganizationFactory)
    starts_on = date(2024, 1, 1)
