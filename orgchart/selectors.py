"""Every question about who answers to whom, and who may reach what, on a given day."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from orgchart.chain import BELOW, CHAIN, people_in
from orgchart.models import (
    Assignment,
    AssignmentQuerySet,
    Organization,
    OrgEvent,
    Person,
    PersonQuerySet,
    RoleGrant,
    RoleGrantQuerySet,
)
from orgchart.models import is_current as is_current
from orgchart.models.organization import NAME_VECTOR
from orgchart.models.organization import SENIOR as SENIOR
from orgchart.rules import prefix_query

LAST_PLACE = 1000


def assignment_of(person: Person, *, on: date) -> Assignment | None:
    return (
        Assignment.objects.on(on)
        .filter(employee=person)
        .select_related("organization__kind", "supervisor")
        .first()
    )


def moved_from(person: Person, *, on: date) -> Assignment | None:
    """What they held last in another unit or under somebody else than on that day; None: nothing, or not here."""
    held = assignment_of(person, on=on)
    if held is None:
        return None
    before = Assignment.objects.filter(employee=person, ends_on__lt=held.starts_on)
    same = {"organization": held.organization_id, "supervisor": held.supervisor_id}
    return before.exclude(**same).order_by("-ends_on").first()


def supervisor_of(person: Person, *, on: date) -> Person | None:
    assignment = assignment_of(person, on=on)
    return assignment.supervisor if assignment else None


def rating_official_of(person: Person, *, on: date) -> Person | None:
    return supervisor_of(person, on=on)


def higher_level_reviewer_of(person: Person, *, on: date) -> Person | None:
    """R8: by default the rating official's own supervisor."""
    theirs = Assignment.objects.on(on).filter(employee=person).values("supervisor")
    above = Assignment.objects.on(on).filter(employee__in=theirs).values("supervisor")
    return Person.objects.filter(pk__in=above).first()


def has_left(on: date) -> Q:
    """Of people: they worked here, and on that day they do not. Whoever never had a place here has not left."""
    began = Assignment.objects.filter(employee=OuterRef("pk"), starts_on__lte=on)
    return Q(Exists(began), ~Exists(began.on(on)))


def direct_reports(person: Person, *, on: date) -> PersonQuerySet:
    reports = Assignment.objects.on(on).filter(supervisor=person).values("employee")
    return Person.objects.filter(pk__in=reports)


def everyone_below(person: Person, *, on: date) -> PersonQuerySet:
    return Person.objects.filter(pk__in=people_in(BELOW, person.pk, on))


def chain_above(person: Person, *, on: date) -> list[Person]:
    """The supervisor first, the top last."""
    return list(Person.objects.raw(CHAIN, {"person": person.pk, "on": on}))


def organizations_headed_by(person: Person) -> QuerySet[Organization]:
    return Organization.objects.filter(head=person).select_related("kind").order_by("path")


def grants_of(person: Person, *, on: date) -> RoleGrantQuerySet:
    return RoleGrant.objects.on(on).filter(person=person)


def scope_organizations(person: Person, role: str, *, on: date) -> QuerySet[Organization]:
    """The organizations a role was granted for; the scope is these and all below them."""
    granted = grants_of(person, on=on).filter(role=role).values("organization")
    return Organization.objects.filter(pk__in=granted).select_related("kind").order_by("path")


def scope_paths(person: Person, role: str, *, on: date) -> list[str]:
    """The paths of a scope, those inside another left out."""
    return outermost(scope_organizations(person, role, on=on).values_list("path", flat=True))


def administrators_around(organization: Organization, *, on: date) -> PersonQuerySet:
    """HR administrators of the organization, of one above it, or of one below."""
    touching = Q(organization__in=organization.ancestor_ids) | Q(
        organization__path__startswith=organization.path
    )
    granted = RoleGrant.objects.on(on).filter(touching, role=RoleGrant.Role.HR_ADMINISTRATOR)
    return Person.objects.filter(pk__in=granted.values("person"), is_active=True)


def administrators_of(organization: Organization, *, on: date) -> list[Person]:
    """HR administrators of the nearest organization, from this one up, that has any."""
    granted = RoleGrant.objects.on(on).filter(
        role=RoleGrant.Role.HR_ADMINISTRATOR,
        organization__in=[*organization.ancestor_ids, organization.pk],
        person__is_active=True,
    )
    found = list(granted.select_related("person", "organization"))
    nearest = max((len(grant.organization.path) for grant in found), default=0)
    return [grant.person for grant in found if len(grant.organization.path) == nearest]


def outermost(paths: Iterable[str]) -> list[str]:
    """Of sorted paths, those that lie inside no other."""
    kept: list[str] = []
    for path in paths:
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def subtree_q(organization: Organization, *, prefix: str = "organization__") -> Q:
    """Rows of an organization and of all below it."""
    return Q(**{f"{prefix}path__startswith": organization.path})


def in_scope_q(person: Person, role: str, *, on: date, prefix: str = "organization__") -> Q:
    """Rows of the organizations this person was granted the role for, and of all below; else none."""
    found = Q(pk__in=[])
    for path in scope_paths(person, role, on=on):
        found |= Q(**{f"{prefix}path__startswith": path})
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What somebody is besides an employee."""

    is_supervisor: bool
    is_reviewer: bool
    heads_organization: bool
    is_senior: bool
    is_hr_administrator: bool
    is_auditor: bool
    is_system_administrator: bool


def roles_of(person: Person, *, on: date) -> Roles:
    return roles_known(with_roles(Person.objects.all(), person.pk, on=on).get(), on=on)


def with_roles(people: PersonQuerySet, key: int, *, on: date) -> PersonQuerySet:
    """The one of these people, read so that `roles_known` needs no query."""
    return people.filter(pk=key).annotate(**_roles(key, on=on))


def roles_known(person: Person, *, on: date) -> Roles:
    names = [field.name for field in fields(Roles)]
    if not all(hasattr(person, name) for name in names):
        return roles_of(person, on=on)
    return Roles(**{name: getattr(person, name) for name in names})


def _roles(key: int, *, on: date) -> dict[str, Any]:
    current = Assignment.objects.on(on)
    reports = current.filter(supervisor=key)
    reports_of_reports = current.filter(supervisor__in=reports.values("employee"))
    headed = Organization.objects.filter(head=key)
    granted = RoleGrant.objects.on(on).filter(person=key)
    return {
        "is_supervisor": Exists(reports),
        "is_reviewer": Exists(reports_of_reports),
        "heads_organization": Exists(headed),
        "is_senior": Exists(headed.filter(kind__in=SENIOR)),
        "is_hr_administrator": Exists(granted.filter(role=RoleGrant.Role.HR_ADMINISTRATOR)),
        "is_auditor": Exists(granted.filter(role=RoleGrant.Role.AUDITOR)),
        "is_system_administrator": Exists(granted.filter(role=RoleGrant.Role.SYSTEM_ADMINISTRATOR)),
    }


def people_of_unit(organization: Organization, user: Person, *, on: date) -> AssignmentQuerySet:
    """Who works in this very unit on that day and may be seen by `user`, by name."""
    seen = Person.objects.visible_to(user, on=on)
    return (
        Assignment.objects.on(on)
        .filter(organization=organization, employee__in=seen)
        .select_related("employee", "supervisor")
        .order_by("employee__last_name", "employee__first_name", "employee_id")
    )


def with_seen_heads(
    units: QuerySet[Organization], user: Person, *, on: date
) -> QuerySet[Organization]:
    """Each with its head, and `head_is_seen`: whether `user` may see who that is."""
    seen = Person.objects.visible_to(user, on=on).filter(pk=OuterRef("head"))
    return units.select_related("kind", "head").annotate(head_is_seen=Exists(seen))


def with_units(units: QuerySet[Organization], *, on: date) -> QuerySet[Organization]:
    """Each with the number of `units` right below it."""
    below = Organization.objects.open_on(on).filter(parent=OuterRef("pk"))
    counted = below.order_by().values("parent").annotate(number=Count("pk")).values("number")
    return units.annotate(units=Coalesce(Subquery(counted), 0))


def units_under(parent: Organization, user: Person, *, on: date) -> QuerySet[Organization]:
    """The next level down, each with its head and the number of units below."""
    units = with_units(Organization.objects.open_on(on).filter(parent=parent), on=on)
    return with_seen_heads(units, user, on=on).order_by("kind__rank", "name", "code")


def organizations_named(asked: str) -> QuerySet[Organization]:
    """Every word begins a word of the name, or the whole is the code."""
    code = asked.strip()
    words = SearchQuery(prefix_query(asked), search_type="raw", config="simple")
    named = Q(found=words) | Q(code__in={code, code.upper(), code.lower()})
    found = Organization.objects.alias(found=NAME_VECTOR).filter(named)
    return found.select_related("kind", "parent").order_by("kind__rank", "name", "code")


def first_organizations_named(asked: str, *, most: int) -> list[Organization]:
    """At most so many, when half of all units have the word: senior leaders' units first, the others by name."""
    named = organizations_named(asked)
    senior = named.filter(kind__in=SENIOR).annotate(place=F("kind__rank"))
    others = named.exclude(kind__in=SENIOR).annotate(place=Value(LAST_PLACE))
    first = senior[:most].union(others.order_by("name", "code")[:most], all=True)
    return list(first.order_by("place", "name", "code")[:most])


def ancestors_of(organization: Organization) -> list[Organization]:
    """From the top down to the parent."""
    above = Organization.objects.filter(pk__in=organization.ancestor_ids)
    return sorted(above, key=lambda unit: unit.level)


def history_of(person: Person) -> AssignmentQuerySet:
    """Every assignment, the newest first."""
    return (
        Assignment.objects.filter(employee=person)
        .select_related("organization", "supervisor")
        .order_by("-starts_on")
    )


def roster_imports(organizations: Iterable[Organization]) -> QuerySet[OrgEvent]:
    """The imports into these organizations, and those at the server's console, the newest first."""
    return (
        OrgEvent.objects.filter(what="roster_imported")
        .filter(Q(organization__in=list(organizations)) | Q(organization=None))
        .select_related("by", "organization")
        .order_by("-at")
    )


def assignments_by_person(
    people: Iterable[Person], user: Person, *, on: date
) -> dict[int, Assignment]:
    """The assignment each has on that day; `is_seen` says whether `user` may see the person."""
    seen = Person.objects.visible_to(user, on=on).filter(pk=OuterRef("employee"))
    held = (
        Assignment.objects.on(on)
        .filter(employee__in=[found.pk for found in people])
        .select_related("organization")
        .annotate(is_seen=Exists(seen))
    )
    return {assignment.employee_id: assignment for assignment in held}


def newest_assignments(people: Iterable[Person], *, on: date) -> dict[int, Assignment]:
    """The assignment each has on that day, or had last."""
    held = (
        Assignment.objects.filter(employee__in=[found.pk for found in people], starts_on__lte=on)
        .select_related("organization", "supervisor")
        .order_by("employee", "-starts_on")
        .distinct("employee")
    )
    return {assignment.employee_id: assignment for assignment in held}
