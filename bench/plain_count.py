"""What the kept counts of a unit replace: one plain GROUP BY over its appraisals and documents.

Kept as it was on the day it was replaced, so that the bench can still say how much faster the kept
counts are and that both give the same answer.
"""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import prefetch_related_objects

from appraisals import rules
from appraisals.counts import Calendar, Counts, UnitCounts
from appraisals.models import WALK, AppraisalCycle
from appraisals.standing import LATE_FOR, Stage
from orgchart import clock
from orgchart.models import Organization

_ANY_DAY = dt.date(2001, 1, 1)

STANDING = """
WITH place AS (
    SELECT id, path FROM orgchart_organization
    WHERE path LIKE ANY(%(under)s) AND NOT path LIKE ANY(%(elsewhere)s)
), edition AS (
    SELECT * FROM unnest(
        %(edition_ids)s::bigint[], %(plan_days)s::int[], %(reviews_minimum)s::int[],
        %(rateable_until)s::date[], %(opens_on)s::date[]
    ) AS edition (id, plan_days, reviews_minimum, rateable_until, opens_on)
), milestone AS (
    SELECT * FROM unnest(%(milestone_kinds)s::text[], %(milestone_days)s::date[])
        AS milestone (kind, due_on)
), record AS (
    SELECT a.id AS appraisal_id, a.employee_id, a.rating_official_id AS supervisor_id,
        a.organization_id, a.starts_on,
        COALESCE(MAX(step.at) FILTER (WHERE d.kind = 'performance_plan'), 0) AS plan,
        COALESCE(MAX(step.at) FILTER (WHERE d.kind = 'progress_review'), 0) AS review,
        COALESCE(MAX(step.at) FILTER (WHERE d.kind = 'annual_appraisal'), 0) AS annual,
        COUNT(*) FILTER (WHERE d.kind = 'progress_review') AS reviews,
        MAX(step.at) FILTER (WHERE d.kind = 'progress_review' AND step.at < 5) AS open_review,
        MAX(d.state_since) AS since, a.higher_level_reviewer_id AS reviewer_id,
        MAX(d.approved_on) FILTER (WHERE d.kind = 'performance_plan') AS plan_approved_on,
        MAX(d.policy_id) FILTER (WHERE d.kind = 'performance_plan') AS edition_id
    FROM appraisals_appraisal a
    JOIN place ON place.id = a.organization_id
    LEFT JOIN appraisals_document d ON d.appraisal_id = a.id
    LEFT JOIN LATERAL (SELECT array_position(%(ladder)s::text[], d.state::text) AS at) step ON TRUE
    WHERE a.cycle_id = %(cycle)s
    GROUP BY a.id
), waiting AS (
    SELECT r.*, edition.plan_days,
        COALESCE(r.annual = 0 AND r.plan_approved_on > edition.rateable_until, FALSE) AS not_rateable,
        CASE
            WHEN r.annual = 5 THEN NULL
            WHEN r.annual > 0 THEN (%(annual_milestones)s::text[])[r.annual]
            WHEN r.plan < 5 THEN 'plan_due'
            WHEN r.open_review > 0 OR r.reviews < edition.reviews_minimum THEN 'progress_review_due'
            WHEN %(today)s >= edition.opens_on AND r.plan_approved_on <= edition.rateable_until
                THEN 'appraisal_due'
        END AS waits_for
    FROM record r LEFT JOIN edition ON edition.id = r.edition_id
    UNION ALL
    SELECT NULL, a.employee_id, a.supervisor_id, a.organization_id,
        GREATEST(a.position_start_date, %(starts_on)s), 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL,
        %(usual_plan_days)s, FALSE, 'plan_due'
    FROM orgchart_assignment a JOIN place ON place.id = a.organization_id
    WHERE a.covered AND a.starts_on <= %(on)s AND (a.ends_on IS NULL OR a.ends_on >= %(on)s)
        AND NOT EXISTS (
            SELECT FROM appraisals_appraisal r
            WHERE r.employee_id = a.employee_id AND r.cycle_id = %(cycle)s
        )
), dated AS (
    SELECT waiting.*,
        CASE WHEN waits_for = 'plan_due' THEN plan
            WHEN waits_for = 'progress_review_due' THEN COALESCE(open_review, 0)
            WHEN waits_for IS NOT NULL THEN annual
        END AS rung,
        CASE WHEN waits_for <> 'plan_due' OR milestone.due_on IS NULL THEN milestone.due_on
            ELSE GREATEST(milestone.due_on, starts_on + plan_days)
        END AS due_on
    FROM waiting LEFT JOIN milestone ON milestone.kind = waits_for
), standing AS (
    SELECT dated.*, CASE WHEN due_on < %(today)s THEN waits_for END AS late_for,
        CASE WHEN due_on >= %(today)s THEN NULL
            WHEN waits_for = 'plan_due' THEN 'plan'
            WHEN waits_for = 'progress_review_due' THEN 'review'
            WHEN due_on IS NOT NULL THEN 'annual'
        END AS late_in
    FROM dated
)
"""

COUNTED = """
SELECT split_part(substr(place.path, length(%(base)s) + 1), '/', 1) AS unit,
    plan, review, annual, not_rateable, late_for, COUNT(*), COUNT(DISTINCT supervisor_id),
    COUNT(DISTINCT supervisor_id) FILTER (WHERE late_in IS NOT NULL), GROUPING(plan)
FROM standing JOIN place ON place.id = standing.organization_id
GROUP BY GROUPING SETS ((unit, plan, review, annual, not_rateable, late_for), ())
"""


def plain_unit_counts(
    calendar: Calendar, organization: Organization, cycle: AppraisalCycle
) -> UnitCounts:
    """As `unit_counts`, from the appraisals themselves."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING + COUNTED, _values(calendar, organization, cycle))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    whole, alone, below = Counts(), Counts(), dict[int, Counts]()
    for unit, *alike, people, _officials, _officials_late, is_total in rows:
        if not is_total:
            part = below.setdefault(int(unit), Counts()) if unit else alone
            for counts in (whole, part):
                _add(counts, *alike, people=people)
    return UnitCounts(whole, alone, below)


def _add(
    counts: Counts,
    plan: int,
    review: int,
    annual: int,
    not_rateable: bool,
    late_for: str | None,
    *,
    people: int,
) -> None:
    counts.people += people
    counts.not_rateable += people if not_rateable else 0
    for stage, rung in zip(Stage, (plan, review, annual), strict=True):
        counts.rungs[stage][rung] += people
    if late_for:
        counts.late[late_for] += people


def _values(
    calendar: Calendar, organization: Organization, cycle: AppraisalCycle
) -> dict[str, Any]:
    today, ends_on = clock.today(), cycle.ends_on
    prefetch_related_objects([cycle], "milestones")
    known = {edition.pk: edition.rules() for edition in calendar.editions}
    return {
        "base": organization.path,
        "under": [f"{organization.path}%"],
        "elsewhere": [f"{other.organization.path}%" for other in calendar.elsewhere(cycle)],
        "cycle": cycle.pk,
        "starts_on": cycle.starts_on,
        "today": today,
        "on": min(max(today, cycle.starts_on), ends_on),
        "ladder": [state.value for state in WALK],
        "annual_milestones": [kind.value for kind in LATE_FOR[Stage.APPRAISALS]],
        "milestone_kinds": [row.kind for row in cycle.milestones.all()],
        "milestone_days": [row.due_on for row in cycle.milestones.all()],
        "usual_plan_days": _plan_days(calendar.policy(organization, on=today)),
        "edition_ids": list(known),
        "plan_days": [_plan_days(policy) for policy in known.values()],
        "reviews_minimum": [policy.progress_reviews_minimum for policy in known.values()],
        "rateable_until": [
            rules.last_rateable_approval(ends_on, policy) for policy in known.values()
        ],
        "opens_on": [rules.appraisal_opens_on(ends_on, policy) for policy in known.values()],
    }


def _plan_days(policy: rules.Policy) -> int:
    return rules.plan_due_on(_ANY_DAY, policy).toordinal() - _ANY_DAY.toordinal()
