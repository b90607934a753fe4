"""The pages that are compared, and who opens each.

Whoever opens a page at both sizes is the same person with the same records: everybody is of the
command that is whole in both databases, or a head above it. The supervisor has as many records as
the median first-level supervisor of that command, the reviewer as many as the median of those who
review and have a record of their own; of several the lowest DoD ID.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median_low

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import NoReverseMatch, reverse

from appraisals.models import Appraisal, AppraisalCycle, Document, Goal
from bench.scale.program import RUNNING
from orgchart.models import Organization, Person, PersonQuerySet, RoleGrant


@dataclass(frozen=True)
class Cast:
    employee: Person
    supervisor: Person
    reviewer: Person
    command_head: Person
    component_head: Person
    secretary: Person
    hr: Person
    auditor: Person
    department: Organization
    component: Organization
    command: Organization
    team: Organization
    document: Document
    goal: Goal


@dataclass(frozen=True)
class Page:
    """`promised`: one that the targets are about."""

    label: str
    who: str
    address: Callable[[Cast], str]
    promised: bool = True

    def url(self, cast: Cast) -> str | None:
        """None where the screen is not there."""
        try:
            return self.address(cast)
        except NoReverseMatch:
            return None


def choose_cast(code: str) -> Cast:
    cycle = AppraisalCycle.objects.get(name=f"FY {RUNNING}")
    command = Organization.objects.get(code=code)
    component = _above(command)
    department = _above(component)
    records = Appraisal.objects.filter(cycle=cycle, organization__path__startswith=command.path)
    drafts = Document.objects.filter(
        appraisal__in=records, kind="annual_appraisal", state="draft"
    ).order_by("appraisal__employee__dod_id")
    reviewed = records.filter(higher_level_reviewer=OuterRef("pk"))
    drafting = drafts.filter(appraisal__rating_official=OuterRef("pk"))
    first_level = Person.objects.filter(~Exists(reviewed), Exists(drafting))
    supervisor = _median(first_level, "appraisals_as_rating_official", cycle)
    own = records.filter(employee=OuterRef("pk"))
    reviewer = _median(
        Person.objects.filter(Exists(own)), "appraisals_as_higher_level_reviewer", cycle
    )
    document = drafts.filter(appraisal__rating_official=supervisor)[0]
    return Cast(
        employee=document.appraisal.employee,
        supervisor=supervisor,
        reviewer=reviewer,
        command_head=_head(command),
        component_head=_head(component),
        secretary=_head(department),
        hr=_granted(RoleGrant.Role.HR_ADMINISTRATOR),
        auditor=_granted(RoleGrant.Role.AUDITOR),
        department=department,
        component=component,
        command=command,
        team=document.appraisal.organization,
        document=document,
        goal=Goal.objects.get(cycle=cycle, organization=department, position=1),
    )


def records_in_hand(cast: Cast) -> dict[str, int]:
    """How many of the running cycle each rates or reviews."""
    running = Appraisal.objects.filter(cycle__name=f"FY {RUNNING}")
    people = {name: each for name, each in vars(cast).items() if isinstance(each, Person)}
    return {
        name: running.filter(Q(rating_official=each) | Q(higher_level_reviewer=each)).count()
        for name, each in people.items()
    }


def _median(people: PersonQuerySet, relation: str, cycle: AppraisalCycle) -> Person:
    """Of those who have any records in that part."""
    in_cycle = Count(relation, filter=Q(**{f"{relation}__cycle": cycle}), distinct=True)
    found = list(people.annotate(records=in_cycle).filter(records__gt=0).order_by("dod_id"))
    typical = median_low(person.records for person in found)
    return next(person for person in found if person.records == typical)


def _above(unit: Organization) -> Organization:
    return Organization.objects.get(pk=unit.parent_id)


def _head(unit: Organization) -> Person:
    if unit.head is None:
        raise LookupError(f"{unit} has no head")
    return unit.head


def _granted(role: str) -> Person:
    return Person.objects.get(role_grants__role=role)


def _plain(name: str) -> Callable[[Cast], str]:
    return lambda cast: reverse(name)


def _of(name: str, unit: str, query: str = "") -> Callable[[Cast], str]:
    return lambda cast: reverse(name, args=[getattr(cast, unit).code]) + query


def _search(words: Callable[[Cast], str]) -> Callable[[Cast], str]:
    return lambda cast: f"{reverse('people_search')}?q={words(cast)}"


def _opened(cast: Cast) -> str:
    """The tree down to the team."""
    units = (cast.department, cast.component, cast.command)
    return f"{reverse('organization_list')}?{'&'.join(f'open={unit.code}' for unit in units)}&to={cast.team.code}"


PAGES = (
    Page("Bare Django page", "employee", _plain("bare")),
    Page("Home", "employee", _plain("home")),
    Page("Home", "supervisor", _plain("home")),
    Page("Home", "reviewer", _plain("home")),
    Page("Home", "command_head", _plain("home")),
    Page("Home", "component_head", _plain("home")),
    Page("Home", "secretary", _plain("home")),
    Page("Dashboard, department", "secretary", _of("unit_cycle", "department")),
    Page("The same, plans", "secretary", _of("unit_cycle", "department", "?stage=plan")),
    Page("The same, reviews", "secretary", _of("unit_cycle", "department", "?stage=review")),
    Page("Dashboard, component", "component_head", _of("unit_cycle", "component")),
    Page("Dashboard, command", "command_head", _of("unit_cycle", "command")),
    Page("Dashboard, team", "command_head", _of("unit_cycle", "team")),
    Page("Organizations", "employee", _plain("organization_list")),
    Page("Organizations, opened", "employee", lambda cast: _opened(cast)),
    Page("Organizations, opened", "hr", lambda cast: _opened(cast)),
    Page("Organizations, by name", "hr", lambda cast: f"{reverse('organization_list')}?q=division"),
    Page("Organization, department", "hr", _of("organization_detail", "department")),
    Page("Organization, component", "hr", _of("organization_detail", "component")),
    Page("Organization, command", "command_head", _of("organization_detail", "command")),
    Page("Organization, team", "employee", _of("organization_detail", "team")),
    Page("Chart, department", "hr", _of("organization_detail", "department", "?show=chart")),
    Page("Chart, command", "command_head", _of("organization_detail", "command", "?show=chart")),
    Page("People: last name", "hr", _search(lambda cast: cast.employee.last_name)),
    Page(
        "People: two words, accents left out",
        "hr",
        _search(lambda cast: f"{cast.employee.last_name[:3]} {cast.employee.first_name[:2]}"),
    ),
    Page("People: DoD ID", "hr", _search(lambda cast: cast.employee.dod_id)),
    Page("People: e-mail", "hr", _search(lambda cast: cast.employee.email)),
    Page("People: one letter", "hr", _search(lambda cast: cast.employee.last_name[:1])),
    Page("People: nobody", "hr", _search(lambda cast: "zzzzyx")),
    Page("People: last name", "employee", _search(lambda cast: cast.employee.last_name)),
    Page("People: one letter", "command_head", _search(lambda cast: "s")),
    Page("Approval queue", "reviewer", _plain("review_queue")),
    Page("Supervisors", "reviewer", _plain("supervisors")),
    Page("Team", "supervisor", _plain("team")),
    Page(
        "Document", "supervisor", lambda cast: reverse("document_detail", args=[cast.document.pk])
    ),
    Page("Goals, department", "secretary", _of("goals", "department")),
    Page("Goals, command", "command_head", _of("goals", "command")),
    Page("Line of sight", "employee", _plain("line_of_sight")),
    Page("Alignment, department", "secretary", _of("alignment", "department")),
    Page("Alignment, component", "component_head", _of("alignment", "component")),
    Page("Alignment, command", "command_head", _of("alignment", "command")),
    Page("Alignment, department", "employee", _of("alignment", "department")),
    Page(
        "Goal and what serves it",
        "secretary",
        lambda cast: reverse("goal_below", args=[cast.goal.pk]),
    ),
    Page("Records, department", "secretary", _of("unit_records", "department"), promised=False),
    Page("Records, command", "command_head", _of("unit_records", "command"), promised=False),
    Page("HR home", "hr", _plain("hr_home"), promised=False),
    Page("Appraisals, search", "hr", _plain("appraisal_search"), promised=False),
    Page("Without plan", "hr", _plain("without_plan"), promised=False),
    Page("Health, department", "hr", _of("hierarchy_health", "department"), promised=False),
    Page("Audit", "auditor", _plain("audit_list"), promised=False),
)
