"""What is behind every reminder: from what waits, over who is told, to one line for each person.

What is due, for whom and in which words comes in as arrays; people are never read into Python.
In steps, each into a table of the transaction, so that the planner knows how much there is.
"""

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
    WHERE d.kind IN ('narrative_statement', 'plan_change') AND d.state IN ('in_review', 'communicated')
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
    WHERE d.kind = 'performance_plan' AND d.state <> 'closed' AND a.cycle_id = ANY(%(cycles)s)
        AND d.approved_on BETWEEN %(approved_from)s AND %(approved_until)s
        AND d.approved_on + edition.minimum_days <= coalesce(a.extended_until, c.ends_on)
        AND split_part(s.shape, ':', 7) LIKE 'yes%%'
        AND NOT EXISTS (
            SELECT FROM appraisals_document rated
            WHERE rated.appraisal_id = a.id AND rated.kind = 'annual_appraisal'
        )
"""  # noqa: S608  constants from above

# A unit follows the nearest place with a schedule, of those above it the last in order; a cycle of its own takes it out of the one above.
_PLACES = """
place AS MATERIALIZED (
    SELECT unit.id, unit.path, used.cycle_id, (
        SELECT max(scheduled.no) FROM unnest(%(schedule_paths)s::text[])
            WITH ORDINALITY AS scheduled (path, no)
        WHERE starts_with(unit.path, scheduled.path)
    ) AS schedule
    FROM (SELECT DISTINCT organization_id, cycle_id FROM reminder_item) AS used
    JOIN orgchart_organization unit ON unit.id = used.organization_id
    WHERE ({inside}) AND NOT EXISTS (
        SELECT FROM unnest(%(elsewhere_cycles)s::bigint[], %(elsewhere_paths)s::text[])
            AS elsewhere (cycle_id, path)
        WHERE elsewhere.cycle_id = used.cycle_id AND starts_with(unit.path, elsewhere.path)
    )
), placed AS (
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

_OPEN = """
SELECT marked.*, CASE who WHEN 'employee' THEN employee_id
    WHEN 'rating_official' THEN supervisor_id ELSE holder_id END AS aimed_id
FROM marked WHERE EXISTS (
    SELECT FROM orgchart_assignment held WHERE held.employee_id = marked.employee_id
        AND held.starts_on <= %(day)s AND (held.ends_on IS NULL OR held.ends_on >= %(day)s)
)
"""

_DIRECT = "(who IN ('holder', 'employee', 'rating_official'))"
# Of whoever was to be told and has left the second level hears; the head is the nearest above who is none of these.
# What goes up is put together first: of one team it goes to the same people, unless an employee is a head.
_SENT = f"""
WITH gone AS MATERIALIZED (
    SELECT DISTINCT aimed_id AS id FROM reminder_open AS open
    WHERE {_DIRECT} AND NOT EXISTS (
        SELECT FROM reminder_here here WHERE here.id = open.aimed_id AND here.is_active
    )
), direct AS (
    SELECT aimed_id AS recipient_id, cycle_id, said, mark, 1 AS things, due_on, employee_id,
        appraisal_id, NULL::text AS place_code, FALSE AS passed_on
    FROM reminder_open WHERE {_DIRECT} AND aimed_id NOT IN (SELECT id FROM gone)
), upwards AS (
    SELECT open.*, CASE WHEN role <> 'employee' THEN holder_id END AS official_id,
        CASE WHEN head.head_id IS NOT NULL THEN employee_id END AS heading_id
    FROM reminder_open AS open
    LEFT JOIN (SELECT DISTINCT head_id FROM orgchart_organization) AS head
      ON head.head_id = open.employee_id
    WHERE NOT {_DIRECT}
        OR (who <> 'employee' AND (aimed_id IS NULL OR aimed_id IN (SELECT id FROM gone)))
), team AS (
    SELECT row_number() OVER () AS no, cycle_id, said, who, path, supervisor_id, reviewer_id,
        official_id, heading_id, min(mark) AS mark, count(*) AS things, min(due_on) AS due_on,
        min(employee_id) AS employee_id, min(appraisal_id) AS appraisal_id
    FROM upwards
    GROUP BY cycle_id, said, who, path, supervisor_id, reviewer_id, official_id, heading_id
), second AS MATERIALIZED (
    SELECT team.*, coalesce(reviewer.id, above.id) AS second_id
    FROM team
    LEFT JOIN reminder_here reviewer ON reviewer.id = team.reviewer_id AND reviewer.is_active
        AND team.reviewer_id IS DISTINCT FROM team.official_id
    LEFT JOIN reminder_here either ON either.id = coalesce(team.reviewer_id, team.supervisor_id)
    LEFT JOIN reminder_here above ON above.id = either.boss AND above.is_active
), head AS (
    SELECT DISTINCT ON (second.no) second.no, upper.head_id AS id, upper.code
    FROM second
    CROSS JOIN LATERAL unnest(string_to_array(trim(second.path, '/'), '/'))
        WITH ORDINALITY AS above (id, depth)
    JOIN orgchart_organization upper ON upper.id = above.id::bigint
    JOIN reminder_here here ON here.id = upper.head_id AND here.is_active
    WHERE (who = 'unit_head' OR second_id IS NULL) AND upper.head_id NOT IN (
        coalesce(heading_id, 0), coalesce(supervisor_id, 0), coalesce(official_id, 0),
        coalesce(second_id, 0)
    )
    ORDER BY second.no, above.depth DESC
), passed_on AS (
    SELECT CASE WHEN who = 'unit_head' OR second_id IS NULL THEN head.id ELSE second_id END
            AS recipient_id,
        cycle_id, said, mark, things, due_on, employee_id, appraisal_id, head.code AS place_code,
        TRUE AS passed_on
    FROM second LEFT JOIN head ON head.no = second.no
)
    SELECT recipient_id, cycle_id, said, min(mark) AS mark, sum(things)::bigint AS things,
        min(due_on) AS due_on, min(employee_id) AS employee_id, min(appraisal_id) AS appraisal_id,
        min(place_code) AS place_code, bool_or(passed_on) AS passed_on
    FROM (SELECT * FROM direct UNION ALL SELECT * FROM passed_on) AS either
    WHERE recipient_id IS NOT NULL
    GROUP BY recipient_id, cycle_id, said
"""  # noqa: S608  constants from above


def reminders(inside: str = "TRUE") -> str:
    """What waits at a mark of the schedule of its unit. `inside` narrows the units."""
    return _open(_MARKS, inside)


def asked(inside: str) -> str:
    """What waits of one occasion, whenever it is due."""
    return _open(_ASKED, inside)


def _open(marked: str, inside: str) -> str:
    places = _PLACES.format(inside=inside)
    return f"WITH {places}, {marked} {_OPEN}"


# Who may be told: whoever is named in what waits, supervisors, heads. Of them those who are here.
_HERE = """
WITH named AS (
    SELECT aimed_id AS id FROM reminder_open UNION SELECT reviewer_id FROM reminder_open
    UNION SELECT supervisor_id FROM reminder_open
    UNION SELECT supervisor_id FROM orgchart_assignment WHERE EXISTS (SELECT FROM reminder_open)
    UNION SELECT head_id FROM orgchart_organization WHERE EXISTS (SELECT FROM reminder_open)
)
SELECT p.id, held.supervisor_id AS boss, p.is_active
FROM named
JOIN orgchart_person p ON p.id = named.id
JOIN orgchart_assignment held ON held.employee_id = p.id
    AND held.starts_on <= %(day)s AND (held.ends_on IS NULL OR held.ends_on >= %(day)s)
"""

# Of many, reading a whole table once is cheaper than looking each up, and the planner cannot know how many.
# It knows the size of a table that was never analyzed, which is enough here.
GATHER = f"""
SET LOCAL work_mem = '256MB';
DROP TABLE IF EXISTS pg_temp.reminder_item, pg_temp.reminder_here, pg_temp.reminder_open,
    pg_temp.reminder_sent;
CREATE TEMPORARY TABLE reminder_item ON COMMIT DROP AS WITH {_EDITIONS}, {_ITEMS};
SELECT set_config('enable_nestloop', CASE WHEN count(*) > 20000 THEN 'off' ELSE 'on' END, TRUE)
FROM reminder_item;
CREATE TEMPORARY TABLE reminder_open ON COMMIT DROP AS {{open}};
CREATE TEMPORARY TABLE reminder_here ON COMMIT DROP AS {_HERE};
CREATE TEMPORARY TABLE reminder_sent ON COMMIT DROP AS {_SENT};
SET LOCAL enable_nestloop = on;
SELECT min(mark), count(*), sum(things)::bigint FROM reminder_sent
GROUP BY cycle_id, said ORDER BY min(due_on), min(mark)
"""  # noqa: S608  constants from above
