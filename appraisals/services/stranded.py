"""Records in the hands of somebody who is gone, or left behind in a move: found, a way out proposed, put right.

Nothing stays with nobody, nor where nobody looks for it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from appraisals.models import Appraisal, Document, State
from appraisals.models.scope import hr_paths, under_paths
from appraisals.permissions import may_administer_appraisal
from appraisals.selectors import open_appraisals
from appraisals.services.moving import place_record
from appraisals.services.officials import NewOfficials, write_officials
from orgchart import clock
from orgchart.models import Assignment, Organization, Person
from orgchart.selectors import newest_assignments


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who could have the record. `problem`: why nobody is proposed and HR names somebody; "" when it can be done."""

    record: Appraisal
    official: Person | None
    reviewer: Person | None
    problem: str = ""
    place: Organization | None = None
    """Where it goes, when it goes to another unit."""


class Act(Protocol):
    """Those of these records that can be are put right; all of them are administered by `by`."""

    def __call__(self, keys: Iterable[int], /, *, by: Person, reason: str) -> list[Proposal]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`act` None: left for a person to judge. `done`: what came of it, for one record and for several."""

    key: str
    title: str
    about: str
    found: Callable[[], Q]
    propose: Callable[[Iterable[Appraisal]], list[Proposal]]
    act: Act | None = None
    button: str = ""
    done: str = ""
    none: str = "Every open record in your scope is in the hands of somebody who is here."


def _here(column: str) -> Exists:
    """Somebody who works here today and can sign in."""
    here = Assignment.objects.on(clock.today()).filter(
        employee=OuterRef(column), employee__is_active=True
    )
    return Exists(here)


def _waits_for_nobody() -> Q:
    waiting = Document.objects.filter(appraisal=OuterRef("pk"), state=State.IN_REVIEW)
    return Q(Exists(waiting), higher_level_reviewer=None)


def _held() -> QuerySet[Assignment]:
    return Assignment.objects.on(clock.today()).filter(employee=OuterRef("employee"))


def _answers() -> Exists:
    return Exists(_held().filter(supervisor=OuterRef("rating_official")))


def _rated_elsewhere() -> Q:
    """By somebody who is here, while the employee answers to somebody else."""
    return Q(Exists(_held()), ~_answers(), _here("rating_official"))


def _left_behind() -> Q:
    """With their supervisor of today, who takes it along as it is."""
    return Q(~Exists(_held().filter(organization=OuterRef("organization"))), _answers())


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


LEVELS = 4
"""So far up a line is followed past people who are gone."""


def proposals_for(records: Iterable[Appraisal]) -> list[Proposal]:
    """The employee’s supervisor of today rates, and who is above reviews; else who was above the former one.

    So many queries, however many records.
    """
    records = list(records)
    lines = _Lines(records)
    waiting = Document.objects.filter(appraisal__in=records, state=State.IN_REVIEW)
    waits = set(waiting.values_list("appraisal_id", flat=True))
    return [_proposal(record, lines, waits=record.pk in waits) for record in records]


class _Lines:
    """Who answers to whom today or answered last, from these records’ people up, and who of them is here."""

    def __init__(self, records: Sequence[Appraisal]) -> None:
        today = clock.today()
        named = [each.higher_level_reviewer for each in records if each.higher_level_reviewer]
        people = [
            *named,
            *(who for each in records for who in (each.employee, each.rating_official)),
        ]
        known = {each.pk for each in people}
        self._above: dict[int, Person | None] = {}
        for _ in range(LEVELS):
            held = newest_assignments(people, on=today)
            self._above |= {each.employee_id: each.supervisor for each in held.values()}
            bosses = {each.supervisor_id: each.supervisor for each in held.values()}
            people = [boss for boss in bosses.values() if boss and boss.pk not in known]
            known |= {each.pk for each in people}
        rows = Assignment.objects.on(today).filter(employee__in=known, employee__is_active=True)
        self.here = set(rows.values_list("employee_id", flat=True))

    def above(self, somebody: Person) -> Iterator[Person]:
        """Nearest first, gone ones too."""
        seen = {somebody.pk}
        over = self._above.get(somebody.pk)
        while over is not None and over.pk not in seen:
            yield over
            seen.add(over.pk)
            over = self._above.get(over.pk)


def _proposal(record: Appraisal, lines: _Lines, *, waits: bool) -> Proposal:
    line = [*lines.above(record.employee), *lines.above(record.rating_official)]
    official = next(
        (each for each in line if each.pk in lines.here and each.pk != record.employee_id), None
    )
    if official is None:
        problem = "Nobody above them works here any more. Name who rates and who reviews."
        return Proposal(record, None, None, problem)
    taken = (record.employee_id, official.pk)
    present = record.higher_level_reviewer
    may_stay = present is not None and official not in lines.above(present)
    line = [*lines.above(official), *([present] if present and may_stay else [])]
    reviewer = next((each for each in line if each.pk in lines.here and each.pk not in taken), None)
    problem = ""
    if reviewer is None and (waits or present is not None):
        problem = (
            f"Nobody is above {official.full_name} who could review it. A review that policy asks for is not "
            "left out for that: name a higher level reviewer from elsewhere."
        )
    return Proposal(record, official, reviewer, problem)


def places_for(records: Iterable[Appraisal]) -> list[Proposal]:
    """With whoever has it, to the unit where the employee works today; one query."""
    records = list(records)
    held = newest_assignments([each.employee for each in records], on=clock.today())
    return [
        Proposal(
            each,
            each.rating_official,
            each.higher_level_reviewer,
            place=held[each.employee_id].organization,
        )
        for each in records
    ]


def _locked(keys: Iterable[int], by: Person) -> list[Appraisal]:
    wanted = Appraisal.objects.filter(pk__in=list(keys)).with_people().order_by("pk")
    records = list(wanted.select_for_update(of=("self",), no_key=True))
    if not all(may_administer_appraisal(by, record) for record in records):
        raise PermissionDenied
    return records


@transaction.atomic
def take_along(keys: Iterable[int], /, *, by: Person, reason: str) -> list[Proposal]:
    """Each of these records to the unit where its employee works now, as long as its supervisor there rates it."""
    keys = [each.pk for each in _locked(keys, by)]
    behind = Appraisal.objects.filter(LEFT_BEHIND.found(), pk__in=keys).with_people()
    done = places_for(behind.order_by("pk"))
    for each in done:
        if each.place is not None:
            place_record(each.record, each.place, by=by, reason=reason, details={"stranded": True})
    return done


@transaction.atomic
def put_right(keys: Iterable[int], /, *, by: Person, reason: str) -> list[Proposal]:
    """Each of these records to the officials proposed now; those with a problem stay, for HR to name somebody."""
    done = [each for each in proposals_for(_locked(keys, by)) if not each.problem]
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


_TO_OFFICIALS = partial(
    Finding,
    propose=proposals_for,
    act=put_right,
    button="Give the ticked ones to the proposed officials",
    done="record has new officials. Each of them is told.,records have new officials. Each of them is told.",
)
OFFICIAL_GONE = _TO_OFFICIALS(
    key="official-gone",
    title="Rating official gone",
    about="Whoever is to write and to sign no longer works here.",
    found=lambda: Q(_here("employee"), ~_here("rating_official")),
)
REVIEWER_GONE = _TO_OFFICIALS(
    key="reviewer-gone",
    title="Reviewer gone",
    about="Whoever is to review no longer works here.",
    found=lambda: (
        Q(_here("employee"), ~_here("higher_level_reviewer"))
        & Q(higher_level_reviewer__isnull=False)
    ),
)
NOBODY_REVIEWS = _TO_OFFICIALS(
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
    propose=proposals_for,
)
ELSEWHERE = Finding(
    key="elsewhere",
    title="Rated by a former supervisor",
    about="The employee answers to somebody else now. That can be meant, after a move near the end of a cycle. "
    "Else settle the move: what the former supervisor owes is opened, and the record goes along.",
    found=_rated_elsewhere,
    propose=proposals_for,
    none="Everybody in your scope is rated by whoever they answer to.",
)
LEFT_BEHIND = Finding(
    key="left-behind",
    title="In a unit they left",
    about="Their supervisor rates them, but the record lies where they worked before: there it is counted, and "
    "there it is seen by whoever leads.",
    found=_left_behind,
    propose=places_for,
    act=take_along,
    button="Take the ticked ones along",
    done="record lies where its employee works.,records lie where their employees work.",
    none="Every open record in your scope lies where its employee works.",
)
FINDINGS = (OFFICIAL_GONE, REVIEWER_GONE, NOBODY_REVIEWS, EMPLOYEE_GONE, ELSEWHERE, LEFT_BEHIND)
BY_KEY = {finding.key: finding for finding in FINDINGS}
