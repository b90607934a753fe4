"""Whole rosters: the checks of 0002 for many rows at once, and no index that another does the work of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What 0002 promises, in cheaper ways for many rows. Where no row has ended, assignment_one_open says
# it all, and nobody overlaps who has one row. Where everybody has one supervisor in the time the
# rows are about, and all are reached from the tops, nobody is in a loop. Else each is walked up as before.
CHECK = """
CREATE OR REPLACE FUNCTION orgchart_assignment_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken bigint;
    many boolean;
    is_tree boolean := false;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('orgchart_assignment'));
    IF TG_OP = 'UPDATE' THEN
        -- A row that only became shorter cannot break anything.
        IF NOT EXISTS (
            SELECT 1 FROM added n JOIN was o USING (id)
            WHERE (n.employee_id, n.starts_on) IS DISTINCT FROM (o.employee_id, o.starts_on)
               OR n.supervisor_id IS DISTINCT FROM o.supervisor_id
               OR coalesce(n.ends_on, 'infinity') > coalesce(o.ends_on, 'infinity')
        ) THEN
            RETURN NULL;
        END IF;
    END IF;
    many := (SELECT count(*) > 1000 FROM (SELECT FROM added LIMIT 1001) AS first);

    EXECUTE CASE WHEN many AND NOT EXISTS (
        SELECT FROM orgchart_assignment WHERE ends_on IS NOT NULL
    ) THEN 'SELECT NULL::bigint' WHEN many THEN $sql$
        SELECT employee_id FROM (
            SELECT employee_id, starts_on, max(coalesce(ends_on, 'infinity')) OVER (
                PARTITION BY employee_id ORDER BY starts_on, id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS taken_until
            FROM orgchart_assignment WHERE employee_id IN (
                SELECT employee_id FROM orgchart_assignment
                WHERE employee_id IN (SELECT employee_id FROM added)
                GROUP BY employee_id HAVING count(*) > 1
            )
        ) AS followed WHERE taken_until >= starts_on LIMIT 1
    $sql$ ELSE $sql$
        SELECT n.employee_id FROM added n
        JOIN orgchart_assignment a ON a.employee_id = n.employee_id AND a.id <> n.id
        WHERE daterange(a.starts_on, a.ends_on, '[]') && daterange(n.starts_on, n.ends_on, '[]')
        LIMIT 1
    $sql$ END INTO broken;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'person % would have two supervisors on one day', broken
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'assignment_no_overlap';
    END IF;

    IF many THEN
        EXECUTE $sql$
            WITH RECURSIVE span AS (
                SELECT min(starts_on) AS since, max(coalesce(ends_on, 'infinity')) AS until FROM added
            ), edge AS MATERIALIZED (
                SELECT a.employee_id, a.supervisor_id FROM orgchart_assignment a, span
                WHERE a.supervisor_id IS NOT NULL AND a.starts_on <= span.until
                  AND coalesce(a.ends_on, 'infinity') >= span.since
                  AND a.employee_id IN (SELECT supervisor_id FROM orgchart_assignment)
            ), reached (id, is_top) AS (
                SELECT top.id, true
                FROM (SELECT supervisor_id FROM edge EXCEPT SELECT employee_id FROM edge) AS top (id)
                UNION
                SELECT edge.employee_id, false
                FROM edge JOIN reached ON reached.id = edge.supervisor_id
            )
            -- Counted rather than joined: a plan for few rows would compare each with each.
            SELECT (SELECT count(*) = count(DISTINCT employee_id) FROM edge)
                AND (SELECT count(*) FROM reached WHERE NOT is_top) = (SELECT count(*) FROM edge)
        $sql$ INTO is_tree;
    END IF;
    IF is_tree THEN
        RETURN NULL;
    END IF;

    -- Whoever is in a loop is somebody's supervisor, so the walk starts from those only.
    EXECUTE $sql$
        WITH RECURSIVE above (start_id, id, days) AS (
            SELECT n.employee_id, n.supervisor_id, daterange(n.starts_on, n.ends_on, '[]')
            FROM added n
            WHERE n.supervisor_id IS NOT NULL
              AND EXISTS (SELECT 1 FROM orgchart_assignment s WHERE s.supervisor_id = n.employee_id)
            UNION
            SELECT above.start_id, a.supervisor_id,
                   above.days * daterange(a.starts_on, a.ends_on, '[]')
            FROM above JOIN orgchart_assignment a
              ON a.employee_id = above.id AND above.id <> above.start_id
             AND daterange(a.starts_on, a.ends_on, '[]') && above.days
            WHERE a.supervisor_id IS NOT NULL
        )
        SELECT start_id FROM above WHERE start_id = id LIMIT 1
    $sql$ INTO broken;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'person % would be in their own chain of command', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_no_loop';
    END IF;
    RETURN NULL;
END $$;
"""


# As in 0004, but the day is asked for once and not for each row.
NOTED = """
CREATE OR REPLACE FUNCTION orgchart_assignment_noted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    source text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT * FROM added'
        WHEN 'DELETE' THEN 'SELECT * FROM was'
        ELSE 'SELECT o.* FROM was o JOIN added n USING (id) WHERE o IS DISTINCT FROM n
              UNION ALL
              SELECT n.* FROM was o JOIN added n USING (id) WHERE o IS DISTINCT FROM n' END;
    days text := '(SELECT organization_id, starts_on AS day FROM changed
        UNION SELECT organization_id, ends_on + 1 FROM changed WHERE ends_on IS NOT NULL) days';
    many bigint;
    people bigint[];
BEGIN
    EXECUTE 'SELECT count(*) FROM (SELECT 1 FROM (' || source || ') s LIMIT 20001) s' INTO many;
    IF many = 0 THEN
        RETURN NULL;
    ELSIF many > 20000 THEN
        EXECUTE 'WITH changed AS (' || source || ')
            INSERT INTO orgchart_headcountchange (day)
            SELECT ''0001-01-01''::date UNION SELECT starts_on FROM changed
            WHERE starts_on > (SELECT orgchart_today())
            UNION SELECT ends_on + 1 FROM changed WHERE ends_on >= (SELECT orgchart_today())';
        INSERT INTO orgchart_directorydue (person_id) VALUES (NULL);
    ELSE
        EXECUTE 'WITH changed AS (' || source || ')
            INSERT INTO orgchart_headcountchange (organization_id, day)
            SELECT organization_id, day FROM ' || days;
        EXECUTE 'SELECT array_agg(DISTINCT employee_id) FROM (' || source || ') s' INTO people;
        PERFORM orgchart_directory_note(people);
    END IF;
    RETURN NULL;
END $$;
"""

# Who was just created is found at once, with or without an assignment; a roster's people with theirs.
PERSON = """
CREATE FUNCTION orgchart_person_noted_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) <= 200 FROM (SELECT FROM added LIMIT 201) AS first) THEN
        PERFORM orgchart_directory_write((SELECT array_agg(id) FROM added), orgchart_today());
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER person_noted_insert AFTER INSERT ON orgchart_person
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION orgchart_person_noted_insert();
"""
PERSON_REVERSE = """
DROP TRIGGER person_noted_insert ON orgchart_person;
DROP FUNCTION orgchart_person_noted_insert;
"""

# Nobody looks for the beginning of an address. Django makes this index with every unique text.
LIKE = """
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT indexname FROM pg_indexes
        WHERE tablename = 'orgchart_person' AND indexname LIKE 'orgchart_person_email_%_like'
    LOOP
        EXECUTE format('DROP INDEX %I', name);
    END LOOP;
END $$;
"""


def foreign_key(to, **options):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, to=to, **options
    )


class Migration(migrations.Migration):
    dependencies = [("orgchart", "0006_roster_jobs")]

    operations = [
        migrations.RunSQL(CHECK, migrations.RunSQL.noop),
        migrations.RunSQL(NOTED, migrations.RunSQL.noop),
        migrations.RunSQL(PERSON, PERSON_REVERSE),
        migrations.RunSQL(LIKE, migrations.RunSQL.noop),
        # The directory finds people.
        migrations.RemoveIndex(model_name="person", name="person_search"),
        # AlterField would take assignment_one_open for this index and drop it as well.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX orgchart_assignment_employee_id_285bbac2",
                    "CREATE INDEX orgchart_assignment_employee_id_285bbac2 "
                    "ON orgchart_assignment (employee_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="assignment",
                    name="employee",
                    field=foreign_key(settings.AUTH_USER_MODEL, related_name="assignments"),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="assignment",
            name="organization",
            field=foreign_key("orgchart.organization", related_name="assignments"),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="supervisor",
            field=foreign_key(
                settings.AUTH_USER_MODEL, blank=True, null=True, related_name="supervised"
            ),
        ),
        migrations.AlterField(
            model_name="organization",
            name="kind",
            field=foreign_key("orgchart.organizationkind", related_name="+"),
        ),
    ]
