"""Counts go by what a rating is today, and by the period of each employee (R1.11, R7.13, R11.5)."""

from importlib import import_module

from django.db import migrations

earlier = import_module("appraisals.migrations.0005_counts_keep_themselves")

# R1.5, R7.13: `rules.counted_days` against the minimum; a test holds the two equal.
RULE = """
CREATE FUNCTION appraisals_days_suffice(
    approved_on date, until date, away datemultirange, policy jsonb
) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN away IS NULL OR until < approved_on
        THEN approved_on <= appraisals_last_rateable_approval(until, policy)
        ELSE greatest(
            until - approved_on
            + CASE WHEN coalesce((policy ->> 'count_both_ends')::boolean, TRUE) THEN 1 ELSE 0 END
            - coalesce((
                SELECT sum(upper(part) - lower(part))
                FROM unnest(away * datemultirange(daterange(approved_on, until, '[]'))) AS part
            ), 0), 0) >= coalesce((policy ->> 'minimum_period_days')::int, 90)
    END
$$;
"""

# As before, but for `away`, `changed`, the measures "unrated" and "extended", and what says whether somebody
# can be rated: "closed" when HR closed the year, and "@" with the last day of a period that was extended.
STANDING_AMONG = """
CREATE OR REPLACE FUNCTION appraisals_standing_among(employees bigint[], cycles bigint[]) RETURNS TABLE (
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
), away AS MATERIALIZED (
    SELECT record.id AS appraisal_id,
        range_agg(daterange(s.starts_on, s.ends_on, '[]')) FILTER (WHERE s.kind = 'union_time')
            AS union_time,
        range_agg(daterange(s.starts_on, s.ends_on, '[]')) AS any_kind
    FROM record JOIN appraisals_situation s ON s.employee_id = record.employee_id
    WHERE s.removed_at IS NULL GROUP BY record.id
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
    SELECT record.id, 'rating:' || told.apart_by || ':' || coalesce(changed.level, r.level)
    FROM record JOIN appraisals_ratingofrecord r ON r.appraisal_id = record.id
    LEFT JOIN LATERAL (
        SELECT m.level FROM appraisals_ratingamendment m
        WHERE m.rating_id = r.id ORDER BY m.version DESC LIMIT 1
    ) AS changed ON TRUE
    CROSS JOIN LATERAL (VALUES
        ('all:all'),
        ('grade:' || record.pay_plan || '-' || record.grade),
        ('series:' || record.occupational_series),
        ('supervisory:' || CASE WHEN record.is_supervisor THEN 'yes' ELSE 'no' END),
        ('bargaining:' || CASE WHEN record.bargaining_unit IN ('', '7777', '8888')
            THEN 'no' ELSE 'yes' END)
    ) AS told (apart_by)
    UNION ALL
    SELECT id, 'unrated:' || not_rated FROM record WHERE not_rated <> ''
    UNION ALL
    SELECT record.id, 'extended:' || x.reason
    FROM record JOIN appraisals_extension x ON x.appraisal_id = record.id AND x.state = 'granted'
    WHERE record.not_rated = ''
), also AS (
    SELECT appraisal_id, array_agg(measure ORDER BY measure) AS measures
    FROM counted GROUP BY appraisal_id
)
SELECT record.employee_id, record.cycle_id, record.organization_id, record.rating_official_id,
    record.higher_level_reviewer_id, record.id, NULL::bigint,
    concat_ws(':', 'at', coalesce(plan, 0), coalesce(review, 0), coalesce(annual, 0),
        coalesce(open_review, 0), coalesce(reviews, 0),
        CASE WHEN record.not_rated <> '' THEN 'closed'
            WHEN plan_approved_on IS NULL THEN ''
            WHEN appraisals_days_suffice(
                plan_approved_on, coalesce(record.extended_until, record.ends_on),
                CASE WHEN coalesce((edition.values ->> 'absence_counts')::boolean, TRUE)
                    THEN away.union_time ELSE away.any_kind END,
                edition.values
            ) THEN 'yes' ELSE 'no' END || coalesce('@' || record.extended_until::text, ''),
        coalesce(edition_id::text, ''),
        CASE WHEN coalesce(plan, 0) < 5 THEN record.starts_on::text ELSE '' END, '', ''),
    coalesce(also.measures, '{}'), come.since
FROM record
LEFT JOIN come ON come.appraisal_id = record.id
LEFT JOIN also ON also.appraisal_id = record.id
LEFT JOIN away ON away.appraisal_id = record.id
LEFT JOIN appraisals_policyedition edition ON edition.id = come.edition_id
UNION ALL
SELECT u.* FROM unnest(employees, cycles) AS asked (employee_id, cycle_id)
JOIN appraisals_unrecorded u USING (employee_id, cycle_id)
$$;
"""

# Ratings that were changed before this: they count as they are now.
AMENDED = """
SELECT appraisals_refresh_standing(array_agg(employee_id), array_agg(cycle_id)) FROM (
    SELECT a.employee_id, a.cycle_id FROM appraisals_ratingamendment m
    JOIN appraisals_ratingofrecord r ON r.id = m.rating_id
    JOIN appraisals_appraisal a ON a.id = r.appraisal_id
) AS touched
"""

SITUATION = """
    SELECT s.employee_id, a.cycle_id FROM {rows} s
    JOIN appraisals_appraisal a ON a.employee_id = s.employee_id"""
OF_A_RECORD = """
    SELECT a.employee_id, a.cycle_id FROM {rows} x
    JOIN appraisals_appraisal a ON a.id = x.appraisal_id"""
AMENDMENT = """
    SELECT a.employee_id, a.cycle_id FROM {rows} m
    JOIN appraisals_ratingofrecord r ON r.id = m.rating_id
    JOIN appraisals_appraisal a ON a.id = r.appraisal_id"""


def refreshing(table: str, operation: str, touched: str) -> migrations.RunSQL:
    found = " UNION ".join(touched.format(rows=rows) for rows in earlier.ROWS[operation])
    body = f"""
        PERFORM appraisals_refresh_standing(array_agg(employee_id), array_agg(cycle_id))
        FROM ({found}) AS touched (employee_id, cycle_id);"""
    return earlier.trigger(table, operation, "standing", body)


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0018_ratings_that_change")]

    operations = [
        migrations.RunSQL(
            RULE, "DROP FUNCTION appraisals_days_suffice(date, date, datemultirange, jsonb)"
        ),
        migrations.RunSQL(
            STANDING_AMONG,
            earlier.STANDING_AMONG.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
        ),
        migrations.RunSQL(AMENDED, migrations.RunSQL.noop),
        refreshing("appraisals_ratingamendment", "INSERT", AMENDMENT),
        *(refreshing("appraisals_situation", each, SITUATION) for each in earlier.ROWS),
        *(refreshing("appraisals_extension", each, OF_A_RECORD) for each in earlier.ROWS),
    ]
