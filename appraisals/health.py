"""The health of the hierarchy where appraisals are concerned: nobody to review, nobody has a plan."""

from orgchart.health import (
    HEAD_ELSEWHERE,
    LEFT,
    LOOPS,
    NO_HEAD,
    NOBODY_ABOVE,
    TOO_MANY,
    Finding,
    Of,
)

NOBODY_REVIEWS = Finding(
    key="nobody-reviews",
    title="Nobody to review",
    about="Their supervisor answers to nobody, and no higher level reviewer is named in an open record.",
    of=Of.PEOPLE,
    found="""
    SELECT w.employee_id, w.organization_id, NULL::bigint
    FROM working w JOIN place ON place.id = w.organization_id
    WHERE w.covered AND w.supervisor_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM working s WHERE s.employee_id = w.supervisor_id AND s.supervisor_id IS NOT NULL
        )
        AND NOT EXISTS (
            SELECT FROM appraisals_appraisal r JOIN appraisals_appraisalcycle c ON c.id = r.cycle_id
            WHERE r.employee_id = w.employee_id AND r.higher_level_reviewer_id IS NOT NULL
                AND c.starts_on <= %(on)s AND c.ends_on >= %(on)s
        )""",
)
WITHOUT_PLAN = Finding(
    key="without-plan",
    title="Covered people without a plan",
    about="They have no record in the cycle that runs today. Their supervisor or HR can start it.",
    of=Of.PEOPLE,
    found="""
    SELECT w.employee_id, w.organization_id, NULL::bigint
    FROM working w JOIN place ON place.id = w.organization_id
    WHERE w.covered
        AND EXISTS (
            SELECT FROM appraisals_appraisalcycle c JOIN orgchart_organization o ON o.id = c.organization_id
            WHERE c.starts_on <= %(on)s AND c.ends_on >= %(on)s AND starts_with(place.path, o.path)
        )
        AND NOT EXISTS (
            SELECT FROM appraisals_appraisal r JOIN appraisals_appraisalcycle c ON c.id = r.cycle_id
            WHERE r.employee_id = w.employee_id AND c.starts_on <= %(on)s AND c.ends_on >= %(on)s
        )""",
)
ALL = (
    NOBODY_ABOVE,
    NOBODY_REVIEWS,
    LOOPS,
    LEFT,
    TOO_MANY,
    NO_HEAD,
    HEAD_ELSEWHERE,
    WITHOUT_PLAN,
)
BY_KEY = {finding.key: finding for finding in ALL}
