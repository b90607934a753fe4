"""Reorganizations with what they do to open appraisals: one transaction for units, people and records."""

import datetime as dt
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet

from appraisals.models import Appraisal, AppraisalEvent
from appraisals.models.scope import under_paths
from appraisals.notifications.units import tell_of_reorganization
from appraisals.selectors import cycles_at, open_appraisals, policy_for
from appraisals.services.officials import NewOfficials, write_officials
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person, Reorganization
from orgchart.models.reorganization import Kind, State
from orgchart.selectors import supervisor_of
from orgchart.services import TREE_AND_PEOPLE, lock
from orgchart.services.reorganizing import (
    Effect,
    Wanted,
    carry_out,
    keep,
    locked_row,
    may_decide,
    settle,
    take_back,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """`effect` on units and people; the open records whose unit or officials change, or could have."""

    effect: Effect
    record_ids: list[int] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def running(appraisals: QuerySet[Appraisal], *, on: dt.date) -> QuerySet[Appraisal]:
    """Unfinished records of the cycles whose ratings are not in effect yet."""
    days = Q(cycle__starts_on__lte=on, cycle__effective_on__gt=on)
    return open_appraisals(appraisals.filter(days))


@transaction.atomic
def decide(wanted: Wanted, *, by: Person) -> Reorganization:
    """Carried out at once when it takes effect today; else kept until its day. Sent twice, it counts once."""
    if not may_decide(by, wanted):
        raise PermissionDenied
    _wait_in_turn()
    if wanted.request_key is not None:
        before = Reorganization.objects.filter(request_key=wanted.request_key, by=by).first()
        if before is not None:
            return before
    if wanted.effective_on > clock.today():
        rehearse(wanted, by=by)
        return keep(wanted, by=by)
    row = locked_row(keep(wanted, by=by).pk)
    _finish(row, _carry(row), by=by)
    return row


def rehearse(wanted: Wanted, *, by: Person) -> Consequence:
    """What would come of it on its day, by doing it after all that is planned before it, and taking all back."""
    if not may_decide(by, wanted):
        raise PermissionDenied
    with transaction.atomic():
        _wait_in_turn()
        for earlier in list(Reorganization.objects.due_on(wanted.effective_on)):
            _try(earlier.pk)
        consequence = _carry(locked_row(keep(wanted, by=by).pk))
        transaction.set_rollback(True)
    return consequence


def apply_due() -> int:
    """Carries out what has come due, oldest first, each for itself; a missed day is made up for."""
    due = Reorganization.objects.due_on(clock.today()).values_list("pk", flat=True)
    return sum(_settle_due(pk) for pk in list(due))


@transaction.atomic
def undo(row: Reorganization, *, by: Person) -> Reorganization:
    if not may_decide(by, row):
        raise PermissionDenied
    return take_back(row, by=by)


def _wait_in_turn() -> None:
    for table in TREE_AND_PEOPLE:
        lock(table)


@transaction.atomic
def _settle_due(pk: int) -> bool:
    """Whoever comes second finds it settled."""
    row = locked_row(pk)
    if row.state != State.PLANNED:
        return False
    try:
        with transaction.atomic():
            consequence = _carry(row)
    except Refused as refusal:
        settle(row, State.FAILED, by=None, outcome=refusal.message)
    else:
        _finish(row, consequence, by=None)
    return True


def _try(pk: int) -> None:
    row = locked_row(pk)
    try:
        with transaction.atomic():
            _carry(row)
    except Refused:
        return


def _finish(row: Reorganization, done: Consequence, *, by: Person | None) -> None:
    lines = [*done.effect.notes, *done.sentences]
    settle(row, State.APPLIED, by=by, outcome="\n".join(lines))
    tell_of_reorganization(row, done.effect)


def _carry(row: Reorganization) -> Consequence:
    day = row.effective_on
    before = _Frame.of(row.organization, on=day)
    effect = carry_out(row)
    record_ids, sentences = _FOLLOW_UP[Kind(row.kind)](row, effect)
    _must_stay_in_their_cycle(row, effect, record_ids)
    if row.target is not None:
        place = row.organization if row.kind == Kind.MOVE else row.target
        sentences += before.differences(_Frame.of(place, on=day), unit=row.organization)
    return Consequence(effect=effect, record_ids=record_ids, sentences=sentences)


def _unit_kept(row: Reorganization, effect: Effect) -> tuple[list[int], list[str]]:
    inside = Appraisal.objects.filter(organization__path__startswith=_path_now(row))
    count = running(inside, on=row.effective_on).count()
    stay = "stays as it is" if count == 1 else "stay as they are"
    text = {
        Kind.MOVE: f"{_open(count)} {stay}: unit, rating official and higher level reviewer. "
        "From that day the heads above the new place see how they stand.",
        Kind.RENAME: f"{_open(count)} of this unit and below will show the new name.",
        Kind.HEAD: f"{_open(count)} {stay}. Who heads the unit sees their numbers.",
        Kind.REOPEN: "No record changes. People and units can be placed here again.",
    }
    return [], [text[Kind(row.kind)]]


def _unit_closed(row: Reorganization, effect: Effect) -> tuple[list[int], list[str]]:
    count = running(
        Appraisal.objects.filter(organization=row.organization), on=row.effective_on
    ).count()
    if count:
        raise Refused(
            f"{row.organization.name} still has {_open(count)}. "
            "Merge it into another unit, which takes them along."
        )
    return [], ["No open appraisal hangs on this unit. Finished ones stay with it for history."]


def _records_follow(row: Reorganization, effect: Effect) -> tuple[list[int], list[str]]:
    """An open record goes where its people go, so that those who lead them see it; finished ones stay."""
    records = running(
        Appraisal.objects.filter(organization=row.organization), on=row.effective_on
    ).order_by("pk")
    ids = list(records.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    target = row.target or row.organization
    Appraisal.objects.filter(pk__in=ids).update(organization=target)
    details = {"organization": [row.organization.name, target.name]}
    _events(row, "change_organization", dict.fromkeys(ids, details))
    goes = "goes" if len(ids) == 1 else "go"
    return ids, [
        f"{_open(len(ids))} {goes} along to {target.name}, with the officials they have. "
        "Finished ones, and the goals of the unit, stay with it for history."
    ]


def _officials_change(row: Reorganization, effect: Effect) -> tuple[list[int], list[str]]:
    """The record keeps its rating official unless HR asked that it follows (R9.9)."""
    former, new = row.former_supervisor, row.person
    if new is None:
        return [], []
    theirs = Q(employee__in=effect.employee_ids, organization__path__startswith=_path_now(row))
    if former is not None:
        theirs &= Q(rating_official=former)
    records = running(Appraisal.objects.filter(theirs), on=row.effective_on)
    locked = Appraisal.objects.filter(pk__in=records.values("pk")).exclude(rating_official=new)
    found = list(locked.order_by("pk").with_people().select_for_update(of=("self",), no_key=True))
    if not row.officials_follow:
        keeps = "keeps its" if len(found) == 1 else "keep their"
        who = f", {former.full_name}," if former else ""
        sentences = [f"{_open(len(found))} {keeps} rating official{who} until HR names another."]
        return [record.pk for record in found], sentences + _reviewers_change(row, effect)
    own = [record for record in found if record.employee_id == row.by_id]
    found = [record for record in found if record.employee_id != row.by_id]
    _name_new(row, found, new=new)
    says = f"{_open(len(found))} {'gets' if len(found) == 1 else 'get'} {new.full_name} as rating official"
    sentences = [f"{says}, and the supervisor above as higher level reviewer."]
    sentences += _reviewers_change(row, effect)
    if own:
        sentences.append(
            "Your own record keeps its officials: another HR administrator names them."
        )
    return [record.pk for record in found], sentences


def _reviewers_change(row: Reorganization, effect: Effect) -> list[str]:
    """Whoever rates others takes the reviews of these along to the new supervisor, when HR says so."""
    former, new = row.former_supervisor, row.person
    if former is None or new is None:
        return []
    records = running(
        Appraisal.objects.filter(
            rating_official__in=effect.employee_ids,
            higher_level_reviewer=former,
            organization__path__startswith=_path_now(row),
        ).exclude(employee__in=[new.pk, row.by_id]),
        on=row.effective_on,
    )
    locked = Appraisal.objects.filter(pk__in=records.values("pk"))
    found = list(locked.order_by("pk").with_people().select_for_update(of=("self",), no_key=True))
    if not found:
        return []
    if not row.officials_follow:
        return [
            f"{_open(len(found))} of the people they rate: {former.full_name} stays higher level reviewer "
            "until HR names another."
        ]
    _write(row, [NewOfficials(each, each.rating_official, new) for each in found], tells=False)
    return [
        f"{_open(len(found))} of the people they rate: {new.full_name} becomes higher level reviewer."
    ]


def _name_new(row: Reorganization, records: list[Appraisal], *, new: Person) -> None:
    above = supervisor_of(new, on=row.effective_on)
    news = []
    for record in records:
        reviewer = above or record.higher_level_reviewer
        if reviewer is not None and reviewer.pk in (record.employee_id, new.pk):
            reviewer = None
        news.append(NewOfficials(record, new, reviewer))
    _write(row, news)


def _write(row: Reorganization, news: list[NewOfficials], *, tells: bool = True) -> None:
    write_officials(
        news,
        by=row.by,
        reason=row.reason,
        effective_on=row.effective_on,
        details={"reorganization": row.pk},
        tells=tells,
    )


def _events(
    row: Reorganization, name: str, details: dict[int, dict[str, list[str]]]
) -> list[AppraisalEvent]:
    """In the order of `details`."""
    now = clock.now()
    return AppraisalEvent.objects.bulk_create(
        [
            AppraisalEvent(
                appraisal_id=pk,
                name=name,
                by=row.by,
                at=now,
                reason=row.reason,
                details=each | {"reorganization": row.pk},
            )
            for pk, each in details.items()
        ],
        batch_size=1000,
    )


def _must_stay_in_their_cycle(row: Reorganization, effect: Effect, record_ids: list[int]) -> None:
    """R1.12: a record whose unit no longer follows its cycle would be seen by nobody who leads."""
    paths = list(Organization.objects.filter(pk__in=effect.unit_ids).values_list("path", flat=True))
    moved = under_paths(paths, "organization__path") | Q(pk__in=record_ids)
    astray = (
        running(Appraisal.objects.filter(moved), on=row.effective_on)
        .exclude(organization__path__startswith=F("cycle__organization__path"))
        .select_related("cycle__organization")
    )
    first = astray.first()
    if first is not None:
        cycle = first.cycle
        raise Refused(
            f"{_open(astray.count())} would be left behind: {cycle.name} of {cycle.organization.name} "
            f"does not hold in the new place. Choose a day from {cycle.effective_on:%-d %B %Y} on, "
            "when that cycle is over."
        )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Under which cycle and policy a unit works on a day."""

    cycle: str
    edition: str

    @classmethod
    def of(cls, unit: Organization, *, on: dt.date) -> "_Frame":
        unit.refresh_from_db(fields=["path"])
        cycle = cycles_at(unit, on=on).select_related("organization").first()
        try:
            in_force = policy_for(unit, on=on)
        except Refused:
            edition = "no edition"
        else:
            edition = f"{in_force.name} of {in_force.organization.name}"
        return cls(f"{cycle.name} of {cycle.organization.name}" if cycle else "no cycle", edition)

    def differences(self, other: "_Frame", *, unit: Organization) -> list[str]:
        pairs = (
            ("cycle that runs then", self.cycle, other.cycle),
            ("policy in force", self.edition, other.edition),
        )
        return [
            f"The {noun} is another for the people of {unit.name}: {after} instead of {before}."
            for noun, before, after in pairs
            if before != after
        ]


def _path_now(row: Reorganization) -> str:
    return Organization.objects.values_list("path", flat=True).get(pk=row.organization_id)


def _open(count: int) -> str:
    if count == 0:
        return "No open appraisal"
    return f"{count:,} open appraisal{'' if count == 1 else 's'}"


_FOLLOW_UP = {
    Kind.MOVE: _unit_kept,
    Kind.RENAME: _unit_kept,
    Kind.HEAD: _unit_kept,
    Kind.REOPEN: _unit_kept,
    Kind.CLOSE: _unit_closed,
    Kind.MERGE: _records_follow,
    Kind.SUPERVISOR: _officials_change,
}
