"""What is behind every reminder: from what waits, over who is told, to one line for each person.

What is due, for whom and in which words comes in as arrays; people are never read into Python.
In three steps, each but the last into a table of the transaction, so that the planner knows how much there is.
"""

PRESENT = """EXISTS (
    SELECT FROM orgchart_person p JOIN orgchart_assignment held ON held.employee_id = p.id
    WHERE p.id = {person} AND p.is_active
        AND held.starts_on <= %(day)s AND (held.ends_on IS NULL OR held.ends_on >= %(day)s)
)"""

_IN_A_POSITION = """EXISTS (
    SELECT FROM orgchart_assignment held WHERE held.employee_id = marked.employee_id
        AND held.starts_on <= %(day)s AND (held.ends_on IS NULL OR held.ends_on >= %(day)s)
)"""

_INPUT_NOT_SENT = """EXISTS (
    SELECT FROM appraisals_document d WHERE d.appraisal_id = s.appraisal_id
        AND d.kind = 'annual_appraisal' AND d.state = 'draft' AND d.input_shared_at IS NULL
)"""

_EDITIONS = """
edition AS (
    SELECT * FROM unnest(%(editions)s::bigint[], %(answer_days)s::int[], %(minimum_days)s::int[])
        AS edition (id, answer_days, minimum_days)
)"""

# By shapes; then what no shape says: narrative statements, and the day a plan has run long enough.
_ITEMS = f"""
point AS (
    SELECT * FROM unnest(
        %(point_cycles)s::bigint[], %(point_shapes)s::text[], %(point_occasions)s::text[],
        %(point_roles)s::text[], %(point_days)s::date[]
    ) AS point (cycle_id, shape, occasion, role, due_on)
)
    SELECT s.cycle_id, s.organization_id, s.employee_id, s.supervisor_id, s.reviewer_id,
        s.appraisal_id, (s.since AT TIME ZONE %(zone)s)::date AS since, point.occasion, point.role,
        point.due_on
    FROM point
    JOIN appraisals_recordstanding s ON s.cycle_id = point.cycle_id AND s.shape = point.shape
    WHERE point.occasion <> 'input_due' OR {_INPUT_NOT_SENT}
    UNION ALL
    SELECT a.cycle_id, a.organization_id, a.employee_id, a.rating_official_id,
        a.higher_level_reviewer_id, a.id, moved.since,
        CASE d.state WHEN 'in_review' THEN 'approval_waiting' ELSE 'acknowledgment_waiting' END,
        CASE d.state WHEN 'in_review' THEN 'reviewer' ELSE 'employee' END,
        moved.since + edition.answer_days
    FROM appraisals_document d
    JOIN appraisals_appraisal a ON a.id = d.appraisal_id
    CROSS JOIN LATERAL (SELECT (d.state_since AT TIME ZONE %(zone)s)::date AS since) AS moved
    JOIN edition ON edition.id = d.policy_id
    WHERE d.kind = 'narrative_statement' AND d.state IN ('in_review', 'communicated')
        AND a.cycle_id = ANY(%(cycles)s) AND %(with_answers)s
    UNION ALL
    SELECT s.cycle_id, s.organization_id, s.employee_id, s.supervisor_id, s.reviewer_id,
        s.appraisal_id, NULL, 'ninety_days', 'official', d.approved_on + edition.minimum_days
    FROM appraisals_document d
    JOIN edition ON edition.id = d.policy_id
    JOIN appraisals_appraisal a ON a.id = d.appraisal_id
    JOIN appraisals_appraisalcycle c ON c.id = a.cycle_id
    JOIN appraisals_recordstanding s
      ON s.cycle_id = a.cycle_id AND s.appraisal_id = a.id AND s.assignment_id IS NULL
    WHERE d.kind = 'performance_plan' AND a.cycle_id = ANY(%(cycles)s)
        AND d.approved_on BETWEEN %(approved_from)s AND %(approved_until)s
        AND d.approved_on + edition.minimum_days <= c.ends_on
        AND NOT EXISTS (
            SELECT FROM appraisals_document rated
            WHERE rated.appraisal_id = a.id AND rated.kind = 'annual_appraisal'
        )
"""  # noqa: S608  constants from above

# A unit follows the nearest place with a schedule; a cycle of its own takes it out of the one above.
_PLACES = """
place AS MATERIALIZED (
    SELECT unit.id, unit.path, used.cycle_id, (
        SELECT scheduled.no FROM unnest(%(schedule_paths)s::text[])
            WITH ORDINALITY AS scheduled (path, no)
        WHERE starts_with(unit.path, scheduled.path) ORDER BY length(scheduled.path) DESC LIMIT 1
    ) AS schedule
    FROM (SELECT DISTINCT organization_id, cycle_id FROM reminder_item) AS used
    JOIN orgchart_organization unit ON unit.id = used.organization_id
    WHERE ({inside}) AND NOT EXISTS (
        SELECT FROM unnest(%(elsewhere_cycles)s::bigint[], %(elsewhere_paths)s::text[])
            AS elsewhere (cycle_id, path)
        WHERE elsewhere.cycle_id = used.cycle_id AND starts_with(unit.path, elsewhere.path)
    )
), placed AS MATERIALIZED (
    SELECT item.*, place.path, place.schedule,
        CASE item.role WHEN 'official' THEN item.supervisor_id
            WHEN 'reviewer' THEN item.reviewer_id ELSE item.employee_id END AS holder_id
    FROM reminder_item AS item JOIN place ON place.id = item.organization_id AND place.cycle_id = item.cycle_id
)"""

# `said` is the same for the same mark under every schedule, so that nobody is told in pieces.
_MARKS = """
mark AS (
    SELECT * FROM unnest(
        %(mark_schedules)s::int[], %(mark_occasions)s::text[], %(mark_due)s::date[],
        %(mark_days)s::date[], %(mark_who)s::text[], %(mark_said)s::int[]
    ) WITH ORDINALITY AS mark (schedule, occasion, due_on, day, who, said, no)
), marked AS (
    SELECT placed.*, mark.no AS mark, mark.said, mark.who
    FROM placed
    JOIN mark ON mark.schedule = placed.schedule AND mark.occasion = placed.occasion
        AND mark.due_on = placed.due_on AND (placed.since IS NULL OR placed.since <= mark.day)
)"""

# HR asks now: whatever waits in the unit, whenever it is due. There is one mark.
_ASKED = """
marked AS (
    SELECT placed.*, 1::bigint AS mark, 1 AS said, 'holder' AS who FROM placed
    WHERE placed.occasion = %(occasion)s AND (NOT %(late_only)s OR placed.due_on < %(day)s)
)"""

_OPEN = f"""
SELECT marked.*, CASE who WHEN 'employee' THEN employee_id
    WHEN 'rating_official' THEN supervisor_id ELSE holder_id END AS aimed_id
FROM marked WHERE {_IN_A_POSITION}
"""  # noqa: S608  constants from above

# Of whoever was to be told and has left the second level hears; the head is the nearest above who is none of these.
SENT = f"""
WITH gone AS MATERIALIZED (
    SELECT aimed.id FROM (SELECT DISTINCT aimed_id AS id FROM reminder_open WHERE {{direct}}) AS aimed
    WHERE NOT {PRESENT.format(person="aimed.id")}
), direct AS (
    SELECT open.*, aimed_id AS recipient_id, NULL::text AS place_code, FALSE AS passed_on
    FROM reminder_open AS open WHERE {{direct}} AND aimed_id NOT IN (SELECT id FROM gone)
), passed_on AS (
    SELECT open.*, CASE WHEN is_head THEN head.id ELSE second.id END AS recipient_id,
        CASE WHEN is_head THEN head.code END AS place_code, TRUE AS passed_on
    FROM reminder_open AS open
    LEFT JOIN LATERAL (
        SELECT candidate.id FROM (
            VALUES (1, open.reviewer_id), (2, (
                SELECT above.supervisor_id FROM orgchart_assignment above
                WHERE above.employee_id = coalesce(open.reviewer_id, open.supervisor_id)
                    AND above.starts_on <= %(day)s
                    AND (above.ends_on IS NULL OR above.ends_on >= %(day)s)
            ))
        ) AS candidate (at, id)
        WHERE candidate.id NOT IN (open.employee_id, coalesce(open.holder_id, 0))
            AND {PRESENT.format(person="candidate.id")}
        ORDER BY candidate.at LIMIT 1
    ) AS second ON TRUE
    CROSS JOIN LATERAL (SELECT who = 'unit_head' OR second.id IS NULL AS is_head) AS reached
    LEFT JOIN LATERAL (
        SELECT upper.head_id AS id, upper.code
        FROM unnest(string_to_array(trim(open.path, '/'), '/')) WITH ORDINALITY AS above (id, depth)
        JOIN orgchart_organization upper ON upper.id = above.id::bigint
        WHERE upper.head_id NOT IN (
                open.employee_id, coalesce(open.supervisor_id, 0), coalesce(open.holder_id, 0),
                coalesce(second.id, 0)
            ) AND {PRESENT.format(person="upper.head_id")}
        ORDER BY above.depth DESC LIMIT 1
    ) AS head ON is_head
    WHERE NOT {{direct}}
        OR (who <> 'employee' AND (aimed_id IS NULL OR aimed_id IN (SELECT id FROM gone)))
), sent AS MATERIALIZED (
    SELECT recipient_id, cycle_id, said, min(mark) AS mark, count(*) AS things,
        min(due_on) AS due_on, min(employee_id) AS employee_id, min(appraisal_id) AS appraisal_id,
        min(place_code) AS place_code, bool_or(passed_on) AS passed_on
    FROM (SELECT * FROM direct UNION ALL SELECT * FROM passed_on) AS either
    WHERE recipient_id IS NOT NULL
    GROUP BY recipient_id, cycle_id, said
)""".replace("{direct}", "(who IN ('holder', 'employee', 'rating_official'))")  # noqa: S608  constants from above


def reminders(inside: str = "TRUE") -> str:
    """What waits at a mark of the schedule of its unit. `inside` narrows the units."""
    return _open(_MARKS, inside)


def asked(inside: str) -> str:
    """What waits of one occasion, whenever it is due."""
    return _open(_ASKED, inside)


def _open(marked: str, inside: str) -> str:
    places = _PLACES.format(inside=inside)
    return f"WITH {places}, {marked} {_OPEN}"


# Of many, reading a whole table once is cheaper than looking each up, and the planner cannot know how many.
GATHER = f"""
SET LOCAL work_mem = '256MB';
DROP TABLE IF EXISTS pg_temp.reminder_item, pg_temp.reminder_open;
CREATE TEMPORARY TABLE reminder_item ON COMMIT DROP AS WITH {_EDITIONS}, {_ITEMS};
ANALYZE reminder_item;
SELECT set_config('enable_nestloop', CASE WHEN count(*) > 20000 THEN 'off' ELSE 'on' END, TRUE)
FROM reminder_item;
CREATE TEMPORARY TABLE reminder_open ON COMMIT DROP AS {{open}};
SET LOCAL enable_nestloop = on;
ANALYZE reminder_open
"""  # noqa: S608  constants from above
