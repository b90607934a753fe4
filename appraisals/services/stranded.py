"""Records in the hands of somebody who is gone: found, a way out proposed, put right. Nothing stays with nobody."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from appraisals.models import Appraisal, Document, State
from appraisals.models.scope import hr_paths, under_paths
from appraisals.permissions import may_administer_appraisal
from appraisals.selectors import open_appraisals
from appraisals.services.officials import NewOfficials, write_officials
from orgchart import clock
from orgchart.models import Assignment, Organization, Person
from orgchart.selectors import newest_assignments


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    key: str
    title: str
    about: str
    found: Callable[[], Q]


def _here(column: str) -> Exists:
    """Somebody who works here today and can sign in."""
    here = Assignment.objects.on(clock.today()).filter(
        employee=OuterRef(column), employee__is_active=True
    )
    return Exists(here)


def _waits_for_nobody() -> Q:
    waiting = Document.objects.filter(appraisal=OuterRef("pk"), state=State.IN_REVIEW)
    return Q(Exists(waiting), higher_level_reviewer=None)


def _rated_elsewhere() -> Q:
    """By somebody who is here, while the employee answers to somebody else."""
    held = Assignment.objects.on(clock.today()).filter(employee=OuterRef("employee"))
    answers = held.filter(supervisor=OuterRef("rating_official"))
    return Q(Exists(held), ~Exists(answers), _here("rating_official"))


OFFICIAL_GONE = Finding(
    key="official-gone",
    title="Rating official gone",
    about="Whoever is to write and to sign no longer works here.",
    found=lambda: Q(_here("employee"), ~_here("rating_official")),
)
REVIEWER_GONE = Finding(
    key="reviewer-gone",
    title="Reviewer gone",
    about="Whoever is to review no longer works here.",
    found=lambda: (
        Q(_here("employee"), ~_here("higher_level_reviewer"))
        & Q(higher_level_reviewer__isnull=False)
    ),
)
NOBODY_REVIEWS = Finding(
    key="nobody-reviews",
    title="In review at nobody",
    about="Sent up, and no higher level reviewer is named.",
    found=_waits_for_nobody,
)
EMPLOYEE_GONE = Finding(
    key="employee-gone",
    title="Employee gone",
    about="The year is still open. What is written is acknowledged for them; what cannot be rated is closed by HR.",
    found=lambda: Q(~_here("employee")),
)
ELSEWHERE = Finding(
    key="elsewhere",
    title="Rated by a former supervisor",
    about="The employee answers to somebody else now. That can be meant, after a move near the end of a cycle.",
    found=_rated_elsewhere,
)
FINDINGS = (OFFICIAL_GONE, REVIEWER_GONE, NOBODY_REVIEWS, EMPLOYEE_GONE, ELSEWHERE)
BY_KEY = {finding.key: finding for finding in FINDINGS}
STRANDED = (OFFICIAL_GONE, REVIEWER_GONE, NOBODY_REVIEWS)
"""What the proposal puts right; the other two are for a person to judge."""


def stranded(finding: Finding, paths: Sequence[str]) -> QuerySet[Appraisal]:
    """Unfinished records at or below these places, by name."""
    inside = Appraisal.objects.filter(under_paths(list(paths), "organization__path"))
    found = open_appraisals(inside).filter(finding.found())
    return found.order_by("employee__last_name", "employee__first_name", "cycle__starts_on", "pk")


def counts_of(paths: Sequence[str]) -> dict[Finding, int]:
    """How many records there are of each finding; one query."""
    inside = Appraisal.objects.filter(under_paths(list(paths), "organization__path"))
    asked = {str(n): Count("pk", filter=each.found()) for n, each in enumerate(FINDINGS)}
    counted: dict[str, int] = open_appraisals(inside).aggregate(**asked)
    return {each: counted[str(n)] for n, each in enumerate(FINDINGS)}


def scope_paths_of(user: Person | None, place: Organization | None = None) -> list[str]:
    """What HR administers; at the console, without anybody, a place or everything."""
    if user is None:
        return [place.path if place else "/"]
    return list(hr_paths(user))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who could have the record. `official` None: nobody can be proposed, HR names somebody."""

    record: Appraisal
    official: Person | None
    reviewer: Person | None


def proposals_for(records: Iterable[Appraisal]) -> list[Proposal]:
    """The employee’s supervisor of today rates, and who is above reviews; else who was above the former one.

    Four queries, however many records.
    """
    records = list(records)
    today = clock.today()
    employees = [record.employee for record in records]
    held = newest_assignments(employees, on=today)
    officials = [record.rating_official for record in records]
    bosses = {each.supervisor_id: each.supervisor for each in held.values() if each.supervisor}
    above = newest_assignments([*bosses.values(), *officials], on=today)
    uppers = {each.supervisor_id: each.supervisor for each in above.values() if each.supervisor}
    here = _working([*bosses, *uppers])
    over_uppers = newest_assignments(uppers.values(), on=today)
    return [_proposal(record, held, above | over_uppers, here) for record in records]


def _working(keys: Iterable[int | None]) -> set[int]:
    wanted = [key for key in keys if key]
    rows = Assignment.objects.on(clock.today()).filter(
        employee__in=wanted, employee__is_active=True
    )
    return set(rows.values_list("employee_id", flat=True))


def _proposal(
    record: Appraisal, held: dict[int, Assignment], above: dict[int, Assignment], here: set[int]
) -> Proposal:
    own = held.get(record.employee_id)
    official = own.supervisor if own else None
    if official is None or official.pk not in here:
        former = above.get(record.rating_official_id)
        official = former.supervisor if former else None
    if official is None or official.pk not in here or official.pk == record.employee_id:
        return Proposal(record, None, None)
    over = above.get(official.pk)
    reviewer = over.supervisor if over else None
    taken = (record.employee_id, official.pk)
    if reviewer is None or reviewer.pk in taken:
        present = record.higher_level_reviewer
        reviewer = present if present and present.pk not in taken else None
    return Proposal(record, official, reviewer)


@transaction.atomic
def put_right(keys: Iterable[int], *, by: Person, reason: str) -> list[Proposal]:
    """Each of these records to the officials proposed now; those that nobody can be proposed for stay."""
    wanted = Appraisal.objects.filter(pk__in=list(keys)).with_people().order_by("pk")
    records = list(wanted.select_for_update(of=("self",), no_key=True))
    if not all(may_administer_appraisal(by, record) for record in records):
        raise PermissionDenied
    done = [each for each in proposals_for(records) if each.official is not None]
    write_officials(
        [
            NewOfficials(each.record, each.official, each.reviewer)
            for each in done
            if each.official is not None
        ],
        by=by,
        reason=reason,
        details={"stranded": True},
    )
    return done
