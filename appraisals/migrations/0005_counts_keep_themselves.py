"""The triggers behind the kept counts (docs/adr/0006-kept-counts.md).

Whatever changes a record, a covered assignment, a cycle or the tree refreshes the standing of the people concerned;
whatever changes a standing appends the difference. Both work on all rows of a statement at once.
"""

from django.db import migrations, models

# R1.5, R1.6: `rules.last_rateable_approval`; a test holds the two equal.
RULE = """
CREATE FUNCTION appraisals_last_rateable_approval(ends_on date, policy jsonb) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
    SELECT ends_on - greatest(
        coalesce((policy ->> 'minimum_period_days')::int, 90)
        - CASE WHEN coalesce((policy ->> 'count_both_ends')::boolean, TRUE) THEN 1 ELSE 0 END, 0)
$$;
"""

# Covered assignments of people who have no record in a cycle that reaches their unit.
UNRECORDED = """
CREATE VIEW appraisals_unrecorded AS
SELECT s.employee_id, c.id AS cycle_id, s.organization_id, s.supervisor_id,
    NULL::bigint AS reviewer_id, NULL::bigint AS appraisal_id, s.id AS assignment_id,
    concat_ws(':', 'at', 0, 0, 0, 0, 0, '', '',
        greatest(s.position_start_date, c.starts_on)::text,
        greatest(s.starts_on, c.starts_on)::text,
        CASE WHEN s.ends_on < c.ends_on THEN s.ends_on::text ELSE '' END) AS shape,
    '{}'::text[] AS also, NULL::timestamptz AS since
FROM appraisals_appraisalcycle c
JOIN orgchart_assignment s
  ON s.starts_on <= c.ends_on AND (s.ends_on IS NULL OR s.ends_on >= c.starts_on)
JOIN orgchart_organization place
  ON place.id = s.organization_id
 AND c.organization_id::text = ANY(string_to_array(place.path, '/'))
WHERE s.covered AND NOT EXISTS (
    SELECT FROM appraisals_appraisal r WHERE r.employee_id = s.employee_id AND r.cycle_id = c.id
);
"""

# Of so many people and cycles at once; of one it is a few index look-ups.
STANDING_AMONG = """
CREATE FUNCTION appraisals_standing_among(employees bigint[], cycles bigint[]) RETURNS TABLE (
    employee_id bigint, cycle_id bigint, organization_id bigint, supervisor_id bigint,
    reviewer_id bigint, appraisal_id bigint, assignment_id bigint, shape text, also text[],
    since timestamptz
) LANGUAGE sql STABLE AS $$
WITH record AS MATERIALIZED (
    SELECT a.*, c.starts_on AS begins_on, c.ends_on
    FROM unnest(employees, cycles) AS asked (employee_id, cycle_id)
    JOIN appraisals_appraisal a USING (employee_id, cycle_id)
    JOIN appraisals_appraisalcycle c ON c.id = a.cycle_id
), document AS MATERIALIZED (
    SELECT d.appraisal_id, d.kind, d.number, d.state, d.state_since, d.approved_on,
        d.communicated_on, d.policy_id, array_position(
            ARRAY['draft', 'in_review', 'approved', 'communicated', 'acknowledged'], d.state::text
        ) AS at
    FROM record JOIN appraisals_document d ON d.appraisal_id = record.id
), come AS MATERIALIZED (
    SELECT appraisal_id,
        coalesce(max(at) FILTER (WHERE kind = 'performance_plan'), 0) AS plan,
        coalesce(max(at) FILTER (WHERE kind = 'progress_review'), 0) AS review,
        coalesce(max(at) FILTER (WHERE kind = 'annual_appraisal'), 0) AS annual,
        coalesce(max(at) FILTER (WHERE kind = 'progress_review' AND at < 5), 0) AS open_review,
        count(*) FILTER (WHERE kind = 'progress_review') AS reviews,
        max(approved_on) FILTER (WHERE kind = 'performance_plan') AS plan_approved_on,
        max(communicated_on) FILTER (WHERE kind = 'progress_review' AND number = 1)
            AS review_held_on,
        max(approved_on) FILTER (WHERE kind = 'annual_appraisal') AS annual_approved_on,
        max(policy_id) FILTER (WHERE kind = 'performance_plan') AS edition_id,
        max(state_since) AS since
    FROM document GROUP BY appraisal_id
), counted (appraisal_id, measure) AS (
    SELECT record.id, 'done:' || done.stage || ':' || greatest(done.done_on - record.begins_on, 0) / 7
    FROM record JOIN come ON come.appraisal_id = record.id
    CROSS JOIN LATERAL (VALUES
        ('plan', plan_approved_on), ('review', review_held_on), ('annual', annual_approved_on)
    ) AS done (stage, done_on)
    WHERE done.done_on IS NOT NULL
    UNION ALL
    SELECT appraisal_id, 'waiting:' || (state_since AT TIME ZONE 'UTC')::date
    FROM document WHERE state = 'in_review'
    UNION ALL
    SELECT record.id, 'returned:' || coalesce(nullif(e.details ->> 'about', ''), 'other')
    FROM record JOIN appraisals_appraisalevent e ON e.appraisal_id = record.id
    WHERE e.name = 'return_for_change'
    UNION ALL
    SELECT record.id, 'rating:' || told.apart_by || ':' || r.level
    FROM record JOIN appraisals_ratingofrecord r ON r.appraisal_id = record.id
    CROSS JOIN LATERAL (VALUES
        ('all:all'),
        ('grade:' || record.pay_plan || '-' || record.grade),
        ('series:' || record.occupational_series),
        ('supervisory:' || CASE WHEN record.is_supervisor THEN 'yes' ELSE 'no' END),
        ('bargaining:' || CASE WHEN record.bargaining_unit IN ('', '7777', '8888')
            THEN 'no' ELSE 'yes' END)
    ) AS told (apart_by)
), also AS (
    SELECT appraisal_id, array_agg(measure ORDER BY measure) AS measures
    FROM counted GROUP BY appraisal_id
)
SELECT record.employee_id, record.cycle_id, record.organization_id, record.rating_official_id,
    record.higher_level_reviewer_id, record.id, NULL::bigint,
    concat_ws(':', 'at', coalesce(plan, 0), coalesce(review, 0), coalesce(annual, 0),
        coalesce(open_review, 0), coalesce(reviews, 0),
        CASE WHEN plan_approved_on IS NULL THEN ''
            WHEN plan_approved_on <= appraisals_last_rateable_approval(record.ends_on, edition.values)
            THEN 'yes' ELSE 'no' END,
        coalesce(edition_id::text, ''),
        CASE WHEN coalesce(plan, 0) < 5 THEN record.starts_on::text ELSE '' END, '', ''),
    coalesce(also.measures, '{}'), come.since
FROM record
LEFT JOIN come ON come.appraisal_id = record.id
LEFT JOIN also ON also.appraisal_id = record.id
LEFT JOIN appraisals_policyedition edition ON edition.id = come.edition_id
UNION ALL
SELECT u.* FROM unnest(employees, cycles) AS asked (employee_id, cycle_id)
JOIN appraisals_unrecorded u USING (employee_id, cycle_id)
$$;
"""

# The rows are locked first, so that of two who change one record the second counts what the first did.
REFRESH = """
CREATE FUNCTION appraisals_refresh_standing(employees bigint[], cycles bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF employees IS NULL THEN
        RETURN;
    END IF;
    PERFORM FROM (
        SELECT FROM appraisals_recordstanding s
        JOIN unnest(employees, cycles) AS touched (employee_id, cycle_id) USING (employee_id, cycle_id)
        ORDER BY s.id FOR NO KEY UPDATE OF s
    ) AS locked;
    SELECT array_agg(t.employee_id), array_agg(t.cycle_id) INTO employees, cycles
    FROM (SELECT DISTINCT * FROM unnest(employees, cycles) AS t (employee_id, cycle_id)) AS t;
    WITH touched AS MATERIALIZED (
        SELECT * FROM unnest(employees, cycles) AS touched (employee_id, cycle_id)
    ), wanted AS MATERIALIZED (
        SELECT * FROM appraisals_standing_among(employees, cycles)
    ), gone AS (
        DELETE FROM appraisals_recordstanding s USING touched
        WHERE s.employee_id = touched.employee_id AND s.cycle_id = touched.cycle_id
            AND NOT EXISTS (
                SELECT FROM wanted w WHERE w.employee_id = s.employee_id AND w.cycle_id = s.cycle_id
                AND (w.appraisal_id, w.assignment_id)
                    IS NOT DISTINCT FROM (s.appraisal_id, s.assignment_id)
            )
    )
    INSERT INTO appraisals_recordstanding AS s (
        employee_id, cycle_id, organization_id, supervisor_id, reviewer_id, appraisal_id,
        assignment_id, shape, also, since
    )
    SELECT * FROM wanted
    ON CONFLICT (cycle_id, appraisal_id, assignment_id) DO UPDATE SET
        employee_id = EXCLUDED.employee_id, organization_id = EXCLUDED.organization_id,
        supervisor_id = EXCLUDED.supervisor_id, reviewer_id = EXCLUDED.reviewer_id,
        shape = EXCLUDED.shape, also = EXCLUDED.also, since = EXCLUDED.since
    WHERE (s.employee_id, s.organization_id, s.supervisor_id, s.reviewer_id, s.shape, s.also, s.since)
        IS DISTINCT FROM (
            EXCLUDED.employee_id, EXCLUDED.organization_id, EXCLUDED.supervisor_id,
            EXCLUDED.reviewer_id, EXCLUDED.shape, EXCLUDED.also, EXCLUDED.since
        );
END $$;
"""

# {rows}: "added" after INSERT and UPDATE, "gone" after DELETE and UPDATE.
TOUCHED = {
    "appraisals_document": """
        SELECT a.employee_id, a.cycle_id FROM {rows} d
        JOIN appraisals_appraisal a ON a.id = d.appraisal_id""",
    "appraisals_appraisal": "SELECT employee_id, cycle_id FROM {rows}",
    "appraisals_ratingofrecord": """
        SELECT a.employee_id, a.cycle_id FROM {rows} r
        JOIN appraisals_appraisal a ON a.id = r.appraisal_id""",
    "appraisals_appraisalevent": """
        SELECT a.employee_id, a.cycle_id FROM {rows} e
        JOIN appraisals_appraisal a ON a.id = e.appraisal_id WHERE e.name = 'return_for_change'""",
    "orgchart_assignment": """
        SELECT s.employee_id, c.id FROM {rows} s
        JOIN appraisals_appraisalcycle c
          ON s.starts_on <= c.ends_on AND (s.ends_on IS NULL OR s.ends_on >= c.starts_on)""",
    "appraisals_appraisalcycle": """
        SELECT employee_id, cycle_id FROM appraisals_recordstanding
        WHERE cycle_id IN (SELECT id FROM {rows})
        UNION
        SELECT employee_id, cycle_id FROM appraisals_appraisal
        WHERE cycle_id IN (SELECT id FROM {rows})
        UNION
        SELECT employee_id, cycle_id FROM appraisals_unrecorded
        WHERE cycle_id IN (SELECT id FROM {rows})""",
}
ROWS = {"INSERT": ["added"], "DELETE": ["gone"], "UPDATE": ["added", "gone"]}
TABLES = {"added": "NEW TABLE AS added", "gone": "OLD TABLE AS gone"}
# Nobody has a record in a new cycle: all of its lines in one statement, hundreds of thousands in a department.
OPENED = """
INSERT INTO appraisals_recordstanding (
    employee_id, cycle_id, organization_id, supervisor_id, reviewer_id, appraisal_id,
    assignment_id, shape, also, since
)
SELECT u.* FROM appraisals_unrecorded u WHERE u.cycle_id IN (SELECT id FROM added);
"""
ONLY_INSERTED = {"appraisals_ratingofrecord", "appraisals_appraisalevent"}

# Who writes assignments holds this lock alone (orgchart), and cycles open under it; who starts records shares it.
LOCKS = """
CREATE FUNCTION appraisals_share_assignments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('orgchart_assignment'));
    RETURN NULL;
END $$;

CREATE FUNCTION appraisals_hold_assignments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('orgchart_assignment'));
    RETURN NULL;
END $$;

CREATE TRIGGER standing_share_assignments BEFORE INSERT OR DELETE ON appraisals_appraisal
FOR EACH STATEMENT EXECUTE FUNCTION appraisals_share_assignments();

CREATE TRIGGER standing_hold_assignments BEFORE INSERT OR UPDATE OR DELETE ON appraisals_appraisalcycle
FOR EACH STATEMENT EXECUTE FUNCTION appraisals_hold_assignments();
"""

UNLOCKS = """
DROP TRIGGER standing_hold_assignments ON appraisals_appraisalcycle;
DROP TRIGGER standing_share_assignments ON appraisals_appraisal;
DROP FUNCTION appraisals_hold_assignments;
DROP FUNCTION appraisals_share_assignments;
"""

DIFFERENCES = """
INSERT INTO appraisals_countdifference (organization_id, cycle_id, measure, people, is_own)
SELECT organization_id, cycle_id, measure, sum(people), TRUE FROM ({changed}) AS changed
GROUP BY organization_id, cycle_id, measure HAVING sum(people) <> 0;
"""
COUNTED = """
SELECT organization_id, cycle_id, unnest(array_prepend(shape::text, also::text[])) AS measure, {sign} AS people
FROM {rows}
"""

# What units above had counted of a unit that now hangs elsewhere: its folded counts and its own folded people.
# `is_own` is false: the difference is for the parent too. Fold waits, or it would move what is being counted.
MOVED = """
CREATE FUNCTION appraisals_organization_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM was JOIN is_now USING (id) WHERE was.parent_id IS DISTINCT FROM is_now.parent_id
    ) OR NOT EXISTS (SELECT FROM appraisals_appraisalcycle) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('appraisals_fold'));
    WITH moved AS (
        SELECT was.id, was.parent_id AS old_parent, is_now.parent_id AS new_parent
        FROM was JOIN is_now USING (id) WHERE was.parent_id IS DISTINCT FROM is_now.parent_id
    ), known AS (
        SELECT moved.id, k.cycle_id, k.measure, k.people
        FROM moved JOIN appraisals_keptcount k ON k.organization_id = moved.id
        UNION ALL
        SELECT moved.id, s.cycle_id, unnest(array_prepend(s.shape::text, s.also::text[])), 1
        FROM moved JOIN appraisals_recordstanding s ON s.organization_id = moved.id
        UNION ALL
        SELECT moved.id, d.cycle_id, d.measure, -d.people
        FROM moved JOIN appraisals_countdifference d ON d.organization_id = moved.id AND d.is_own
    )
    INSERT INTO appraisals_countdifference (organization_id, cycle_id, measure, people, is_own)
    SELECT parent.id, known.cycle_id, known.measure, sum(parent.sign * known.people), FALSE
    FROM known JOIN moved ON moved.id = known.id
    CROSS JOIN LATERAL (VALUES (moved.old_parent, -1), (moved.new_parent, 1)) AS parent (id, sign)
    WHERE parent.id IS NOT NULL
    GROUP BY parent.id, known.cycle_id, known.measure
    HAVING sum(parent.sign * known.people) <> 0;

    -- Another cycle may be theirs now. `path` is new already: the trigger that writes it comes first by name.
    PERFORM pg_advisory_xact_lock(hashtext('orgchart_assignment'));
    PERFORM appraisals_refresh_standing(array_agg(employee_id), array_agg(cycle_id)) FROM (
        SELECT DISTINCT s.employee_id, c.id AS cycle_id
        FROM was JOIN orgchart_organization top USING (id)
        JOIN appraisals_appraisalcycle c
          ON (c.organization_id::text = ANY(string_to_array(was.path, '/')))
          <> (c.organization_id::text = ANY(string_to_array(top.path, '/')))
        JOIN orgchart_organization place ON place.path LIKE top.path || '%'
        JOIN orgchart_assignment s ON s.organization_id = place.id
        WHERE was.path <> top.path
    ) AS touched;
    RETURN NULL;
END $$;

CREATE TRIGGER standing_moved AFTER UPDATE ON orgchart_organization
REFERENCING OLD TABLE AS was NEW TABLE AS is_now
FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0)
EXECUTE FUNCTION appraisals_organization_moved();
"""

UNMOVED = """
DROP TRIGGER standing_moved ON orgchart_organization;
DROP FUNCTION appraisals_organization_moved;
"""


def trigger(table: str, operation: str, prefix: str, body: str) -> migrations.RunSQL:
    """One that runs `body` after a statement, over the rows it added and took away."""
    name = f"{prefix}_{operation.lower()}"
    seen = " ".join(TABLES[rows] for rows in ROWS[operation])
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {body}
            RETURN NULL;
        END $$;
        CREATE TRIGGER {name} AFTER {operation} ON {table} REFERENCING {seen}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_{name}();
        """,
        f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {table}_{name};",
    )


def refreshing(table: str, operation: str) -> migrations.RunSQL:
    touched = " UNION ".join(TOUCHED[table].format(rows=rows) for rows in ROWS[operation])
    body = f"""
        PERFORM appraisals_refresh_standing(array_agg(employee_id), array_agg(cycle_id))
        FROM ({touched}) AS touched (employee_id, cycle_id);"""
    return trigger(table, operation, "standing", body)


def counting(operation: str) -> migrations.RunSQL:
    signs = {"added": "1", "gone": "-1"}
    changed = " UNION ALL ".join(
        COUNTED.format(rows=rows, sign=signs[rows]) for rows in ROWS[operation]
    )
    table = "appraisals_recordstanding"
    return trigger(table, operation, "counting", DIFFERENCES.format(changed=changed))


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0004_kept_counts")]

    operations = [
        migrations.RunSQL(RULE, "DROP FUNCTION appraisals_last_rateable_approval(date, jsonb)"),
        migrations.RunSQL(UNRECORDED, "DROP VIEW appraisals_unrecorded"),
        migrations.AddIndex(
            "appraisalevent",
            models.Index(
                "appraisal", condition=models.Q(name="return_for_change"), name="event_returned"
            ),
        ),
        migrations.RunSQL(
            STANDING_AMONG, "DROP FUNCTION appraisals_standing_among(bigint[], bigint[])"
        ),
        migrations.RunSQL(REFRESH, "DROP FUNCTION appraisals_refresh_standing(bigint[], bigint[])"),
        *(counting(operation) for operation in ROWS),
        *(
            refreshing(table, operation)
            for table in TOUCHED
            for operation in (["INSERT"] if table in ONLY_INSERTED else ROWS)
            if (table, operation) != ("appraisals_appraisalcycle", "INSERT")
        ),
        trigger("appraisals_appraisalcycle", "INSERT", "standing", OPENED),
        migrations.RunSQL(LOCKS, UNLOCKS),
        migrations.RunSQL(MOVED, UNMOVED),
    ]
