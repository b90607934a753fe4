"""Questions more than one screen asks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, JSONObject, Length

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    AppraisalEvent,
    Delegation,
    Document,
    Element,
    Goal,
    GoalPublication,
    GoalVersion,
    MissionStatement,
    PolicyEdition,
    RatingOfRecord,
    Section,
    Situation,
    TextVersion,
)
from appraisals.models.appraisal import DocumentQuerySet
from appraisals.models.rating import current_of
from appraisals.permissions import may_read_section
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person
from orgchart.selectors import assignment_of, newest_assignments


def _above(organization: Organization) -> list[int]:
    """Primary keys from the top down to the organization itself."""
    return [*organization.ancestor_ids, organization.pk]


def policy_for(organization: Organization, *, on: dt.date) -> PolicyEdition:
    """The edition in force: of the nearest organization that has one, its latest by that day."""
    edition = (
        PolicyEdition.objects.filter(organization__in=_above(organization), effective_on__lte=on)
        .order_by(Length("organization__path").desc(), "-effective_on")
        .first()
    )
    if edition is None:
        raise Refused(
            f"No policy edition is in force for {organization.name} on {on:%-d %B %Y}. Ask HR."
        )
    return edition


def place_of(person: Person) -> Organization | None:
    """Where somebody works today, or worked last."""
    held = newest_assignments([person], on=clock.today()).get(person.pk)
    return held.organization if held else None


def cycles_at(organization: Organization, *, on: dt.date) -> QuerySet[AppraisalCycle]:
    """Cycles that run on that day, the nearest organization's first (R1.12).

    Where a nearer organization opened one in these days, the one above does not hold: nothing is begun in it.
    """
    depth = Length("organization__path")
    nearer = AppraisalCycle.objects.annotate(depth=depth).filter(
        organization__in=_above(organization),
        depth__gt=OuterRef("depth"),
        starts_on__lte=OuterRef("ends_on"),
        ends_on__gte=OuterRef("starts_on"),
    )
    return (
        AppraisalCycle.objects.annotate(depth=depth)
        .filter(
            ~Exists(nearer),
            organization__in=_above(organization),
            starts_on__lte=on,
            ends_on__gte=on,
        )
        .order_by("-depth")
    )


def cycle_for(person: Person, *, on: dt.date) -> AppraisalCycle | None:
    assignment = assignment_of(person, on=on)
    return cycles_at(assignment.organization, on=on).first() if assignment else None


def delegations_of(principal: Person) -> QuerySet[Delegation]:
    """Who drafts for this rating official today."""
    return Delegation.objects.in_force(clock.today()).filter(principal=principal).with_people()


def overlapping_record(employee: Person, cycle: AppraisalCycle) -> Appraisal | None:
    """A record of the same days under another calendar, the latest first."""
    return (
        Appraisal.objects.filter(
            employee=employee,
            cycle__starts_on__lte=cycle.ends_on,
            cycle__ends_on__gte=cycle.starts_on,
        )
        .exclude(cycle=cycle)
        .select_related("cycle__organization", "rating_of_record")
        .order_by("-cycle__ends_on")
        .first()
    )


def later_rating(appraisal: Appraisal) -> str:
    """R7.12: why a missing rating cannot be given any more; "" while it can."""
    later = (
        RatingOfRecord.objects.filter(
            appraisal__employee=appraisal.employee_id,
            appraisal__cycle__ends_on__gt=appraisal.cycle.ends_on,
        )
        .select_related("appraisal__cycle")
        .order_by("effective_on")
        .first()
    )
    if later is None:
        return ""
    return (
        f"The rating of record of {later.appraisal.cycle.name} has been issued. A rating of an earlier "
        "year cannot be given after that (R7.12)."
    )


def with_last_event(documents: DocumentQuerySet) -> DocumentQuerySet:
    """Adds `last_event_name` and `last_event_reason`: a draft that came back says why."""
    newest = AppraisalEvent.objects.filter(document=OuterRef("pk")).order_by("-pk")
    return documents.annotate(
        last_event_name=Subquery(newest.values("name")[:1]),
        last_event_reason=Subquery(newest.values("reason")[:1]),
    )


def with_documents(appraisals: QuerySet[Appraisal]) -> QuerySet[Appraisal]:
    """What `turns` needs to say where each record stands: three queries, whatever the number of rows.

    `away` holds what the employee is specially situated by (R7.13), which few are.
    """
    situations = Situation.objects.standing().filter(employee=OuterRef("employee"))
    away = situations.values(each=JSONObject(kind="kind", starts_on="starts_on", ends_on="ends_on"))
    of_the_year = Document.objects.of_the_year().select_related("policy")
    documents = with_last_event(of_the_year).annotate(
        rated=Count("sections", filter=Q(sections__kind="rating", sections__level__isnull=False)),
        to_rate=Count("sections", filter=Q(sections__kind="rating")),
    )
    with_people = appraisals.select_related(
        "employee",
        "rating_official",
        "higher_level_reviewer",
        "organization",
        "rating_of_record",
        "cycle",
    )
    return with_people.annotate(away=ArraySubquery(away)).prefetch_related(
        "cycle__milestones", Prefetch("documents", documents)
    )


def with_levels(appraisals: QuerySet[Appraisal]) -> QuerySet[Appraisal]:
    """Adds `current_level`: of the rating of record as it counts today, None without one."""
    return appraisals.annotate(current_level=current_of("level", "rating_of_record"))


def open_appraisals(appraisals: QuerySet[Appraisal]) -> QuerySet[Appraisal]:
    """Records whose year is not finished: no annual appraisal acknowledged yet, nor closed without.

    A rating that was brought over from a system before has no annual appraisal here; its year is over.
    """
    annual = Document.objects.filter(appraisal=OuterRef("pk"), kind="annual_appraisal")
    rated = RatingOfRecord.objects.filter(appraisal=OuterRef("pk"))
    return appraisals.filter(
        ~Exists(annual.filter(state="acknowledged")), Exists(annual) | ~Exists(rated), not_rated=""
    )


def readable_sections(document: Document, user: Person) -> list[Section]:
    """The document's texts that this reader may see, in reading order."""
    readable = [each for each in document.sections.all() if may_read_section(user, each, document)]
    return sorted(readable, key=_reading_order)


def _reading_order(section: Section) -> tuple[bool, int, str]:
    element = section.element
    return element is None, element.number if element else 0, section.kind


def goals_by_id(goal_ids: Iterable[int]) -> dict[int, Goal]:
    """These goals and all they serve, in one recursive query."""
    wanted = list(goal_ids)
    if not wanted:
        return {}
    rows = Goal.objects.raw(
        """
        WITH RECURSIVE sight AS (
            SELECT * FROM appraisals_goal WHERE id = ANY(%s)
            UNION
            SELECT above.* FROM appraisals_goal above JOIN sight ON sight.serves_id = above.id
        )
        SELECT sight.*, place.name AS organization_name
          FROM sight JOIN orgchart_organization place ON place.id = sight.organization_id
        """,
        [wanted],
    )
    return {goal.pk: goal for goal in rows}


def lines_of_sight(goal_ids: Iterable[int | None]) -> dict[int, list[Goal]]:
    """For each goal id, its chain upwards: [goal, the goal it serves, …, the department's]."""
    wanted = [goal_id for goal_id in goal_ids if goal_id is not None]
    known = goals_by_id(wanted)
    lines: dict[int, list[Goal]] = {}
    for goal_id in wanted:
        line: list[Goal] = []
        next_id: int | None = goal_id
        while next_id is not None and next_id in known:
            line.append(known[next_id])
            next_id = known[next_id].serves_id
        lines[goal_id] = line
    return lines


def goals_for(
    organization: Organization, cycle: AppraisalCycle, *, chosen: int | None = None
) -> QuerySet[Goal]:
    """The goals an element here may serve: published ones of this organization and all above, nearest first.

    The goal it serves already (`chosen`) stays a choice when it is retired.
    """
    offered = Goal.objects.offered(clock.today()).filter(
        cycle=cycle, organization__in=_above(organization)
    )
    if chosen is not None:
        offered |= Goal.objects.filter(pk=chosen)
    return offered.select_related("organization").order_by(
        Length("organization__path").desc(), "position", "pk"
    )


def texts_at(document: Document, mark: int) -> dict[tuple[str, int], dict[str, object]]:
    """Each text as it stood when TextVersion `mark` was the newest: ("section"|"element"|"change", pk) -> content."""
    texts: dict[tuple[str, int], dict[str, object]] = {}
    for version in document.text_versions.filter(pk__lte=mark).order_by("pk"):
        for of in ("section", "element", "change"):
            if pk := getattr(version, f"{of}_id"):
                texts[of, pk] = version.content
    return texts


def as_written_for(sections: Iterable[Section]) -> dict[int, TextVersion]:
    """Of each element that says something else by now, the newest version that one of these texts was written for.

    Without a query where no element was changed.
    """
    written: dict[int, int] = {}
    for section in sections:
        if section.element and section.element_version:
            newest = max(written.get(section.element.pk, 0), section.element_version)
            written[section.element.pk] = newest
    older = [
        Q(element=section.element, version=written[section.element.pk])
        for section in sections
        if section.element
        and written.get(section.element.pk, section.element.version) < section.element.version
    ]
    if not older:
        return {}
    asked = reduce(or_, older)
    return {version.element_id or 0: version for version in TextVersion.objects.filter(asked)}


def people_without_plan(people: QuerySet[Person], cycle: AppraisalCycle) -> QuerySet[Person]:
    """Covered people with no record in this cycle (R16.3: the denominator is covered people only)."""
    today = clock.today()
    recorded = Appraisal.objects.filter(employee=OuterRef("pk"), cycle=cycle)
    return people.filter(
        ~Exists(recorded),
        assignments__covered=True,
        assignments__starts_on__lte=today,
    ).filter(Q(assignments__ends_on__isnull=True) | Q(assignments__ends_on__gte=today))


def plan_elements_of(appraisal_ids: Iterable[int]) -> QuerySet[Element]:
    found = Element.objects.standing().filter(plan__appraisal__in=list(appraisal_ids))
    return found.select_related("goal")


def goals_above(organization: Organization, cycle: AppraisalCycle) -> QuerySet[Goal]:
    """What a goal here may serve: published ones of the organizations above, nearest first."""
    return (
        Goal.objects.offered(clock.today())
        .filter(cycle=cycle, organization__in=organization.ancestor_ids)
        .select_related("organization")
        .order_by(Length("organization__path").desc(), "position", "pk")
    )


@dataclass(frozen=True, slots=True)
class NotTold:
    """What those below do not know yet: drafts, and how many changes of what they do know."""

    goals: list[Goal]
    mission: MissionStatement | None
    changes: int
    unlinked: list[Goal]

    def __bool__(self) -> bool:
        return bool(self.goals or self.mission or self.changes)


def not_yet_told(organization: Organization, cycle: AppraisalCycle) -> NotTold:
    held = {"organization": organization, "cycle": cycle}
    goals = list(Goal.objects.filter(**held, published_at__isnull=True))
    mission = MissionStatement.objects.filter(**held, published_at__isnull=True).first()
    bare = [goal for goal in goals if not (goal.serves_id or goal.serves_none)]
    unlinked = bare if bare and goals_above(organization, cycle).exists() else []
    return NotTold(goals, mission, changes_not_told(organization, cycle), unlinked)


def changes_not_told(organization: Organization, cycle: AppraisalCycle) -> int:
    """How many goals, and the mission, changed since those below were told; drafts are not among them."""
    held = {"organization": organization, "cycle": cycle}
    told = GoalPublication.objects.filter(**held).order_by("-pk").values("at")[:1]
    published = Goal.objects.published().filter(pk=OuterRef("goal_id"))
    mission = MissionStatement.objects.filter(**held, published_at__isnull=False)
    long_ago = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
    changed = GoalVersion.objects.filter(
        Exists(published) | (Q(goal=None) & Exists(mission)),
        **held,
        what__in=["changed", "retired", "kept"],
        at__gt=Coalesce(Subquery(told), long_ago),
    )
    counted: dict[str, int] = changed.aggregate(
        goals=Count("goal", distinct=True), mission=Count("pk", filter=Q(goal=None))
    )
    return counted["goals"] + (counted["mission"] > 0)


def goal_news(person: Person, place: Organization | None) -> QuerySet[GoalPublication]:
    """The newest publication of each organization above, of cycles not over, until this person opened it."""
    if place is None:
        return GoalPublication.objects.none()
    newer = GoalPublication.objects.filter(
        organization=OuterRef("organization"), cycle=OuterRef("cycle"), pk__gt=OuterRef("pk")
    )
    return (
        GoalPublication.objects.filter(
            ~Exists(newer), organization__in=_above(place), cycle__ends_on__gte=clock.today()
        )
        .exclude(by=person)
        .exclude(reads__person=person)
        .select_related("by", "organization", "cycle")
        .order_by("-pk")
    )
