"""What is behind every reminder: from what waits, over who is told, to one line for each person.

What is due, for whom and in which words comes in as arrays; people are never read into Python.
In steps, each into a table of the transaction, so that the planner knows how much there is.
"""

_INPUT_NOT_SENT = """EXISTS (
    SELECT FROM appraisals_document d WHERE d.appraisal_id = s.appraisal_id
        AND d.kind = 'annual_appraisal' AND d.state = 'draft' AND d.input_shared_at IS NULL
)"""

# Where a schedule holds: below a place, but not below the next places, nor where another cycle is followed.
_GROUND = """
ground AS MATERIALIZED (
    SELECT * FROM (
        SELECT cycle_id, schedule, path, string_to_array(without, ' ') AS without
        FROM unnest(
            %(ground_cycles)s::bigint[], %(ground_schedules)s::int[], %(ground_paths)s::text[],
            %(ground_without)s::text[]
        ) AS ground (cycle_id, schedule, path, without)
    ) AS ground
    WHERE path <> '' OR EXISTS (
        SELECT FROM orgchart_organization top
        WHERE top.parent_id IS NULL AND NOT top.path ^@ ANY(ground.without)
    )
)"""

# A mark is of what is due between two days and waited already on its own day. `said` is the same for the same
# mark under every schedule, so that nobody is told in pieces.
_MARKS = """
mark AS MATERIALIZED (
    SELECT mark.*, (day + 1)::timestamp AT TIME ZONE %(zone)s AS until
    FROM unnest(
        %(mark_schedules)s::int[], %(mark_occasions)s::text[], %(mark_due_from)s::date[],
        %(mark_due_until)s::date[], %(mark_days)s::date[], %(mark_who)s::text[], %(mark_said)s::int[]
    ) WITH ORDINALITY AS mark (schedule, occasion, due_from, due_until, day, who, said, no)
    WHERE mark.schedule IN (SELECT schedule FROM ground)
)"""

# Days that do not count (R7.13): a plan runs until as many others have passed, as `rules.reached_on` says.
_LEFT_OUT = """FROM appraisals_situation x WHERE x.employee_id = a.employee_id AND x.removed_at IS NULL
        AND (x.kind = 'union_time' OR NOT edition.absence_counts)"""
_REACHED_ON = f"""(
        SELECT day::date
        FROM generate_series(
            d.approved_on::timestamp, coalesce(a.extended_until, c.ends_on)::timestamp, '1 day'
        ) AS day
        WHERE NOT EXISTS (
            SELECT {_LEFT_OUT} AND day BETWEEN x.starts_on AND coalesce(x.ends_on, 'infinity')
        ) ORDER BY day OFFSET edition.minimum_days LIMIT 1
    )"""  # noqa: S608  constants from above
_UNDER_A_PLAN = """FROM appraisals_document d
JOIN edition ON edition.id = d.policy_id
JOIN appraisals_appraisal a ON a.id = d.appraisal_id
JOIN appraisals_appraisalcycle c ON c.id = a.cycle_id
JOIN appraisals_recordstanding s
  ON s.cycle_id = a.cycle_id AND s.appraisal_id = a.id AND s.assignment_id IS NULL
WHERE d.kind = 'performance_plan' AND d.state <> 'closed' AND a.cycle_id = ANY(%(cycles)s)
    AND split_part(s.shape, ':', 7) LIKE 'yes%%'
    AND NOT EXISTS (
        SELECT FROM appraisals_document rated
        WHERE rated.appraisal_id = a.id AND rated.kind = 'annual_appraisal'
    )"""

# What no shape says: answers that other documents wait for, and the day a plan has run long enough.
_OTHER = f"""
WITH edition AS (
    SELECT * FROM unnest(
        %(editions)s::bigint[], %(answer_days)s::int[], %(minimum_days)s::int[], %(absence_counts)s::bool[]
    ) AS edition (id, answer_days, minimum_days, absence_counts)
)
SELECT a.cycle_id, a.organization_id, a.employee_id, a.rating_official_id AS supervisor_id,
    a.higher_level_reviewer_id AS reviewer_id, a.id AS appraisal_id,
    CASE d.state WHEN 'in_review' THEN a.higher_level_reviewer_id ELSE a.employee_id END
        AS holder_id,
    d.state_since AS since,
    CASE d.state WHEN 'in_review' THEN 'approval_waiting' ELSE 'acknowledgment_waiting' END
        AS occasion,
    (d.state_since AT TIME ZONE %(zone)s)::date + edition.answer_days AS due_on
FROM appraisals_document d
JOIN appraisals_appraisal a ON a.id = d.appraisal_id
JOIN edition ON edition.id = d.policy_id
WHERE d.kind IN ('narrative_statement', 'plan_change') AND d.state IN ('in_review', 'communicated')
    AND a.cycle_id = ANY(%(cycles)s) AND %(with_answers)s
UNION ALL
SELECT s.cycle_id, s.organization_id, s.employee_id, s.supervisor_id, s.reviewer_id,
    s.appraisal_id, s.supervisor_id, NULL, 'ninety_days', d.approved_on + edition.minimum_days
{_UNDER_A_PLAN}
    AND d.approved_on BETWEEN %(approved_from)s AND %(approved_until)s
    AND d.approved_on + edition.minimum_days <= coalesce(a.extended_until, c.ends_on)
    AND NOT EXISTS (SELECT {_LEFT_OUT})
UNION ALL
SELECT s.cycle_id, s.organization_id, s.employee_id, s.supervisor_id, s.reviewer_id,
    s.appraisal_id, s.supervisor_id, NULL, 'ninety_days', {_REACHED_ON}
{_UNDER_A_PLAN}
    AND a.employee_id IN (SELECT x.employee_id FROM appraisals_situation x WHERE x.removed_at IS NULL)
    AND EXISTS (SELECT {_LEFT_OUT}) AND %(approved_from)s::date <= %(approved_until)s::date
"""  # noqa: S608  constants from above

_ALIKE = "s.cycle_id = ANY(%(cycles)s) AND s.shape = ANY(%(point_shapes)s::text[])"
# What waits by its shape, and the others. By `_ALIKE` the planner knows how many they are.
_ITEMS = f"""
point AS MATERIALIZED (
    SELECT point.*, mark.no, mark.schedule, mark.said, mark.who, mark.until
    FROM unnest(
        %(point_cycles)s::bigint[], %(point_shapes)s::text[], %(point_occasions)s::text[],
        %(point_roles)s::text[], %(point_days)s::date[]
    ) AS point (cycle_id, shape, occasion, role, due_on)
    JOIN mark ON mark.occasion = point.occasion
        AND point.due_on BETWEEN mark.due_from AND mark.due_until
), item AS (
    SELECT s.cycle_id, s.organization_id, s.employee_id, s.supervisor_id, s.reviewer_id,
        s.appraisal_id, CASE point.role WHEN 'official' THEN s.supervisor_id
            WHEN 'reviewer' THEN s.reviewer_id ELSE s.employee_id END AS holder_id,
        point.due_on, point.schedule, point.no AS mark, point.said, point.who
    FROM appraisals_recordstanding s
    JOIN point ON point.cycle_id = s.cycle_id AND point.shape = s.shape
    WHERE {_ALIKE} AND (s.since IS NULL OR s.since < point.until)
        AND (point.occasion <> 'input_due' OR {_INPUT_NOT_SENT})
    UNION ALL
    SELECT other.cycle_id, other.organization_id, other.employee_id, other.supervisor_id,
        other.reviewer_id, other.appraisal_id, other.holder_id, other.due_on, mark.schedule, mark.no,
        mark.said, mark.who
    FROM reminder_other AS other
    JOIN mark ON mark.occasion = other.occasion
        AND other.due_on BETWEEN mark.due_from AND mark.due_until
        AND (other.since IS NULL OR other.since < mark.until)
)"""  # noqa: S608  constants from above

_TODAY = "held.starts_on <= %(day)s AND (held.ends_on IS NULL OR held.ends_on >= %(day)s)"
_OPEN = f"""
WITH {_GROUND}, {_MARKS}, {_ITEMS}
SELECT item.cycle_id, item.organization_id, item.employee_id, item.supervisor_id, item.reviewer_id,
    item.appraisal_id, item.holder_id, item.due_on, item.mark, item.said, item.who,
    CASE item.who WHEN 'employee' THEN item.employee_id
        WHEN 'rating_official' THEN item.supervisor_id ELSE item.holder_id END AS aimed_id
FROM item
JOIN orgchart_organization unit ON unit.id = item.organization_id
JOIN ground ON ground.cycle_id = item.cycle_id AND ground.schedule = item.schedule
    AND starts_with(unit.path, ground.path) AND NOT unit.path ^@ ANY(ground.without)
WHERE ({{inside}}) AND EXISTS (
    SELECT FROM orgchart_assignment held WHERE held.employee_id = item.employee_id AND {_TODAY}
)
"""  # noqa: S608  constants from above

_DIRECT = "(who IN ('holder', 'employee', 'rating_official'))"
# Whoever was to be told and has left.
_GONE = f"""
SELECT aimed.id FROM (SELECT DISTINCT aimed_id AS id FROM reminder_open WHERE {_DIRECT}) AS aimed
LEFT JOIN orgchart_assignment held ON held.employee_id = aimed.id AND {_TODAY}
LEFT JOIN orgchart_person person ON person.id = aimed.id AND person.is_active
WHERE aimed.id IS NOT NULL AND (held.id IS NULL OR person.id IS NULL)
"""  # noqa: S608  constants from above

# Of whoever was to be told and has left the second level hears. Where there is none the head of the unit does: the
# nearest above who is none of these. What goes to heads is put together first, by unit and by who is none of them.
_SENT = f"""
WITH RECURSIVE upward AS (
    SELECT * FROM reminder_open
    WHERE NOT {_DIRECT} OR (
        who <> 'employee' AND (aimed_id IS NULL OR aimed_id IN (SELECT id FROM reminder_gone))
    )
), known AS MATERIALIZED (
    SELECT named.id, person.is_active, boss.id AS boss_id
    FROM (SELECT DISTINCT coalesce(reviewer_id, supervisor_id) AS id FROM upward) AS named
    JOIN orgchart_person person ON person.id = named.id
    JOIN orgchart_assignment held ON held.employee_id = named.id AND {_TODAY}
    LEFT JOIN orgchart_person boss ON boss.id = held.supervisor_id AND boss.is_active AND EXISTS (
        SELECT FROM orgchart_assignment held WHERE held.employee_id = boss.id AND {_TODAY}
    )
), risen AS MATERIALIZED (
    SELECT upward.*, nullif(holder_id, employee_id) AS official_id,
        CASE WHEN known.id = upward.reviewer_id AND known.is_active
            AND upward.reviewer_id IS DISTINCT FROM nullif(holder_id, employee_id)
        THEN upward.reviewer_id ELSE known.boss_id END AS second_id
    FROM upward LEFT JOIN known ON known.id = coalesce(upward.reviewer_id, upward.supervisor_id)
), team AS MATERIALIZED (
    SELECT row_number() OVER () AS no, cycle_id, said, organization_id, supervisor_id, official_id,
        second_id, led.head_id AS heading_id, min(mark) AS mark, count(*) AS things,
        min(due_on) AS due_on, min(employee_id) AS employee_id, min(appraisal_id) AS appraisal_id
    FROM risen
    LEFT JOIN (SELECT DISTINCT head_id FROM orgchart_organization) AS led
      ON led.head_id = risen.employee_id
    WHERE who = 'unit_head' OR second_id IS NULL
    GROUP BY cycle_id, said, organization_id, supervisor_id, official_id, second_id, led.head_id
), place AS MATERIALIZED (
    SELECT unit.id, unit.parent_id, unit.code, person.id AS head_id
    FROM orgchart_organization unit
    LEFT JOIN (
        orgchart_person person
        JOIN orgchart_assignment held ON held.employee_id = person.id AND {_TODAY}
    ) ON person.id = unit.head_id AND person.is_active
    WHERE EXISTS (SELECT FROM team)
), climb (no, none_of, upper_id, head_id, code) AS (
    SELECT no, array_remove(ARRAY[heading_id, supervisor_id, official_id, second_id], NULL),
        organization_id, NULL::bigint, NULL::varchar
    FROM team
    UNION ALL
    SELECT climb.no, climb.none_of, place.parent_id,
        CASE WHEN place.head_id <> ALL(climb.none_of) THEN place.head_id END, place.code
    FROM climb JOIN place ON place.id = climb.upper_id
    WHERE climb.head_id IS NULL
), told AS (
    SELECT aimed_id AS recipient_id, cycle_id, said, mark, 1 AS things, due_on, employee_id,
        appraisal_id, NULL AS place_code, FALSE AS passed_on
    FROM reminder_open WHERE {_DIRECT} AND aimed_id NOT IN (SELECT id FROM reminder_gone)
    UNION ALL
    SELECT second_id, cycle_id, said, mark, 1, due_on, employee_id, appraisal_id, NULL, TRUE
    FROM risen WHERE who <> 'unit_head' AND second_id IS NOT NULL
    UNION ALL
    SELECT climb.head_id, team.cycle_id, team.said, team.mark, team.things, team.due_on,
        team.employee_id, team.appraisal_id, climb.code, TRUE
    FROM climb JOIN team ON team.no = climb.no WHERE climb.head_id IS NOT NULL
)
SELECT recipient_id, cycle_id, said, min(mark) AS mark, sum(things)::bigint AS things,
    min(due_on) AS due_on, min(employee_id) AS employee_id, min(appraisal_id) AS appraisal_id,
    min(place_code) AS place_code, bool_or(passed_on) AS passed_on
FROM told WHERE recipient_id IS NOT NULL GROUP BY recipient_id, cycle_id, said
"""  # noqa: S608  constants from above

# Of many, reading a whole table once is cheaper than looking each up, and the planner cannot know how many.
# It knows the size of a table that was never analyzed, which is enough here.
_GATHER = """
SET LOCAL work_mem = '256MB';
SET LOCAL jit = off;
DROP TABLE IF EXISTS pg_temp.reminder_other, pg_temp.reminder_open, pg_temp.reminder_gone,
    pg_temp.reminder_sent;
CREATE TEMPORARY TABLE reminder_other ON COMMIT DROP AS {other};
SELECT set_config('enable_nestloop', CASE WHEN count(*) > 20000 THEN 'off' ELSE 'on' END, TRUE)
FROM (
    SELECT FROM appraisals_recordstanding s WHERE {alike}
    UNION ALL SELECT FROM reminder_other LIMIT 20001
) AS either;
CREATE TEMPORARY TABLE reminder_open ON COMMIT DROP AS {open};
CREATE TEMPORARY TABLE reminder_gone ON COMMIT DROP AS {gone};
SET LOCAL enable_nestloop = on;
CREATE TEMPORARY TABLE reminder_sent ON COMMIT DROP AS {sent};
SELECT min(mark), count(*), sum(things)::bigint FROM reminder_sent
GROUP BY cycle_id, said ORDER BY min(due_on), min(mark)
"""


def gather(inside: str = "TRUE") -> str:
    """What waits at a mark of the schedule of its unit, and who is told. `inside` narrows the units."""
    return _GATHER.format(
        other=_OTHER, alike=_ALIKE, open=_OPEN.format(inside=inside), gone=_GONE, sent=_SENT
    )
