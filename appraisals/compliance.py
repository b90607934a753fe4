"""How much was done by its due day (R16.3), and what happened in each quarter (R16.1). Descriptive only (R16.4).

What is done and asked for comes from `counts`; only whether it was in time is looked up here, by the days that
the documents hold: of a paper form the days on the paper.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import CharField, F, Sum, Value
from django.db.models.functions import Cast, Coalesce

from appraisals import rules
from appraisals.counts import COMMUNICATED, Counts, due_on, progress_of
from appraisals.models import (
    TOLD,
    AmendmentReason,
    Disagreement,
    DisagreementKind,
    Document,
    ExtensionReason,
    Kind,
    MilestoneKind,
    NotRatedReason,
    PolicyEdition,
    RatingAmendment,
)
from appraisals.models.scope import under_paths
from appraisals.rollups.reading import Unit, kept_counts
from appraisals.standing import Stage, Standings
from orgchart import clock

DUE = {
    Stage.PLANS: MilestoneKind.PLAN_DUE,
    Stage.REVIEWS: MilestoneKind.PROGRESS_REVIEW_DUE,
    Stage.APPRAISALS: MilestoneKind.DISCUSSION_DUE,
}
"""A plan is in time when it was approved by then, the others when they were discussed by then."""

# R1.3: who came later has days of their own for the plan; R1.11: who was given more time, for the appraisal; R9.5: the last day together.
_IN_TIME = """
SELECT nullif(split_part(substr(place.path, length(%(path)s) + 1), '/', 1), '')::bigint AS unit,
    count(*) FILTER (WHERE plan.approved_on <= greatest(
        %(plan)s::date, a.starts_on + %(plan_days)s::int)),
    count(*) FILTER (WHERE review.communicated_on <= %(review)s::date),
    count(*) FILTER (WHERE annual.communicated_on <= least(annual.covers_until, %(annual)s::date
        + coalesce(a.extended_until - %(ends_on)s::date, 0)))
FROM appraisals_appraisal a
JOIN orgchart_organization place ON place.id = a.organization_id
LEFT JOIN appraisals_document plan
    ON plan.appraisal_id = a.id AND plan.kind = 'performance_plan' AND plan.state <> 'closed'
LEFT JOIN appraisals_document review
    ON review.appraisal_id = a.id AND review.kind = 'progress_review' AND review.number = 1
LEFT JOIN appraisals_document annual
    ON annual.appraisal_id = a.id AND annual.kind = 'annual_appraisal'
WHERE a.cycle_id = %(cycle)s AND place.path LIKE %(under)s
    AND NOT place.path LIKE ANY(%(elsewhere)s)
GROUP BY 1
"""

REQUEST = "request"
InTime = dict[Stage, int]


def in_time_below(standings: Standings) -> dict[Unit, InTime]:
    """For each unit just below with all below it, and under None for the unit's own people; one query."""
    cycle, policy = standings.cycle, standings.usual
    due = {stage: due_on(cycle, kind) for stage, kind in DUE.items()}
    first = cycle.starts_on
    asked: dict[str, Any] = {
        "path": standings.organization.path,
        "under": f"{standings.organization.path}%",
        "elsewhere": [f"{path}%" for path in standings.elsewhere],
        "cycle": cycle.pk,
        "plan": due[Stage.PLANS],
        "plan_days": (rules.plan_due_on(first, policy) - first).days,
        "review": due[Stage.REVIEWS],
        "annual": due[Stage.APPRAISALS],
        "ends_on": cycle.ends_on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_IN_TIME, asked)
        return {
            unit: dict(zip(Stage, counted, strict=True)) for unit, *counted in cursor.fetchall()
        }


def completed(counts: Counts, stage: Stage) -> int:
    """As `Counts.done`, but of ratings those that were issued, not those that were approved."""
    if stage != Stage.APPRAISALS:
        return counts.done(stage)
    return sum(people for rung, people in counts.rungs[stage].items() if rung >= COMMUNICATED)


@dataclass(frozen=True)
class Quarter:
    """`shares`: of the records of the cycle, in percent, by the last business day of the quarter."""

    ends_on: dt.date
    shares: dict[Stage, int | None]
    editions: int
    amended: int
    settled: int
    assistance: Counter[str]
    requests: int
    answered_in_time: int


GIVEN, LONG, PROPOSED = "given", "long", "proposed"


def assistance_of(standings: Standings) -> list[tuple[dt.date, str]]:
    """R16.1: each opportunity given, each over the target, each proposal and each action taken, with its day.

    Exact, however few: only for those who may see each of them.
    """
    told = (
        Document.objects.filter(
            under_paths([standings.organization.path], "appraisal__organization__path"),
            appraisal__cycle=standings.cycle,
            kind__in=[Kind.OPPORTUNITY_NOTICE, Kind.PROPOSED_ACTION],
            state__in=TOLD,
        )
        .annotate(more=Coalesce(Sum("opportunity__extensions__days"), 0))
        .values_list(
            "communicated_on", "opportunity__days", "more", "action__decided_on", "action__decision"
        )
    )
    found: list[tuple[dt.date, str]] = []
    for day, days, more, decided_on, decision in told:
        if day is None:
            continue
        found.append((day, PROPOSED if days is None else GIVEN))
        if days is not None and days + more > standings.usual.opportunity_target_days:
            found.append((day, LONG))
        if decided_on and decision:
            found.append((decided_on, decision))
    return found


def quarters_of(standings: Standings, *, with_assistance: bool = False) -> list[Quarter]:
    """R16.1: the quarters of the cycle and of the year after it, as far as they have come."""
    happened = assistance_of(standings) if with_assistance else []
    cycle, place = standings.cycle, standings.organization
    progress = progress_of(place, [cycle], *Stage)
    changed = _questioned(standings)
    amended = [(day, what) for day, what, _, _ in changed if what != REQUEST]
    requests = [(day, on, due) for day, what, on, due in changed if what == REQUEST]
    found, before = [], cycle.starts_on
    last = cycle.ends_on + dt.timedelta(days=366)
    for ends_on in _quarter_ends(cycle.starts_on, min(clock.today(), last)):
        asked = [each for each in requests if before <= each[0] <= ends_on]
        decided = [reason for day, reason in amended if before <= day <= ends_on]
        found.append(
            Quarter(
                ends_on=ends_on,
                shares={stage: each.share_by(ends_on) for (_, stage), each in progress.items()},
                editions=_editions(standings, before, ends_on),
                amended=len(decided),
                settled=decided.count(AmendmentReason.SETTLEMENT),
                assistance=Counter(what for day, what in happened if before <= day <= ends_on),
                requests=len(asked),
                answered_in_time=sum(bool(on and due and on <= due) for _, on, due in asked),
            )
        )
        before = ends_on + dt.timedelta(days=1)
    return found


def _questioned(standings: Standings) -> list[tuple[dt.date, str, dt.date | None, dt.date | None]]:
    """Changes of ratings with their reason, and requests with the day of the answer and the day it was due."""
    here = under_paths([standings.organization.path], "rating__appraisal__organization__path")
    among = {"rating__appraisal__cycle": standings.cycle}
    amended = RatingAmendment.objects.filter(here, **among).annotate(
        what=Cast("reason", CharField()), answered=F("decided_on"), due=F("decided_on")
    )
    asked = (
        Disagreement.objects.standing()
        .filter(here, kind=DisagreementKind.RECONSIDERATION, **among)
        .annotate(what=Value(REQUEST, CharField()), answered=F("answered_on"), due=F("due_on"))
    )
    return list(
        amended.order_by()
        .values_list("decided_on", "what", "answered", "due")
        .union(asked.order_by().values_list("filed_on", "what", "answered", "due"), all=True)
    )


def without_rating(standings: Standings) -> list[tuple[str, str, int]]:
    """R16.3: whose year was closed and who was given more time, by reason; one query, at any size."""
    labels: dict[str, tuple[str, dict[str, str]]] = {
        "unrated": ("Closed without a rating", dict(NotRatedReason.choices)),
        "extended": ("More time", dict(ExtensionReason.choices)),
    }
    counted = kept_counts(
        standings.organization,
        [standings.cycle],
        *labels,
        by_unit=False,
        elsewhere=standings.elsewhere,
    )
    people = {row.measure: row.people for row in counted}
    return [
        (what, label, people[f"{measure}:{value}"])
        for measure, (what, reasons) in labels.items()
        for value, label in reasons.items()
        if people.get(f"{measure}:{value}")
    ]


def _editions(standings: Standings, first: dt.date, last: dt.date) -> int:
    """Policy that came into force here or above in these days."""
    path = standings.organization.path

    def is_meant(edition: PolicyEdition) -> bool:
        return path.startswith(edition.organization.path) and first <= edition.effective_on <= last

    return sum(is_meant(edition) for edition in standings.editions)


def _quarter_ends(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The last business day of each calendar quarter."""
    year, quarter = first.year, (first.month - 1) // 3
    while True:
        month = 3 * quarter + 4
        following = dt.date(year + (month > 12), month if month <= 12 else 1, 1)
        day = following - dt.timedelta(days=1)
        day -= dt.timedelta(days=max(0, day.weekday() - 4))
        if day > last:
            return
        if day >= first:
            yield day
        year, quarter = (year + 1, 0) if quarter == 3 else (year, quarter + 1)
