"""What is behind every reminder: from what waits, over who is told, to one line for each person.

What is due, for whom and in which words comes in as arrays; people are never read into Python.
In steps, each into a table of the transaction, so that the planner knows how much there is.
"""

_INPUT_NOT_SENT = """EXISTS (
    SELECT FROM appraisals_document d WHERE d.appraisal_id = s.appraisal_id
        AND d.kind = 'annual_appraisal' AND d.state = 'draft' AND d.input_shared_at IS NULL
)"""

# Where a schedule holds: below a place, but not below the next places, nor where another cycle is followed. The usual
# one of a cycle holds in all its units but those apart, of which there are mostly none.
_GROUND = """
ground AS MATERIALIZED (
    SELECT cycle_id, schedule, path, string_to_array(without, ' ') AS without, is_usual
    FROM unnest(
        %(ground_cycles)s::bigint[], %(ground_schedules)s::int[], %(ground_paths)s::text[],
        %(ground_without)s::text[], %(ground_usual)s::bool[]
    ) AS ground (cycle_id, schedule, path, without, is_usual)
)"""
_APART = f"""
WITH {_GROUND}
SELECT unit.id, usual.cycle_id, other.schedule
FROM ground AS usual
JOIN orgchart_organization unit
  ON NOT starts_with(unit.path, usual.path) OR unit.path ^@ ANY(usual.without)
LEFT JOIN ground AS other ON other.cycle_id = usual.cycle_id
    AND starts_with(unit.path, other.path) AND NOT unit.path ^@ ANY(other.without)
WHERE usual.is_usual
"""  # noqa: S608  a constant from above

# A mark is of what is due between two days and waited already on its own day. `said` is the same for the same
# mark under every schedule, so that nobody is told in pieces.
_MARKS = """
mark AS MATERIALIZED (
    SELECT mark.*, (day + 1)::timestamp AT TIME ZONE %(zone)s AS until, usual.cycle_id,
        usual.schedule = mark.schedule AS is_usual
    FROM unnest(
        %(mark_schedules)s::int[], %(mark_occasions)s::text[], %(mark_due_from)s::date[],
        %(mark_due_until)s::date[], %(mark_days)s::date[], %(mark_who)s::text[], %(mark_said)s::int[]
    ) WITH ORDINALITY AS mark (schedule, occasion, due_from, due_until, day, who, said, no)
    JOIN ground AS usual ON usual.is_usual
    WHERE mark.schedule = usual.schedule
        OR (usual.cycle_id, mark.schedule) IN (SELECT cycle_id, schedule FROM reminder_apart)
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

_TODAY = "held.starts_on <= %(day)s AND (held.ends_on IS NULL OR held.ends_on >= %(day)s)"
# Who has a record and works here no longer. Who has none yet is in a shape that says from when until when they do.
_ABSENT = f"""
SELECT DISTINCT past.employee_id FROM orgchart_assignment past
WHERE past.ends_on >= %(left_since)s AND past.ends_on < %(day)s AND NOT EXISTS (
    SELECT FROM orgchart_assignment held WHERE held.employee_id = past.employee_id AND {_TODAY}
)
"""  # noqa: S608  a constant from above

_TO_HEADS = "who = 'unit_head'"
_ALIKE = "s.cycle_id = ANY(%(cycles)s) AND s.shape = ANY(%({shapes})s::text[])"
# What waits by its shape, and the others. By `_ALIKE` the planner knows how many they are.
_ITEMS = f"""
WITH {_GROUND}, {_MARKS}, point AS MATERIALIZED (
    SELECT point.*, mark.no, mark.schedule, mark.is_usual, mark.said, mark.who, mark.until
    FROM unnest(
        %(point_cycles)s::bigint[], %(point_shapes)s::text[], %(point_occasions)s::text[],
        %(point_roles)s::text[], %(point_days)s::date[]
    ) AS point (cycle_id, shape, occasion, role, due_on)
    JOIN mark ON mark.cycle_id = point.cycle_id AND mark.occasion = point.occasion
        AND point.due_on BETWEEN mark.due_from AND mark.due_until AND {{whom}}
), open AS (
    SELECT s.cycle_id, s.organization_id, s.employee_id, s.supervisor_id, s.reviewer_id,
        s.appraisal_id, CASE point.role WHEN 'official' THEN s.supervisor_id
            WHEN 'reviewer' THEN s.reviewer_id ELSE s.employee_id END AS holder_id,
        point.due_on, point.schedule, point.is_usual, point.no AS mark, point.said, point.who
    FROM appraisals_recordstanding s
    JOIN point ON point.cycle_id = s.cycle_id AND point.shape = s.shape
    WHERE {_ALIKE} AND (s.since IS NULL OR s.since < point.until)
        AND (point.occasion <> 'input_due' OR {_INPUT_NOT_SENT})
    UNION ALL
    SELECT other.cycle_id, other.organization_id, other.employee_id, other.supervisor_id,
        other.reviewer_id, other.appraisal_id, other.holder_id, other.due_on, mark.schedule,
        mark.is_usual, mark.no, mark.said, mark.who
    FROM reminder_other AS other
    JOIN mark ON mark.cycle_id = other.cycle_id AND mark.occasion = other.occasion
        AND other.due_on BETWEEN mark.due_from AND mark.due_until
        AND (other.since IS NULL OR other.since < mark.until) AND {{whom}}
), item AS (
    SELECT open.*, nullif(holder_id, employee_id) AS official_id
    FROM open
    WHERE CASE WHEN (organization_id, cycle_id) IN (SELECT id, cycle_id FROM reminder_apart)
        THEN (organization_id, cycle_id, schedule) IN (SELECT id, cycle_id, schedule FROM reminder_apart)
        ELSE is_usual END
        AND employee_id NOT IN (SELECT employee_id FROM reminder_absent) AND ({{inside}})
)"""  # noqa: S608  constants from above

_OPEN = f"""{_ITEMS.format(shapes="open_shapes", whom=f"NOT ({_TO_HEADS})", inside="{inside}")}
SELECT cycle_id, organization_id, employee_id, supervisor_id, reviewer_id, appraisal_id, official_id,
    due_on, mark, said, who, CASE who WHEN 'employee' THEN employee_id
        WHEN 'rating_official' THEN supervisor_id ELSE holder_id END AS aimed_id
FROM item
"""  # noqa: S608  constants from above
# Who heads several units is met again above the first. All others are not, and need no longer be told apart.
_SEVERAL = """
SELECT head_id FROM orgchart_organization WHERE head_id IS NOT NULL GROUP BY head_id HAVING count(*) > 1
"""


def _is_passed(head: str) -> str:
    return f"{head} NOT IN (SELECT head_id FROM reminder_several)"  # noqa: S608  a column of ours


# Who is asked first for the second level: the reviewer, or else the boss of the supervisor.
_LEAD = """coalesce(reviewer_id, supervisor_id) AS lead_id,
    reviewer_id IS NOT NULL AND reviewer_id IS DISTINCT FROM official_id AS is_second"""
# What heads hear of is put together at its own unit already; only whether its head is the second level is not known yet.
_TEAMS = f"""{_ITEMS.format(shapes="head_shapes", whom=_TO_HEADS, inside="{inside}")}, unit AS MATERIALIZED (
    SELECT id, parent_id, head_id, CASE WHEN {_is_passed("head_id")} THEN head_id END AS passed_id
    FROM orgchart_organization
)
SELECT cycle_id, said, {_LEAD}, unit.parent_id AS upper_id,
    CASE WHEN unit.head_id NOT IN (coalesce(supervisor_id, 0), coalesce(official_id, 0), employee_id)
        THEN unit.head_id END AS met_id,
    CASE WHEN supervisor_id = passed_id THEN 0 ELSE coalesce(supervisor_id, 0) END AS supervisor_id,
    CASE WHEN official_id = passed_id THEN 0 ELSE coalesce(official_id, 0) END AS official_id,
    CASE WHEN employee_id = passed_id THEN 0
        WHEN employee_id IN (SELECT head_id FROM orgchart_organization WHERE head_id IS NOT NULL)
        THEN employee_id ELSE 0 END AS heading_id,
    min(mark) AS mark, count(*)::int AS things, min(due_on) AS due_on, min(employee_id) AS employee_id,
    min(appraisal_id) AS appraisal_id, min(organization_id) AS place_id
FROM item JOIN unit ON unit.id = item.organization_id GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""  # noqa: S608  constants from above

_DIRECT = "(who <> 'second_level')"
# Each made few before they are put in order.
_NAMED = f"""
SELECT id FROM (
    SELECT aimed_id AS id FROM reminder_open WHERE {_DIRECT}
    UNION SELECT coalesce(reviewer_id, supervisor_id) FROM reminder_open WHERE who <> 'employee'
    UNION SELECT lead_id FROM reminder_team
) AS named ORDER BY id
"""  # noqa: S608  a constant from above
# Whether they can be told, and who is above them. Looked up in order: what is looked up next lies beside it.
_KNOWN = f"""
SELECT person.id, person.is_active AND held.id IS NOT NULL AS is_here, held.supervisor_id AS boss_id
FROM ({{named}}) AS named
JOIN orgchart_person person ON person.id = named.id
LEFT JOIN orgchart_assignment held ON held.employee_id = person.id AND {_TODAY}
"""  # noqa: S608  a constant from above
_BOSSES = """SELECT DISTINCT boss_id AS id FROM reminder_known
    WHERE boss_id NOT IN (SELECT id FROM reminder_known)"""

# Of whoever was to be told and has left the second level hears. Where there is none the head of the unit does: the
# nearest above who is not the employee, the supervisor, the official or the second level. Up to the second unit what
# goes on is put together: whoever heads one unit and no other is not met again. Little is left then.
_SECOND = "CASE WHEN is_second AND above.is_here THEN lead_id ELSE above.boss_id END"
# Those whom the run knows already need not be looked up.
_HERE = f"""CASE WHEN known.id IS NOT NULL THEN CASE WHEN known.is_here THEN known.id END ELSE (
    SELECT person.id FROM orgchart_person person
    JOIN orgchart_assignment held ON held.employee_id = person.id AND {_TODAY}
    WHERE person.id = {{who}} AND person.is_active LIMIT 1
) END"""  # noqa: S608  a constant from above
# Who does not hear as a head of what is their own or was theirs to answer for; 0: nobody, or met below.
_NOT_THEY = ("supervisor_id", "official_id", "second_id", "heading_id")
_ANY_OF_THEM = ", ".join(_NOT_THEY)
_TOLD_OF = "cycle_id, said, mark, things, due_on, employee_id, appraisal_id"


def _still_to_meet(who: str, head: str) -> str:
    return f"CASE WHEN {who} = {head} AND {_is_passed(head)} THEN 0 ELSE {who} END AS {who}"


def _together(below: str) -> str:
    """What nobody heard of below, one unit up and put together there."""
    return f"""
    SELECT cycle_id, said, min(mark) AS mark, sum(things)::int AS things, min(due_on) AS due_on,
        min(employee_id) AS employee_id, min(appraisal_id) AS appraisal_id, min(unit.id) AS place_id,
        unit.parent_id AS upper_id,
        CASE WHEN unit.head_id NOT IN ({_ANY_OF_THEM}) THEN unit.head_id END AS met_id,
        {", ".join(_still_to_meet(each, "unit.head_id") for each in _NOT_THEY)}
    FROM {below} JOIN orgchart_organization unit ON unit.id = {below}.upper_id
    WHERE {below}.head_id IS NULL GROUP BY 1, 2, 9, 10, 11, 12, 13, 14
"""  # noqa: S608  constants from above


def _heard(together: str) -> str:
    return f"""
    SELECT {_TOLD_OF}, place_id, upper_id, {_HERE.format(who="met_id")} AS head_id, {_ANY_OF_THEM}
    FROM ({together}) AS together LEFT JOIN reminder_known AS known ON known.id = met_id
"""  # noqa: S608  constants from above


_FIRST = f"""{_together("start")}
    UNION ALL
    SELECT {_TOLD_OF}, place_id, upper_id, nullif(met_id, second_id), supervisor_id, official_id,
        {_still_to_meet("second_id", "met_id")}, heading_id
    FROM team
"""  # noqa: S608  constants from above
_SENT = f"""
WITH RECURSIVE gone AS MATERIALIZED (
    SELECT id FROM reminder_known WHERE NOT is_here
), above AS MATERIALIZED (
    SELECT known.id, known.is_here, boss.id AS boss_id
    FROM reminder_known AS known
    LEFT JOIN reminder_known AS boss ON boss.id = known.boss_id AND boss.is_here
), risen AS MATERIALIZED (
    SELECT {_TOLD_OF}, organization_id, supervisor_id, official_id, {_SECOND} AS second_id
    FROM (
        SELECT cycle_id, said, mark, organization_id, supervisor_id, official_id, 1 AS things, due_on,
            employee_id, appraisal_id, {_LEAD}
        FROM reminder_open WHERE NOT {_DIRECT} OR (
            who <> 'employee' AND (aimed_id IS NULL OR aimed_id IN (SELECT id FROM gone))
        )
    ) AS upward LEFT JOIN above ON above.id = lead_id
), start AS (
    SELECT {_TOLD_OF}, organization_id AS upper_id, NULL::bigint AS head_id,
        coalesce(supervisor_id, 0) AS supervisor_id, coalesce(official_id, 0) AS official_id,
        0::bigint AS second_id, employee_id AS heading_id
    FROM risen WHERE second_id IS NULL
), team AS (
    SELECT reminder_team.*, coalesce({_SECOND}, 0) AS second_id
    FROM reminder_team LEFT JOIN above ON above.id = lead_id
), first AS ({_heard(_FIRST)}), second AS ({_heard(_together("first"))}), climb AS (
    SELECT * FROM second
    UNION ALL
    SELECT {_TOLD_OF}, unit.id, unit.parent_id, CASE WHEN unit.head_id NOT IN ({_ANY_OF_THEM})
        THEN {_HERE.format(who="unit.head_id")} END, {_ANY_OF_THEM}
    FROM climb JOIN orgchart_organization unit ON unit.id = climb.upper_id
    LEFT JOIN reminder_known AS known ON known.id = unit.head_id
    WHERE climb.head_id IS NULL
), told AS (
    SELECT aimed_id AS recipient_id, cycle_id, said, mark, 1 AS things, due_on, employee_id,
        appraisal_id, NULL::bigint AS place_id, FALSE AS passed_on
    FROM reminder_open WHERE {_DIRECT} AND aimed_id NOT IN (SELECT id FROM gone)
    UNION ALL
    SELECT second_id, cycle_id, said, mark, 1, due_on, employee_id, appraisal_id, NULL, TRUE
    FROM risen WHERE second_id IS NOT NULL
    UNION ALL
    SELECT head_id, {_TOLD_OF}, place_id, TRUE FROM first WHERE head_id IS NOT NULL
    UNION ALL
    SELECT head_id, {_TOLD_OF}, place_id, TRUE FROM climb WHERE head_id IS NOT NULL
)
SELECT recipient_id, cycle_id, said, min(mark) AS mark, sum(things)::bigint AS things,
    min(due_on) AS due_on, min(employee_id) AS employee_id, min(appraisal_id) AS appraisal_id,
    min(place_id) AS place_id, bool_or(passed_on) AS passed_on
FROM told WHERE recipient_id IS NOT NULL GROUP BY recipient_id, cycle_id, said
"""  # noqa: S608  constants from above

# In steps, so that the planner knows how much there is: the size of a table that was never analyzed it knows. What goes
# up to heads it takes for a few, so it must not sort for them. Look-ups are cheap: people and units are read all day.
_GATHER = """
SET LOCAL work_mem = '256MB';
SET LOCAL jit = off;
SET LOCAL random_page_cost = 1.1;
DROP TABLE IF EXISTS pg_temp.reminder_apart, pg_temp.reminder_other, pg_temp.reminder_absent,
    pg_temp.reminder_open, pg_temp.reminder_several, pg_temp.reminder_team, pg_temp.reminder_named,
    pg_temp.reminder_known, pg_temp.reminder_sent;
CREATE TEMPORARY TABLE reminder_apart ON COMMIT DROP AS {apart};
CREATE TEMPORARY TABLE reminder_other ON COMMIT DROP AS {other};
CREATE TEMPORARY TABLE reminder_absent ON COMMIT DROP AS {absent};
CREATE TEMPORARY TABLE reminder_open ON COMMIT DROP AS {open};
SET LOCAL enable_sort = off;
CREATE TEMPORARY TABLE reminder_several ON COMMIT DROP AS {several};
CREATE TEMPORARY TABLE reminder_team ON COMMIT DROP AS {teams};
CREATE TEMPORARY TABLE reminder_named ON COMMIT DROP AS {named};
CREATE TEMPORARY TABLE reminder_known ON COMMIT DROP AS {known};
INSERT INTO reminder_known {bosses};
ANALYZE reminder_known;
CREATE TEMPORARY TABLE reminder_sent ON COMMIT DROP AS {sent};
SET LOCAL enable_sort = on;
SELECT min(mark), count(*), sum(things)::bigint FROM reminder_sent
GROUP BY cycle_id, said ORDER BY min(due_on), min(mark)
"""

INSIDE = """open.organization_id IN (
    SELECT unit.id FROM orgchart_organization unit WHERE unit.path LIKE ANY(%(inside)s)
)"""


def gather(inside: str = "TRUE") -> str:
    """What waits at a mark of the schedule of its unit, and who is told. `inside` narrows the units."""
    return _GATHER.format(
        apart=_APART,
        other=_OTHER,
        absent=_ABSENT,
        open=_OPEN.format(inside=inside),
        several=_SEVERAL,
        teams=_TEAMS.format(inside=inside),
        named=_NAMED,
        known=_KNOWN.format(named="SELECT id FROM reminder_named"),
        bosses=_KNOWN.format(named=_BOSSES),
        sent=_SENT,
    )
