"""Whoever takes over: whether they can, asked when a departure is decided and again on its day (R8, R9)."""

import datetime as dt
from collections.abc import Sequence

from appraisals import rules
from appraisals.models import Departure, DepartureKind, Kind, Part
from appraisals.rules.words import counted, joined
from appraisals.selectors import policy_for
from appraisals.services.departing import Line, records_held
from orgchart.errors import Refused
from orgchart.models import Assignment, Person
from orgchart.selectors import chain_above, direct_reports

ENDS = (DepartureKind.LEAVES, DepartureKind.TRANSFERS)
REVIEWED = (Kind.PERFORMANCE_PLAN, Kind.ANNUAL_APPRAISAL)


def must_work(somebody: Person, day: dt.date) -> None:
    here = Assignment.objects.on(day).filter(employee=somebody, employee__is_active=True)
    if not here.exists():
        raise Refused(f"{somebody.full_name} does not work here on {day:%-d %B %Y}.")


def must_take_over(departure: Departure, lines: Sequence[Line]) -> None:
    """Nobody rates somebody above them, and no record is left without an official that it needs."""
    for heir in departure.heirs:
        must_work(heir, departure.effective_on)
    if departure.kind != DepartureKind.RETURNS:
        handed = _handed(departure)
        _must_not_take_over_each_other(departure)
        for heir in departure.heirs:
            _must_not_answer_to(departure, heir, lines, handed.get(heir.pk, set()))
        _must_not_be_led(departure, set().union(*handed.values()))
    _must_hand_over_all(departure)
    _must_leave_nobody_behind(departure, lines)
    _must_leave_a_reviewer(lines)


def _handed(departure: Departure) -> dict[int, set[int]]:
    """Who answers to whom instead of the person from then on, by the key of whoever takes over."""
    if departure.whole_team:
        team = direct_reports(departure.person, on=departure.last_day)
    else:
        team = departure.people.all()
    handed: dict[int, set[int]] = {}
    for key in team.values_list("pk", flat=True):
        heir = departure.given_to.get(key, departure.successor)
        if heir is not None:
            handed.setdefault(heir.pk, set()).add(key)
    return handed


def _must_not_take_over_each_other(departure: Departure) -> None:
    """Whoever takes over some of a team they belong to answers to the successor, not to one of the others."""
    heirs = [departure.successor, *departure.given_to.values()]
    both = next((each for each in heirs if each and each.pk in departure.given_to), None)
    if both is not None:
        raise Refused(
            f"{both.full_name} takes over people and is in a part that goes to "
            f"{departure.given_to[both.pk].full_name}. Leave {both.full_name} out of that part."
        )


def _must_not_answer_to(
    departure: Departure, heir: Person, lines: Sequence[Line], handed: set[int]
) -> None:
    """Whoever takes over, to somebody whom they would rate, or whose ratings they would review."""
    if not departure.whole_team and heir.pk in handed:
        raise Refused(
            f"{heir.full_name} is one of those who are handed over. Leave them out, or name somebody else."
        )
    theirs = [line for line in lines if line.heir == heir]
    below = handed | {line.appraisal.employee_id for line in theirs}
    below |= {line.appraisal.rating_official_id for line in theirs if line.part == Part.REVIEWS}
    above = chain_above(heir, on=departure.last_day)
    over = next((each for each in above if each.pk in below), None)
    if over is not None:
        raise Refused(
            f"{heir.full_name} works under {over.full_name} and cannot rate or review above them. "
            "Name somebody else."
        )


def _must_not_be_led(departure: Departure, handed: set[int]) -> None:
    """The supervisor of the new place, by whoever moves there."""
    gaining, person = departure.gaining_supervisor, departure.person
    if gaining is None:
        return
    line = [gaining, *chain_above(gaining, on=departure.last_day)]
    keys = [each.pk for each in line]
    if person.pk in keys and keys[keys.index(person.pk) - 1] not in handed:
        raise Refused(
            f"{gaining.full_name} works under {person.full_name} and cannot rate them. "
            "Hand the team over to somebody, or name another supervisor."
        )


def _must_hand_over_all(departure: Departure) -> None:
    """Of whoever is gone then; somebody who moves or is away may rate on."""
    if departure.whole_team or departure.kind not in ENDS:
        return
    chosen = [departure.person_id, *departure.people.values_list("pk", flat=True)]
    held = records_held(departure.person).exclude(employee__in=chosen)
    behind = held.values("employee").distinct().count()
    if behind:
        raise Refused(
            f"{counted(behind, 'person', 'people')} whom {departure.person.full_name} rates or reviews would stay "
            "with somebody who is gone. Tick everybody; hand over on an earlier day who shall go to somebody else."
        )


def _must_leave_nobody_behind(departure: Departure, lines: Sequence[Line]) -> None:
    """Whoever takes over their own team is rated by the next one up, if there is one."""
    heir, person = departure.successor, departure.person
    for line in lines:
        is_own = line.part == Part.RATES and line.appraisal.employee == heir
        if is_own and line.official == person:
            raise Refused(
                f"Nobody is above {person.full_name}, so nobody could rate {line.appraisal.employee.full_name} "
                "from then on. Name somebody from outside the team."
            )


def _must_leave_a_reviewer(lines: Sequence[Line]) -> None:
    lost = [
        line
        for line in lines
        if line.reviewer is None and line.appraisal.higher_level_reviewer_id and _needs_one(line)
    ]
    if lost:
        officials = {line.official.pk: line.official.full_name for line in lost}
        raise Refused(
            f"Nobody is above {joined(list(officials.values()))} who could review the record of "
            f"{joined([line.appraisal.employee.full_name for line in lost])}. Name somebody else, "
            "or first another higher level reviewer there."
        )


def _needs_one(line: Line) -> bool:
    record = line.appraisal
    policy = policy_for(record.organization, on=line.covers[1]).rules()
    return any(rules.needs_review(policy, kind) for kind in REVIEWED)
