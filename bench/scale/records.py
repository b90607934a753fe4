"""Four years of records for everybody, by a few INSERT … SELECT, so that a million are minutes.

How far somebody has come is drawn from a hash of the DoD ID: the same person has the same record
in every database. What the pages that are measured do not read is left out: texts of finished
years, the versions of texts, and of finished years all events but submit, return and approve of a
plan or an appraisal, and the talk about the rating.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bench.scale.program import RUNNING, TODAY

TABLES = (
    "appraisals_appraisal",
    "appraisals_document",
    "appraisals_element",
    "appraisals_section",
    "appraisals_ratingofrecord",
    "appraisals_appraisalevent",
)

# A number from 0 to 999 that is always the same for a person and a question.
DRAWN = """
CREATE FUNCTION pg_temp.drawn(dod_id text, question text) RETURNS int LANGUAGE sql IMMUTABLE
RETURN abs(hashtextextended(dod_id || question, 2027) % 1000)::int;
CREATE FUNCTION pg_temp.moment(day date, hour int, seed int) RETURNS timestamptz LANGUAGE sql STABLE
RETURN (day + make_interval(hours => hour, secs => 3 * seed)) AT TIME ZONE 'America/New_York';
"""

SUBJECT = """
CREATE TEMPORARY TABLE subject AS
SELECT p.dod_id, a.employee_id, a.supervisor_id, above.supervisor_id AS reviewer_id, a.organization_id,
    a.position_title, a.position_number, a.pay_plan, a.occupational_series, a.grade, a.step,
    a.duty_station, a.is_supervisor, a.bargaining_unit, a.position_start_date,
    CASE WHEN a.is_supervisor THEN 4 + pg_temp.drawn(p.dod_id, 'elements') %% 2
        ELSE 3 + pg_temp.drawn(p.dod_id, 'elements') %% 3 END AS elements
FROM orgchart_assignment a
JOIN orgchart_person p ON p.id = a.employee_id
JOIN orgchart_assignment above ON above.employee_id = a.supervisor_id AND above.ends_on IS NULL
WHERE a.covered AND a.ends_on IS NULL AND above.supervisor_id IS NOT NULL;
ANALYZE subject
"""

# Two in a hundred have no record. Who came to the department in the running year has none before;
# whoever changed positions earlier had another position then.
# Keys in the order of a hash: records of one unit are opened at different times and lie apart.
YEAR_OF = """
CREATE TEMPORARY TABLE year_of AS
SELECT row_number() OVER (
        ORDER BY cycle.starts_on, hashtextextended(s.dod_id || cycle.name, 1)
    ) AS appraisal_id,
    cycle.id AS cycle_id, cycle.name AS cycle_name, cycle.name = %(running)s AS is_running,
    CASE WHEN s.position_start_date BETWEEN cycle.starts_on AND cycle.ends_on - 90
        THEN s.position_start_date ELSE cycle.starts_on END AS begins_on, cycle.ends_on,
    cycle.effective_on, s.*,
    pg_temp.drawn(s.dod_id, cycle.name) AS seed
FROM subject s CROSS JOIN appraisals_appraisalcycle cycle
WHERE (cycle.name = %(running)s OR s.position_start_date < %(newcomers_from)s)
    AND pg_temp.drawn(s.dod_id, cycle.name || 'record') >= 20;
ANALYZE year_of
"""

APPRAISALS = """
INSERT INTO appraisals_appraisal (id, employee_id, cycle_id, rating_official_id,
    higher_level_reviewer_id, organization_id, position_title, position_number, pay_plan,
    occupational_series, grade, step, duty_station, is_supervisor, bargaining_unit, starts_on, opened_at)
SELECT appraisal_id, employee_id, cycle_id, supervisor_id, reviewer_id, organization_id,
    position_title, position_number, pay_plan, occupational_series, grade, step,
    left(duty_station, 120), is_supervisor, left(bargaining_unit, 8), begins_on,
    pg_temp.moment(begins_on, 8, seed)
FROM year_of ORDER BY appraisal_id
"""

# How far of a thousand have come in the running year: plan, review, annual (0 to 5).
COURSE = """
CREATE TEMPORARY TABLE course AS
WITH far (below, plan, review, annual) AS (VALUES
    (15, 1, 0, 0), (25, 2, 0, 0), (35, 3, 0, 0), (45, 4, 0, 0),
    (75, 5, 0, 0), (95, 5, 1, 0), (110, 5, 3, 0), (125, 5, 4, 0),
    (250, 5, 5, 0), (450, 5, 5, 1), (600, 5, 5, 2), (680, 5, 5, 3), (780, 5, 5, 4), (1000, 5, 5, 5)
), begun AS (
    SELECT y.*, far.plan, far.review, far.annual,
        is_running AND far.annual = 0 AND far.review = 5 AND seed %% 10 = 0 AS too_late,
        pg_temp.drawn(dod_id, cycle_name || 'returned') AS returned,
        pg_temp.drawn(dod_id, cycle_name || 'days') AS days
    FROM year_of y CROSS JOIN LATERAL (
        SELECT * FROM far
        WHERE below > CASE WHEN is_running THEN seed ELSE 999 END ORDER BY below LIMIT 1
    ) far
)
SELECT begun.*,
    CASE WHEN too_late THEN ends_on - 80 - days %% 9
        WHEN plan < 5 THEN ends_on - 60 + days %% 40
        WHEN days < 60 THEN begins_on + 30 + days / 2
        ELSE begins_on + 1 + days %% 12 END AS plan_on,
    CASE WHEN too_late OR review < 5 THEN ends_on - 40 + days %% 25
        ELSE GREATEST(ends_on - 190 + days %% 25, begins_on + 90) END AS review_on,
    ends_on - 30 + days %% 18 AS annual_on
FROM begun;
ANALYZE course
"""

# One row a document; days[n] is when it came to rung n, 1 being opened.
DISCUSSION = """
CREATE TEMPORARY TABLE discussion AS
SELECT row_number() OVER (ORDER BY days[1], hashtextextended(dod_id || kind, 2)) AS id, *
FROM (
    SELECT appraisal_id, dod_id, is_running, seed, returned, employee_id, supervisor_id,
        reviewer_id, elements, is_supervisor, organization_id, kind, number, rung, edition.id AS policy_id,
        ARRAY[
            LEAST(began, %(yesterday)s), LEAST(began + 4 + c.days %% 9, %(yesterday)s),
            LEAST(began + 6 + c.days %% 13, %(yesterday)s),
            LEAST(began + 8 + c.days %% 17, %(yesterday)s),
            LEAST(began + 9 + c.days %% 19, %(yesterday)s)
        ] AS days
    FROM course c
    CROSS JOIN LATERAL (VALUES
        ('performance_plan', 1, c.plan, plan_on),
        ('progress_review', 1, review, review_on),
        ('progress_review', 2, CASE WHEN returned >= 960 AND annual > 0 THEN 5 ELSE 0 END, review_on + 90),
        ('annual_appraisal', 1, CASE WHEN too_late THEN 0 ELSE annual END, annual_on)
    ) AS document (kind, number, rung, began)
    CROSS JOIN (SELECT id FROM appraisals_policyedition) edition
    WHERE rung > 0
) each_document;
ANALYZE discussion
"""

DOCUMENTS = """
INSERT INTO appraisals_document (id, appraisal_id, kind, number, policy_id, state, state_since,
    opened_at, input_shared_at, approved_on, communicated_on, communicated_method, communicated_other,
    acknowledged_on, acknowledged_for_employee)
SELECT id, appraisal_id, kind, number, policy_id,
    (ARRAY['draft', 'in_review', 'approved', 'communicated', 'acknowledged'])[rung],
    pg_temp.moment(days[rung], (ARRAY[9, 12, 13, 14, 15])[rung], seed), pg_temp.moment(days[1], 9, seed), NULL,
    CASE WHEN rung >= 3 THEN days[3] END, CASE WHEN rung >= 4 THEN days[4] END,
    CASE WHEN rung >= 4 THEN (ARRAY['F', 'T'])[1 + seed %% 2] ELSE '' END, '',
    CASE WHEN rung = 5 THEN days[5] END, FALSE
FROM discussion ORDER BY id
"""

# The goals of the nearest unit that has any; one in ten elements serves none, but never the first.
ELEMENTS = """
WITH goals AS (
    SELECT organization_id, array_agg(id ORDER BY position) AS ids
    FROM appraisals_goal GROUP BY organization_id
), place AS (
    SELECT o.id, nearest.ids FROM orgchart_organization o CROSS JOIN LATERAL (
        SELECT goals.ids FROM unnest(string_to_array(trim(o.path, '/'), '/')::bigint[])
            WITH ORDINALITY AS above (id, level)
        JOIN goals ON goals.organization_id = above.id
        ORDER BY level DESC LIMIT 1
    ) nearest
), mandatory AS (
    SELECT array_agg(id ORDER BY id) AS ids, array_agg(title ORDER BY id) AS titles
    FROM appraisals_mandatoryelement
)
INSERT INTO appraisals_element (version, written_by_id, written_at, plan_id, number, title,
    description, standards, goal_id, is_supervisory, mandatory_id, proposed_by_employee, accepted)
SELECT 1, supervisor_id, pg_temp.moment(days[1], 10, seed), d.id, n,
    CASE WHEN leads THEN mandatory.titles[n] ELSE (ARRAY['Answers what comes in', 'Keeps the records right',
        'Plans and carries out the work', 'Advises those who decide', 'Finds what can be done better'])
        [1 + (seed + n) %% 5] END,
    'What is done, for whom and how often, in two sentences that anybody in the unit would understand.',
    'At least 95 of 100 are done within five working days, with no more than two that come back in a '
        'quarter; what cannot be done in time is told to whoever waits before it is due.',
    CASE WHEN n = 1 OR (seed + 7 * n) %% 10 > 0 THEN place.ids[1 + (seed + n) %% cardinality(place.ids)] END,
    leads, CASE WHEN leads THEN mandatory.ids[n] END, FALSE, TRUE
FROM discussion d
JOIN place ON place.id = d.organization_id
CROSS JOIN mandatory
CROSS JOIN LATERAL generate_series(1, d.elements) AS n
CROSS JOIN LATERAL (SELECT d.is_supervisor AND n <= 2 AS leads) AS part
WHERE d.kind = 'performance_plan' AND d.is_running
ORDER BY d.id, n
"""

# Some officials give half of their people the highest rating, some one in ten.
RATED = """
CREATE TEMPORARY TABLE rated AS
SELECT d.*, CASE WHEN chance < 6 THEN 1
    WHEN chance < 106 + pg_temp.drawn(supervisor_id::text, 'gives') * 4 / 10 THEN 5 ELSE 3 END AS level
FROM discussion d
CROSS JOIN LATERAL (SELECT pg_temp.drawn(dod_id, 'level' || appraisal_id %% 4) AS chance) luck
WHERE d.kind = 'annual_appraisal';
ANALYZE rated
"""

# A 5 has one element at 3, a 3 has one at 5, a 1 has one at 1; a draft is rated in part.
SECTIONS = """
INSERT INTO appraisals_section (version, written_by_id, written_at, document_id, element_id, kind,
    text, level)
SELECT 1, supervisor_id, pg_temp.moment(r.days[1], 11, seed), r.id, e.id, 'rating',
    'What was done, against the standard, and what came of it: the work of the year in a few words.',
    CASE WHEN r.rung = 1 AND e.number > seed %% 5 THEN NULL
        WHEN r.level = 5 THEN CASE WHEN e.number = r.elements THEN 3 ELSE 5 END
        WHEN e.number > 1 THEN 3 WHEN r.level = 3 THEN 5 ELSE 1 END
FROM rated r
JOIN appraisals_document plan ON plan.appraisal_id = r.appraisal_id AND plan.kind = 'performance_plan'
JOIN appraisals_element e ON e.plan_id = plan.id
WHERE r.is_running
"""

RATINGS = """
INSERT INTO appraisals_ratingofrecord (appraisal_id, level, rated_sum, rated_count, effective_on,
    issued_at, issued_by_id)
SELECT r.appraisal_id, level,
    CASE level WHEN 5 THEN 5 * r.elements - 2 WHEN 3 THEN 3 * r.elements + 2 ELSE 3 * r.elements - 2 END,
    r.elements, y.effective_on, pg_temp.moment(r.days[4], 12, r.seed), r.supervisor_id
FROM rated r JOIN year_of y USING (appraisal_id)
WHERE rung >= 4 ORDER BY r.days[4]
"""

# With higher level review: sent, in eight of a hundred returned and sent again, approved. A draft
# that was returned waits for its rating official.
EVENTS = """
INSERT INTO appraisals_appraisalevent (appraisal_id, document_id, name, from_state, to_state, by_id,
    at, reason, details, text_mark)
SELECT appraisal_id, d.id, step.name, was, becomes, by_id, at,
    CASE WHEN step.name = 'return_for_change' THEN 'Say what was measured, and by when.' ELSE '' END,
    CASE step.name
        WHEN 'return_for_change' THEN jsonb_build_object('about', (ARRAY['standards', 'alignment',
            'narrative', 'rating', 'incomplete', 'other'])[1 + seed %% 6])
        WHEN 'communicate' THEN jsonb_build_object('discussed_on', days[4], 'method', 'F', 'other', '')
        ELSE '{}' END,
    0
FROM discussion d
CROSS JOIN LATERAL (SELECT d.kind <> 'progress_review' AS is_reviewed, returned < 80 AS came_back) AS way
CROSS JOIN LATERAL (VALUES
    ('open', 'draft', 'draft', supervisor_id, days[1], 9, TRUE, FALSE),
    ('submit', 'draft', 'in_review', supervisor_id, days[1] + 1, 10, is_reviewed AND came_back, TRUE),
    ('return_for_change', 'in_review', 'draft', reviewer_id, days[1] + 3, 11, is_reviewed AND came_back, TRUE),
    ('submit', 'draft', 'in_review', supervisor_id, days[2], 12, is_reviewed AND rung >= 2, TRUE),
    ('approve', 'in_review', 'approved', reviewer_id, days[3], 13, is_reviewed AND rung >= 3, TRUE),
    ('finish', 'draft', 'approved', supervisor_id, days[3], 13, NOT is_reviewed AND rung >= 3, FALSE),
    ('communicate', 'approved', 'communicated', supervisor_id, days[4], 14, rung >= 4,
        d.kind = 'annual_appraisal'),
    ('acknowledge', 'communicated', 'acknowledged', employee_id, days[5], 15, rung = 5, FALSE)
) AS step (name, was, becomes, by_id, day, hour, happened, is_kept)
CROSS JOIN LATERAL (SELECT pg_temp.moment(LEAST(day, %(yesterday)s), hour, seed) AS at) AS clock
WHERE happened AND (is_running OR is_kept)
ORDER BY at, d.id
"""

STEPS = {
    "people": SUBJECT,
    "years": YEAR_OF,
    "appraisals": APPRAISALS,
    "courses": COURSE,
    "discussions": DISCUSSION,
    "documents": DOCUMENTS,
    "elements": ELEMENTS,
    "appraised": RATED,
    "sections": SECTIONS,
    "ratings of record": RATINGS,
    "events": EVENTS,
}


def fill_records() -> Iterator[str]:
    """Builds it all in one transaction; the name of each step when it is done."""
    values = {
        "running": f"FY {RUNNING}",
        "newcomers_from": TODAY.replace(year=TODAY.year - 1, month=4, day=1),
        "yesterday": TODAY.replace(day=TODAY.day - 1),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        without_triggers(cursor)
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '1GB'")
        cursor.execute(DRAWN)
        with _without_indexes(cursor):
            for name, statement in STEPS.items():
                cursor.execute(statement, values)
                yield f"{name}: {cursor.rowcount:,}"
        for table in TABLES:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), "  # noqa: S608  a name from above
                f"(SELECT max(id) FROM {table}))",
                [table],
            )
        yield "indexes"


def without_triggers(cursor: CursorWrapper) -> None:
    """Until the transaction ends. Keys are right by construction, and what is counted is counted afterwards:
    a check of each row by itself would take hours."""
    cursor.execute(
        "SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off"
    )


@contextmanager
def _without_indexes(cursor: CursorWrapper) -> Iterator[None]:
    """Made anew afterwards: sorting once is much faster than a place for each row. Constraints stay."""
    cursor.execute(
        """
        SELECT indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename = ANY(%s)
            AND indexname NOT IN (SELECT conname FROM pg_constraint)
            AND indexdef NOT LIKE 'CREATE UNIQUE%%'
        """,
        [list(TABLES)],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in found:
        cursor.execute(definition)
