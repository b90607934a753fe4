"""What a departure means for each record: what is owed and why, and who rates and reviews it from then on (R9)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q

from appraisals import rules
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Departure,
    DepartureKind,
    DepartureRecord,
    Document,
    Element,
    Kind,
    Office,
    OfficialChange,
    Part,
    State,
)
from appraisals.models.appraisal import AppraisalQuerySet
from appraisals.models.scope import Party
from appraisals.permissions import parties
from appraisals.problems import plan_of
from appraisals.rules.words import date_words, joined
from appraisals.selectors import cycles_at, open_appraisals, policy_for
from appraisals.services.cycles import change_problem
from appraisals.services.offices import offices_of
from orgchart.models import Assignment, Organization, Person
from orgchart.selectors import chain_above, supervisor_of

DECIDES = frozenset({Party.HR, Party.HIGHER_LEVEL_REVIEWER, Party.RATING_OFFICIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record. `document`: what is owed and was begun; `official` and `reviewer` from the day after on.

    `heir`: who takes over for the person who goes. `cycle`: the one that it follows from then on, where another
    calendar holds (R1.12).
    """

    appraisal: Appraisal
    part: Part
    owes: rules.Departure
    covers: tuple[dt.date, dt.date]
    document: Document | None
    official: Person
    reviewer: Person | None
    heir: Person | None = None
    cycle: AppraisalCycle | None = None

    @property
    def writer(self) -> Person:
        """Who writes what is owed: the rating official until the last day."""
        return self.appraisal.rating_official

    @property
    def changes_hands(self) -> bool:
        return (
            self.official.pk != self.appraisal.rating_official_id
            or (self.reviewer.pk if self.reviewer else None)
            != self.appraisal.higher_level_reviewer_id
        )


@dataclass(frozen=True, slots=True)
class Found:
    """`left_out`: records that whoever decides has no say in; HR of their unit finds them as stranded."""

    lines: list[Line]
    left_out: int = 0
    notes: list[str] = field(default_factory=list)

    def of(self, *parts: Part) -> list[Line]:
        return [line for line in self.lines if line.part in parts]

    @property
    def owed(self) -> list[Line]:
        return [line for line in self.lines if line.owes.owed]


def lines_of(departure: Departure, people: Iterable[int] = ()) -> Found:
    """`people`: keys of those who are handed over, when it is not the whole team."""
    return _Reckoning(departure, frozenset(people)).found()


def records_held(person: Person) -> AppraisalQuerySet:
    """Every unfinished record this person is rated in, rates or reviews, whatever the cycle."""
    held = Q(employee=person) | Q(rating_official=person) | Q(higher_level_reviewer=person)
    return Appraisal.objects.filter(held, pk__in=open_appraisals(Appraisal.objects.all()))


class _Reckoning:
    """One departure; what is asked of the organization is asked once."""

    def __init__(self, departure: Departure, people: frozenset[int]) -> None:
        self.departure, self.people = departure, people
        self.person = departure.person
        self.day = departure.effective_on
        self.is_gone = departure.person_goes
        self._above: dict[int, Person | None] = {}
        self._policies: dict[int, rules.Policy] = {}
        self._place: Organization | None = departure.gaining_organization
        self._before: dict[int, DepartureRecord] = {}
        if departure.follows is not None:
            held = departure.follows.records.select_related("official_before", "reviewer_before")
            self._before = {each.appraisal_id: each for each in held}

    def found(self) -> Found:
        found = Found([])
        notes: list[str] = []
        left_out = 0
        for record in self._records():
            line = self._line(record, notes)
            if line is None:
                continue
            if parties(self.departure.by, record) & DECIDES:
                found.lines.append(line)
            else:
                left_out += 1
        notes += [*self._without_a_record(found.lines), *self._to_do_beside()]
        return Found(found.lines, left_out, notes)

    def _to_do_beside(self) -> list[str]:
        """What no record says: a new plan for new duties (R1.3), units that they head, delegations."""
        departure, said = self.departure, []
        if departure.kind == DepartureKind.MOVES and departure.gaining_supervisor:
            in_force = policy_for(departure.organization, on=departure.planned_on).rules()
            due = rules.plan_due_on(self.day, in_force)
            said.append(
                f"{departure.gaining_supervisor.full_name} looks at the plan by {date_words(due)}: new duties "
                "need another one, or a change of this one."
            )
        return said + offices_of(departure).words(departure)

    def _without_a_record(self, lines: list[Line]) -> list[str]:
        """Who answers to whoever goes, and has nothing to hand over yet."""
        heir = self.departure.successor
        if heir is None or not self.is_gone or not self.departure.whole_team:
            return []
        held = [line.appraisal.employee_id for line in lines]
        team = Assignment.objects.on(self.departure.last_day).filter(
            supervisor=self.person, covered=True
        )
        names = [
            each.full_name
            for each in Person.objects.filter(
                pk__in=team.exclude(employee__in=held).values("employee")
            ).by_name()
        ]
        if not names:
            return []
        has = "has" if len(names) == 1 else "have"
        return [
            f"{joined(names)} {has} no open record here: nothing is owed, and whoever takes over starts the plan."
        ]

    def _records(self) -> list[Appraisal]:
        records = records_held(self.person)
        if self.departure.follows_id:
            records = records.filter(departures__departure=self.departure.follows_id)
        changes = OfficialChange.objects.filter(office=Office.RATING_OFFICIAL).order_by("pk")
        documents = Document.objects.select_related("policy").prefetch_related(
            Prefetch("elements", Element.objects.filter(removed_at__isnull=True))
        )
        return list(
            records.with_people()
            .select_related("cycle__organization")
            .prefetch_related(
                Prefetch("documents", documents), Prefetch("official_changes", changes)
            )
            .order_by("employee__last_name", "employee__first_name", "cycle__starts_on", "pk")
        )

    def _line(self, record: Appraisal, notes: list[str]) -> Line | None:
        part = self._part(record)
        if part is None:
            return None
        goes_along = part == Part.OWN and self._goes_along(record, notes)
        official, reviewer = self._hands(record, part, goes_along=goes_along)
        cycle = self._cycle_there(record) if goes_along else None
        is_away = part == Part.OWN and self.departure.kind == DepartureKind.DETAIL
        stays = part == Part.REVIEWS or (is_away and not goes_along)
        owes = self._owes(record, part, cycle, stays=stays)
        return Line(
            appraisal=record,
            part=part,
            owes=owes,
            covers=self._covers(record),
            document=self._begun(record, owes),
            official=official,
            reviewer=reviewer,
            heir=self._heir(record, part),
            cycle=cycle,
        )

    def _part(self, record: Appraisal) -> Part | None:
        departure = self.departure
        if departure.follows_id:
            rates = record.rating_official_id == self.person.pk
            reviews = record.higher_level_reviewer_id == self.person.pk
            return Part.RATES if rates else Part.REVIEWS if reviews else None
        if record.employee_id == self.person.pk:
            stays = departure.kind == DepartureKind.DETAIL and not departure.gaining_supervisor_id
            return Part.OWN if self.is_gone and not stays else None
        if record.rating_official_id == self.person.pk:
            is_chosen = departure.whole_team or record.employee_id in self.people
            return Part.RATES if is_chosen else None
        return Part.REVIEWS if departure.whole_team else None

    # --- who takes it over

    def above(self, somebody: Person) -> Person | None:
        """Who is above somebody then; above whoever leaves, who is above them.

        Also above whoever hands over the whole team: it answers to one of its own then.
        """
        if somebody.pk not in self._above:
            departure, found = self.departure, supervisor_of(somebody, on=self.day)
            leads_no_more = self.is_gone or (
                departure.kind == DepartureKind.HANDS_OVER and departure.whole_team
            )
            if found is not None and found.pk == self.person.pk and leads_no_more:
                found = supervisor_of(self.person, on=self.departure.last_day)
            self._above[somebody.pk] = found
        return self._above[somebody.pk]

    def _hands(
        self, record: Appraisal, part: Part, *, goes_along: bool
    ) -> tuple[Person, Person | None]:
        if self.departure.follows_id:
            return self._back(record)
        gaining = self.departure.gaining_supervisor
        if goes_along and gaining is not None:
            return gaining, self._reviewer(record, gaining)
        heir = self._heir(record, part)
        if heir is None:
            return record.rating_official, record.higher_level_reviewer
        if part == Part.REVIEWS:
            named = (record.employee_id, record.rating_official_id)
            reviewer = heir if heir.pk not in named else self.above(heir)
            reviewer = None if reviewer is None or reviewer.pk in named else reviewer
            return record.rating_official, reviewer
        official: Person | None = heir
        if heir.pk == record.employee_id:
            # Whoever takes over a team they belonged to is rated by the next one up.
            official = self.above(heir)
        if official is None:
            return record.rating_official, record.higher_level_reviewer
        return official, self._reviewer(record, official)

    def _heir(self, record: Appraisal, part: Part) -> Person | None:
        """Whoever takes somebody over reviews the records of their people, too."""
        if part == Part.OWN:
            return None
        given_to = self.departure.given_to
        rated = given_to.get(record.employee_id)
        over = given_to.get(record.rating_official_id) if part == Part.REVIEWS else None
        return rated or over or self.departure.successor

    def _goes_along(self, record: Appraisal, notes: list[str]) -> bool:
        """Of whoever is rated: the gaining supervisor has it from then on, if its days can be rated there."""
        if self.departure.gaining_supervisor is None or self.departure.follows_id:
            return False
        if self._cycle_holds(record):
            return True
        cycle, place = self._cycle_there(record), self._place
        problem = change_problem(record, cycle, place=place) if cycle else ""
        if cycle is None or problem:
            stays = (
                f"{record.cycle.name} does not hold in the new place: this record stays with "
                f"{record.rating_official.full_name}. {problem}"
            )
            notes.append(stays.strip())
            return False
        notes.append(
            f"{record.cycle.name} does not hold in the new place: the record follows {cycle.name} there, "
            f"and its period ends on {date_words(cycle.ends_on)}."
        )
        return True

    def _cycle_holds(self, record: Appraisal) -> bool:
        """R1.12: a record lies below its cycle's organization and follows no nearer one."""
        place = self._place
        if place is None or record.cycle.ends_on < self.day:
            return place is None or place.path.startswith(record.cycle.organization.path)
        running = cycles_at(place, on=self.day).first()
        return running is not None and running.pk == record.cycle_id

    def _cycle_there(self, record: Appraisal) -> AppraisalCycle | None:
        """The one that it takes up on a move; a record lies where it did while its employee is detailed."""
        place, over = self._place, record.cycle.ends_on < self.day
        if self.departure.kind != DepartureKind.MOVES or place is None or over:
            return None
        running = cycles_at(place, on=self.day).first()
        return running if running is not None and running.pk != record.cycle_id else None

    def _back(self, record: Appraisal) -> tuple[Person, Person | None]:
        """As it was before, unless somebody else was named meanwhile."""
        before = self._before[record.pk]
        official, reviewer = record.rating_official, record.higher_level_reviewer
        if official.pk == self.person.pk:
            official, reviewer = before.official_before, before.reviewer_before
        elif reviewer is not None and reviewer.pk == self.person.pk:
            reviewer = before.reviewer_before
        if reviewer is not None and reviewer.pk in (record.employee_id, official.pk):
            reviewer = self._reviewer(record, official)
        return official, reviewer

    def _reviewer(self, record: Appraisal, official: Person) -> Person | None:
        """R8: who is above the rating official, else whoever reviews it now and does not answer to them."""
        named = (record.employee_id, official.pk)
        above, present = self.above(official), record.higher_level_reviewer
        if above is not None and above.pk not in named and not self._leaves(above):
            return above
        if present is None or present.pk in named or self._leaves(present):
            return None
        up = [each.pk for each in chain_above(record.employee, on=self.departure.last_day)]
        below = up[: up.index(official.pk)] if official.pk in up else []
        return None if present.pk in below else present

    def _leaves(self, somebody: Person) -> bool:
        return self.is_gone and somebody.pk == self.person.pk

    # --- what is owed

    def _policy(self, record: Appraisal) -> rules.Policy:
        key = record.organization_id
        if key not in self._policies:
            in_force = policy_for(record.organization, on=self.departure.planned_on)
            self._policies[key] = in_force.rules()
        return self._policies[key]

    def _owes(
        self, record: Appraisal, part: Part, cycle: AppraisalCycle | None, *, stays: bool
    ) -> rules.Departure:
        """`stays`: with its rating official. `cycle`: the one it follows then, which says how many days are left."""
        if stays:
            return rules.Departure(None, 0, 0, "The rating official stays: nothing is owed.")
        last_day = self.departure.last_day
        annual = next(
            (each for each in record.documents.all() if each.kind == Kind.ANNUAL_APPRAISAL), None
        )
        if annual is not None and annual.communicated_on is not None:
            return rules.Departure(None, 0, 0, "The rating is issued: nothing is owed.")
        if last_day < record.cycle.starts_on:
            return rules.Departure(None, 0, 0, "The cycle has not begun then: nothing is owed.")
        plan, ends_on = plan_of(record), record.period_ends_on
        if cycle is not None:
            ends_on = max(cycle.ends_on, record.extended_until or cycle.ends_on)
        return rules.narrative_statement_owed(
            approved_on=plan.approved_on if plan else None,
            leaves_on=last_day,
            cycle_ends_on=ends_on,
            policy=self._policy(record),
            rated_since=_rated_since(record),
            leaves_service=part == Part.OWN and self.departure.kind == DepartureKind.LEAVES,
        )

    def _covers(self, record: Appraisal) -> tuple[dt.date, dt.date]:
        """Since the last statement, or since this rating official began (R9.2)."""
        last_day = self.departure.last_day
        told = [each.covers_until for each in _statements(record) if each.covers_until]
        after = [day + dt.timedelta(days=1) for day in told if day < last_day]
        return min(max([_rated_since(record), *after]), last_day), last_day

    def _begun(self, record: Appraisal, owes: rules.Departure) -> Document | None:
        if owes.owed == Kind.ANNUAL_APPRAISAL:
            kinds = (each for each in record.documents.all() if each.kind == owes.owed)
            return next(kinds, None)
        if owes.owed == Kind.NARRATIVE_STATEMENT:
            statements = _statements(record)
            last_day = self.departure.last_day
            about_it = (each for each in statements if each.covers_until == last_day)
            open_ones = (each for each in statements if each.state != State.ACKNOWLEDGED)
            return next(about_it, next(open_ones, None))
        return None


def _statements(record: Appraisal) -> list[Document]:
    return [
        each
        for each in record.documents.all()
        if each.kind == Kind.NARRATIVE_STATEMENT and each.state != State.CLOSED
    ]


def _rated_since(record: Appraisal) -> dt.date:
    """The first day of whoever rates now."""
    changes = record.official_changes.all()
    return max([record.starts_on, *(change.effective_on for change in changes)])
