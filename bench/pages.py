"""The main pages, and who opens each.

People are chosen by how they stand to records, so that it fits any data and they play the same
part at both sizes: the reviewer has a year of their own, the leader and HR are outside the program.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from appraisals.models import Appraisal, AppraisalCycle, Document, Section
from orgchart.models import Organization, Person, RoleGrant


@dataclass(frozen=True)
class Cast:
    employee: Person
    supervisor: Person
    reviewer: Person
    leader: Person
    hr: Person
    auditor: Person
    unit: Organization
    record: Appraisal
    document: Document
    section: Section


@dataclass(frozen=True)
class Page:
    label: str
    who: str
    address: Callable[[Cast], str]
    peer: str = ""

    def url(self, cast: Cast) -> str | None:
        """None where the screen is not there."""
        try:
            return self.address(cast)
        except NoReverseMatch:
            return None


def choose_cast() -> Cast:
    cycle = AppraisalCycle.objects.get(name="FY 2027")
    records = Appraisal.objects.filter(cycle=cycle)
    drafts = Document.objects.filter(
        appraisal__in=records, kind="annual_appraisal", state="draft"
    ).select_related("appraisal")
    officials = Person.objects.filter(appraisals_as_rating_official__cycle=cycle)
    first_level = officials.filter(appraisals_as_higher_level_reviewer=None)
    supervisor = _busiest(first_level, "appraisals_as_rating_official", cycle)
    document = drafts.filter(appraisal__rating_official=supervisor).exclude(
        appraisal__employee__in=officials
    )[0]
    own = Appraisal.objects.filter(employee=OuterRef("pk"), cycle=cycle)
    unit = _largest_unit(cycle)
    if unit.head is None:
        raise LookupError(f"{unit} has no head")
    return Cast(
        employee=document.appraisal.employee,
        supervisor=supervisor,
        reviewer=_busiest(
            Person.objects.filter(Exists(own)), "appraisals_as_higher_level_reviewer", cycle
        ),
        leader=unit.head,
        hr=_granted(RoleGrant.Role.HR_ADMINISTRATOR),
        auditor=_granted(RoleGrant.Role.AUDITOR),
        unit=unit,
        record=document.appraisal,
        document=document,
        section=document.sections.filter(kind="rating")[0],
    )


def _busiest(people: QuerySet[Person], relation: str, cycle: AppraisalCycle) -> Person:
    """Who has most records in that part: the heaviest case of the data at hand."""
    in_cycle = Count(relation, filter=Q(**{f"{relation}__cycle": cycle}), distinct=True)
    return people.annotate(records=in_cycle).order_by("-records", "pk")[0]


def _largest_unit(cycle: AppraisalCycle) -> Organization:
    """Of those just below the top: led from outside the program if any is, then most records."""
    records = Appraisal.objects.filter(cycle=cycle)
    units = Organization.objects.filter(
        parent__isnull=False, parent__parent=None, head__isnull=False
    ).annotate(is_led_from_outside=~Exists(records.filter(employee=OuterRef("head"))))
    return max(
        units.select_related("head"),
        key=lambda unit: (
            unit.is_led_from_outside,
            records.filter(organization__path__startswith=unit.path).count(),
        ),
    )


def _granted(role: str) -> Person:
    top = Q(role_grants__organization__parent=None)
    return Person.objects.filter(top, role_grants__role=role).order_by("pk")[0]


def _plain(name: str) -> Callable[[Cast], str]:
    return lambda cast: reverse(name)


PAGES = (
    Page("Bare Django page", "employee", _plain("bare")),
    Page("Home", "employee", _plain("home")),
    Page("Home", "supervisor", _plain("home"), "home dashboard"),
    Page("Home", "reviewer", _plain("home")),
    Page("Home", "leader", _plain("home"), "performance dashboard, manager"),
    Page("Home", "hr", _plain("home"), "performance dashboard, admin"),
    Page("HR home", "hr", _plain("hr_home"), "performance dashboard, admin"),
    Page("Team", "supervisor", _plain("team"), "objective list, manager"),
    Page("Review queue", "reviewer", _plain("review_queue")),
    Page("Supervisors", "reviewer", _plain("supervisors")),
    Page(
        "Appraisal",
        "supervisor",
        lambda cast: reverse("appraisal_detail", args=[cast.record.pk]),
        "feedback detail",
    ),
    Page("Timeline", "supervisor", lambda cast: reverse("timeline", args=[cast.record.pk])),
    Page(
        "Document",
        "supervisor",
        lambda cast: reverse("document_detail", args=[cast.document.pk]),
        "feedback overview",
    ),
    Page(
        "Section, writing",
        "supervisor",
        lambda cast: reverse("section_edit", args=[cast.section.pk]),
        "objective detail",
    ),
    Page(
        "Cycle of a unit",
        "leader",
        lambda cast: reverse("unit_cycle", args=[cast.unit.code]),
        "performance dashboard, manager",
    ),
    Page(
        "Records of a unit",
        "leader",
        lambda cast: reverse("unit_records", args=[cast.unit.code]),
    ),
    Page("Organizations", "hr", _plain("organization_list"), "org chart, top"),
    Page(
        "Organization",
        "leader",
        lambda cast: reverse("organization_detail", args=[cast.unit.code]),
        "org chart, manager",
    ),
    Page(
        "People, search",
        "hr",
        lambda cast: f"{reverse('people_search')}?q={cast.employee.last_name[:4]}",
        "employee search",
    ),
    Page(
        "People, the whole",
        "hr",
        lambda cast: reverse("unit_records", args=[Organization.objects.get(parent=None).code]),
        "employee list",
    ),
    Page("Appraisals, search", "hr", _plain("appraisal_search"), "feedback list"),
    Page("Without plan", "hr", _plain("without_plan")),
    Page("Audit", "auditor", _plain("audit_list")),
    Page("Line of sight", "employee", _plain("line_of_sight")),
    Page("Form, PDF", "supervisor", lambda cast: reverse("form_pdf", args=[cast.record.pk])),
)
