"""Who may do what with people and places: one small function per question."""

from datetime import date

from django.db.models import Exists, Q

from orgchart import clock
from orgchart.chain import ABOVE, people_in, scope_patterns
from orgchart.models import Assignment, Organization, Person, RoleGrant

HR, AUDITOR = RoleGrant.Role.HR_ADMINISTRATOR, RoleGrant.Role.AUDITOR


def has_role(user: Person, *roles: str, over: Organization, on: date | None = None) -> bool:
    return (
        RoleGrant.objects.on(on or clock.today())
        .covering(over)
        .filter(person=user, role__in=roles)
        .exists()
    )


def roles_over(user: Person, organization: Organization) -> set[str]:
    """HR administrator, auditor or both."""
    granted = RoleGrant.objects.on(clock.today()).covering(organization)
    return set(granted.filter(person=user, role__in=[HR, AUDITOR]).values_list("role", flat=True))


def may_see_organization_people(user: Person, organization: Organization) -> bool:
    """All of them: its head, a head above, HR and auditors in scope. Others see those near them."""
    chain = [*organization.ancestor_ids, organization.pk]
    heads = Organization.objects.filter(pk__in=chain, head=user)
    granted = (
        RoleGrant.objects.on(clock.today())
        .covering(organization)
        .filter(person=user, role__in=[HR, AUDITOR])
    )
    return Person.objects.filter(Exists(heads) | Exists(granted), pk=user.pk).exists()


def may_read_history(user: Person, person: Person) -> bool:
    """The person, everybody in their chain of command, and whoever may see all of their unit."""
    today = clock.today()
    newest = Assignment.objects.filter(employee=person).order_by("-starts_on").values("pk")[:1]
    in_scope = Assignment.objects.filter(
        pk__in=newest, organization__path__under=scope_patterns(user.pk, today)
    )
    reads = Q(pk=person.pk) | Q(pk__in=people_in(ABOVE, person.pk, today)) | Exists(in_scope)
    return Person.objects.filter(reads, pk=user.pk).exists()


def may_reorganize(user: Person, organization: Organization) -> bool:
    return has_role(user, HR, over=organization)


def may_import_roster(user: Person, organization: Organization) -> bool:
    return has_role(user, HR, over=organization)


def may_import_any_roster(user: Person) -> bool:
    return RoleGrant.objects.on(clock.today()).filter(person=user, role=HR).exists()


def may_read_org_events(user: Person, organization: Organization) -> bool:
    return has_role(user, HR, AUDITOR, over=organization)


def may_administer_system(user: Person) -> bool:
    role = RoleGrant.Role.SYSTEM_ADMINISTRATOR
    return RoleGrant.objects.on(clock.today()).filter(person=user, role=role).exists()
