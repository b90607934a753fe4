"""Triggers: what a table constraint cannot say. Each has a test that tries to break it."""

from django.db import migrations

# A new organization hangs under its parent; nobody but the trigger below writes a path later.
ORGANIZATION_PATH = """
CREATE FUNCTION orgchart_organization_new_path() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.path := coalesce(
        (SELECT o.path FROM orgchart_organization o WHERE o.id = NEW.parent_id), '/'
    ) || NEW.id || '/';
    RETURN NEW;
END $$;

CREATE TRIGGER organization_new_path BEFORE INSERT ON orgchart_organization
FOR EACH ROW EXECUTE FUNCTION orgchart_organization_new_path();

CREATE FUNCTION orgchart_organization_keep_path() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.path := OLD.path;
    RETURN NEW;
END $$;

CREATE TRIGGER organization_keep_path BEFORE UPDATE ON orgchart_organization
FOR EACH ROW WHEN (pg_trigger_depth() = 0)
EXECUTE FUNCTION orgchart_organization_keep_path();

CREATE FUNCTION orgchart_organization_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    looped text;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM was JOIN is_now USING (id) WHERE was.parent_id IS DISTINCT FROM is_now.parent_id
    ) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('orgchart_organization'));
    WITH RECURSIVE above (start_id, id) AS (
        SELECT is_now.id, is_now.parent_id FROM was JOIN is_now USING (id)
        WHERE was.parent_id IS DISTINCT FROM is_now.parent_id AND is_now.parent_id IS NOT NULL
        UNION
        SELECT above.start_id, o.parent_id FROM above JOIN orgchart_organization o USING (id)
        WHERE o.parent_id IS NOT NULL
    )
    SELECT o.code INTO looped FROM above JOIN orgchart_organization o ON o.id = above.id
    WHERE above.start_id = above.id LIMIT 1;
    IF looped IS NOT NULL THEN
        RAISE EXCEPTION 'organization % would lie inside itself', looped
            USING ERRCODE = 'check_violation', CONSTRAINT = 'organization_no_loop';
    END IF;
    WITH RECURSIVE tree (id, path) AS (
        SELECT o.id, '/' || o.id || '/' FROM orgchart_organization o WHERE o.parent_id IS NULL
        UNION ALL
        SELECT o.id, tree.path || o.id || '/'
        FROM orgchart_organization o JOIN tree ON o.parent_id = tree.id
    )
    UPDATE orgchart_organization o SET path = tree.path
    FROM tree WHERE tree.id = o.id AND tree.path <> o.path;
    RETURN NULL;
END $$;

CREATE TRIGGER organization_moved AFTER UPDATE ON orgchart_organization
REFERENCING OLD TABLE AS was NEW TABLE AS is_now
FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0)
EXECUTE FUNCTION orgchart_organization_moved();
"""

# Both checks look at the rows of one statement at once, so that a roster of a million is a few
# joins. The lock makes a second writer wait for the first, or each would miss the other's rows.
# EXECUTE plans anew each time: the plan for one row is a bad one for a million.
ASSIGNMENT = """
CREATE FUNCTION orgchart_assignment_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken bigint;
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

    EXECUTE $sql$
        SELECT n.employee_id FROM added n
        JOIN orgchart_assignment a ON a.employee_id = n.employee_id AND a.id <> n.id
        WHERE daterange(a.starts_on, a.ends_on, '[]') && daterange(n.starts_on, n.ends_on, '[]')
        LIMIT 1
    $sql$ INTO broken;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'person % would have two supervisors on one day', broken
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'assignment_no_overlap';
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

CREATE TRIGGER assignment_check_insert AFTER INSERT ON orgchart_assignment
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION orgchart_assignment_check();

CREATE TRIGGER assignment_check_update AFTER UPDATE ON orgchart_assignment
REFERENCING OLD TABLE AS was NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION orgchart_assignment_check();
"""

ORG_EVENT = """
CREATE FUNCTION orgchart_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;

CREATE TRIGGER org_event_append_only BEFORE UPDATE OR DELETE ON orgchart_orgevent
FOR EACH ROW EXECUTE FUNCTION orgchart_append_only();
"""

REVERSE = """
DROP TRIGGER org_event_append_only ON orgchart_orgevent;
DROP FUNCTION orgchart_append_only;
DROP TRIGGER assignment_check_update ON orgchart_assignment;
DROP TRIGGER assignment_check_insert ON orgchart_assignment;
DROP FUNCTION orgchart_assignment_check;
DROP TRIGGER organization_moved ON orgchart_organization;
DROP FUNCTION orgchart_organization_moved;
DROP TRIGGER organization_keep_path ON orgchart_organization;
DROP FUNCTION orgchart_organization_keep_path;
DROP TRIGGER organization_new_path ON orgchart_organization;
DROP FUNCTION orgchart_organization_new_path;
"""

KINDS = "department component command activity directorate division branch".split()


def add_kinds(apps, schema_editor):
    kind = apps.get_model("orgchart", "OrganizationKind")
    kind.objects.bulk_create(
        kind(code=code, name=code.capitalize(), rank=rank)
        for rank, code in enumerate(KINDS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("orgchart", "0001_initial")]

    operations = [
        migrations.RunSQL(ORGANIZATION_PATH + ASSIGNMENT + ORG_EVENT, REVERSE),
        migrations.RunPython(add_kinds, migrations.RunPython.noop),
    ]
