"""The triggers behind the kept counts of goals (`appraisals.rollups.goals`), and histories that only grow.

Each works on all rows of a statement at once. Writers of elements share one advisory lock per cycle and whoever
links a goal to another takes it alone, so that an element is counted along the links that hold when it is written.
"""

from django.db import migrations

LINKS = "hashtext('appraisals_goal_links')"

# `was` and `is_now` stand for the rows of the statement; of an INSERT there is no `was`, of a DELETE no `is_now`.
ELEMENTS = """
CREATE FUNCTION appraisals_elements_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    SELECT array_agg(DISTINCT plan_id) INTO touched FROM (
        (SELECT id, plan_id, goal_id FROM {was} AS w WHERE accepted AND removed_at IS NULL
         EXCEPT SELECT id, plan_id, goal_id FROM {now} AS n WHERE accepted AND removed_at IS NULL)
        UNION ALL
        (SELECT id, plan_id, goal_id FROM {now} AS n WHERE accepted AND removed_at IS NULL
         EXCEPT SELECT id, plan_id, goal_id FROM {was} AS w WHERE accepted AND removed_at IS NULL)
    ) AS changed;
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock_shared({links}, cycle_id::int) FROM (
        SELECT DISTINCT a.cycle_id FROM appraisals_document d
        JOIN appraisals_appraisal a ON a.id = d.appraisal_id
        WHERE d.id = ANY(touched) ORDER BY a.cycle_id
    ) AS concerned;
    -- Nobody else writes an element of these records or moves them to another unit meanwhile.
    PERFORM 1 FROM appraisals_appraisal a
    WHERE a.id IN (SELECT d.appraisal_id FROM appraisals_document d WHERE d.id = ANY(touched))
    ORDER BY a.id FOR NO KEY UPDATE;
    EXECUTE $sql$
        WITH RECURSIVE plan AS (
            SELECT d.id, d.appraisal_id, a.organization_id, a.cycle_id
            FROM appraisals_document d JOIN appraisals_appraisal a ON a.id = d.appraisal_id
            WHERE d.id = ANY($1)
        ), held AS (
            SELECT 1 AS sign, e.plan_id, e.goal_id FROM appraisals_element e
            WHERE e.plan_id = ANY($1) AND e.accepted AND e.removed_at IS NULL
            UNION ALL
            SELECT -1, e.plan_id, e.goal_id FROM appraisals_element e
            WHERE e.plan_id = ANY($1) AND e.accepted AND e.removed_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM {now} AS n WHERE n.id = e.id)
            UNION ALL
            SELECT -1, w.plan_id, w.goal_id FROM {was} AS w
            WHERE w.plan_id = ANY($1) AND w.accepted AND w.removed_at IS NULL
        ), reach AS (
            SELECT goal_id AS start, goal_id AS id FROM held WHERE goal_id IS NOT NULL
            UNION
            SELECT reach.start, g.serves_id FROM reach
            JOIN appraisals_goal g ON g.id = reach.id WHERE g.serves_id IS NOT NULL
        ), served AS (
            SELECT reach.id AS goal_id, plan.appraisal_id, held.sign, count(*) AS elements,
                count(*) FILTER (WHERE reach.start = reach.id) AS straight
            FROM held JOIN plan ON plan.id = held.plan_id JOIN reach ON reach.start = held.goal_id
            GROUP BY reach.id, plan.appraisal_id, held.sign
        ), units AS (
            INSERT INTO appraisals_unitelementsdifference
                (organization_id, cycle_id, elements, without_goal, is_own)
            SELECT plan.organization_id, plan.cycle_id, sum(held.sign),
                coalesce(sum(held.sign) FILTER (WHERE held.goal_id IS NULL), 0), TRUE
            FROM held JOIN plan ON plan.id = held.plan_id
            GROUP BY plan.organization_id, plan.cycle_id
            HAVING sum(held.sign) <> 0
                OR coalesce(sum(held.sign) FILTER (WHERE held.goal_id IS NULL), 0) <> 0
        )
        INSERT INTO appraisals_goaldifference (goal_id, straight, elements, people)
        SELECT goal_id, sum(sign * straight), sum(sign * elements), sum(sign) FROM served
        GROUP BY goal_id
        HAVING sum(sign * straight) <> 0 OR sum(sign * elements) <> 0 OR sum(sign) <> 0
    $sql$ USING touched;
    RETURN NULL;
END $$;
"""

NOBODY = "(SELECT * FROM {} WHERE FALSE)"
ELEMENT_TRIGGERS = """
CREATE TRIGGER elements_inserted AFTER INSERT ON appraisals_element
REFERENCING NEW TABLE AS is_now
FOR EACH STATEMENT EXECUTE FUNCTION appraisals_elements_inserted();
CREATE TRIGGER elements_updated AFTER UPDATE ON appraisals_element
REFERENCING OLD TABLE AS was NEW TABLE AS is_now
FOR EACH STATEMENT EXECUTE FUNCTION appraisals_elements_updated();
CREATE TRIGGER elements_deleted AFTER DELETE ON appraisals_element
REFERENCING OLD TABLE AS was
FOR EACH STATEMENT EXECUTE FUNCTION appraisals_elements_deleted();
"""

# Every goal below a changed link reaches it along links that hold now: the first changed one ends the way.
# Arrays between the steps, since the planner takes a recursive query for a large table.
GOALS = """
CREATE FUNCTION appraisals_goals_linked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lower bigint[];
    records bigint[];
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM was JOIN is_now USING (id) WHERE was.serves_id IS DISTINCT FROM is_now.serves_id
    ) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock({links}, cycle_id::int) FROM (
        SELECT DISTINCT is_now.cycle_id FROM was JOIN is_now USING (id)
        WHERE was.serves_id IS DISTINCT FROM is_now.serves_id ORDER BY is_now.cycle_id
    ) AS concerned;
    WITH RECURSIVE below AS (
        SELECT is_now.id FROM was JOIN is_now USING (id)
        WHERE was.serves_id IS DISTINCT FROM is_now.serves_id
        UNION
        SELECT g.id FROM below JOIN appraisals_goal g ON g.serves_id = below.id
    )
    SELECT array_agg(id) INTO lower FROM below;
    EXECUTE $sql$
        SELECT array_agg(DISTINCT d.appraisal_id) FROM appraisals_element e
        JOIN appraisals_document d ON d.id = e.plan_id
        WHERE e.goal_id = ANY($1) AND e.accepted AND e.removed_at IS NULL
    $sql$ INTO records USING lower;
    IF records IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE $sql$
        WITH RECURSIVE changed AS (
            SELECT is_now.id, was.serves_id FROM was JOIN is_now USING (id)
            WHERE was.serves_id IS DISTINCT FROM is_now.serves_id
        ), held AS MATERIALIZED (
            SELECT d.appraisal_id, e.goal_id, count(*) AS elements FROM appraisals_document d
            JOIN appraisals_element e ON e.plan_id = d.id
             AND e.accepted AND e.removed_at IS NULL AND e.goal_id IS NOT NULL
            WHERE d.appraisal_id = ANY($1)
            GROUP BY d.appraisal_id, e.goal_id
        ), reach AS (
            SELECT sign, goal_id AS start, goal_id AS id
            FROM (SELECT DISTINCT goal_id FROM held) AS start, (VALUES (1), (-1)) AS signs (sign)
            UNION
            SELECT reach.sign, reach.start, above.id FROM reach
            JOIN appraisals_goal g ON g.id = reach.id
            LEFT JOIN changed ON changed.id = g.id
            JOIN LATERAL (SELECT CASE WHEN reach.sign = -1 AND changed.id IS NOT NULL
                THEN changed.serves_id ELSE g.serves_id END AS id) AS above ON above.id IS NOT NULL
        ), served AS (
            SELECT reach.id AS goal_id, held.appraisal_id, reach.sign, sum(held.elements) AS elements
            FROM held JOIN reach ON reach.start = held.goal_id
            GROUP BY reach.id, held.appraisal_id, reach.sign
        )
        INSERT INTO appraisals_goaldifference (goal_id, straight, elements, people)
        SELECT goal_id, 0, sum(sign * elements), sum(sign) FROM served
        GROUP BY goal_id HAVING sum(sign * elements) <> 0 OR sum(sign) <> 0
    $sql$ USING records;
    RETURN NULL;
END $$;

CREATE TRIGGER goals_linked AFTER UPDATE ON appraisals_goal
REFERENCING OLD TABLE AS was NEW TABLE AS is_now
FOR EACH STATEMENT EXECUTE FUNCTION appraisals_goals_linked();
"""

RECORDS = """
CREATE FUNCTION appraisals_elements_of_moved_records() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM was JOIN is_now USING (id)
        WHERE (was.organization_id, was.cycle_id) <> (is_now.organization_id, is_now.cycle_id)
    ) THEN
        RETURN NULL;
    END IF;
    EXECUTE $sql$
        WITH moved AS (
            SELECT is_now.id, was.organization_id AS place_was, was.cycle_id AS cycle_was,
                is_now.organization_id AS place, is_now.cycle_id AS cycle
            FROM was JOIN is_now USING (id)
            WHERE (was.organization_id, was.cycle_id) <> (is_now.organization_id, is_now.cycle_id)
        ), held AS (
            SELECT moved.*, e.goal_id FROM moved
            JOIN appraisals_document d ON d.appraisal_id = moved.id
            JOIN appraisals_element e ON e.plan_id = d.id AND e.accepted AND e.removed_at IS NULL
        ), signed AS (
            SELECT place_was AS place, cycle_was AS cycle, -1 AS sign, goal_id FROM held
            UNION ALL SELECT place, cycle, 1, goal_id FROM held
        )
        INSERT INTO appraisals_unitelementsdifference
            (organization_id, cycle_id, elements, without_goal, is_own)
        SELECT place, cycle, sum(sign),
            coalesce(sum(sign) FILTER (WHERE goal_id IS NULL), 0), TRUE
        FROM signed GROUP BY place, cycle
    $sql$;
    RETURN NULL;
END $$;

CREATE TRIGGER elements_of_moved_records AFTER UPDATE ON appraisals_appraisal
REFERENCING OLD TABLE AS was NEW TABLE AS is_now
FOR EACH STATEMENT EXECUTE FUNCTION appraisals_elements_of_moved_records();
"""

# What is not folded yet follows its unit by itself; what is folded is handed from the old units above to the new.
PLACES = """
CREATE FUNCTION appraisals_elements_of_moved_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM was JOIN is_now USING (id) WHERE was.path <> is_now.path) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('appraisals_goal_fold'));
    EXECUTE $sql$
        WITH moved AS (
            SELECT id, -1 AS sign, was.path FROM was JOIN is_now USING (id) WHERE was.path <> is_now.path
            UNION ALL
            SELECT id, 1, is_now.path FROM was JOIN is_now USING (id) WHERE was.path <> is_now.path
        )
        INSERT INTO appraisals_unitelementsdifference
            (organization_id, cycle_id, elements, without_goal, is_own)
        SELECT part::bigint, kept.cycle_id, sum(sign * kept.own_elements),
            sum(sign * kept.own_without_goal), FALSE
        FROM moved JOIN appraisals_unitelements kept ON kept.organization_id = moved.id
        CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM moved.path), '/')) AS part
        GROUP BY part, kept.cycle_id
        HAVING sum(sign * kept.own_elements) <> 0 OR sum(sign * kept.own_without_goal) <> 0
    $sql$;
    RETURN NULL;
END $$;

CREATE TRIGGER elements_of_moved_places AFTER UPDATE ON orgchart_organization
REFERENCING OLD TABLE AS was NEW TABLE AS is_now
FOR EACH STATEMENT EXECUTE FUNCTION appraisals_elements_of_moved_places();
"""

ONLY_ADDED = """
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION orgchart_append_only();
"""
HISTORIES = ["appraisals_goalversion", "appraisals_goalpublication", "appraisals_publicationread"]

REVERSE = """
DROP TRIGGER elements_of_moved_places ON orgchart_organization;
DROP FUNCTION appraisals_elements_of_moved_places;
DROP TRIGGER elements_of_moved_records ON appraisals_appraisal;
DROP FUNCTION appraisals_elements_of_moved_records;
DROP TRIGGER goals_linked ON appraisals_goal;
DROP FUNCTION appraisals_goals_linked;
DROP TRIGGER elements_deleted ON appraisals_element;
DROP TRIGGER elements_updated ON appraisals_element;
DROP TRIGGER elements_inserted ON appraisals_element;
DROP FUNCTION appraisals_elements_deleted;
DROP FUNCTION appraisals_elements_updated;
DROP FUNCTION appraisals_elements_inserted;
"""


def elements(name: str, was: str, now: str) -> str:
    return ELEMENTS.format(name=name, was=was, now=now, links=LINKS)


SQL = "".join(
    [
        elements("inserted", NOBODY.format("is_now"), "is_now"),
        elements("updated", "was", "is_now"),
        elements("deleted", "was", NOBODY.format("was")),
        ELEMENT_TRIGGERS,
        GOALS.format(links=LINKS),
        RECORDS,
        PLACES,
        *(ONLY_ADDED.format(table=table) for table in HISTORIES),
    ]
)


COUNT_WHAT_IS_THERE = """
INSERT INTO appraisals_goaldifference (goal_id, straight, elements, people)
WITH RECURSIVE reach AS (
    SELECT id AS start, id FROM appraisals_goal
    UNION
    SELECT reach.start, g.serves_id FROM reach
    JOIN appraisals_goal g ON g.id = reach.id WHERE g.serves_id IS NOT NULL
)
SELECT reach.id, count(*) FILTER (WHERE reach.start = reach.id), count(*),
    count(DISTINCT d.appraisal_id)
FROM appraisals_element e
JOIN appraisals_document d ON d.id = e.plan_id
JOIN reach ON reach.start = e.goal_id
WHERE e.accepted AND e.removed_at IS NULL
GROUP BY reach.id;

INSERT INTO appraisals_unitelementsdifference
    (organization_id, cycle_id, elements, without_goal, is_own)
SELECT a.organization_id, a.cycle_id, count(*), count(*) FILTER (WHERE e.goal_id IS NULL), TRUE
FROM appraisals_element e
JOIN appraisals_document d ON d.id = e.plan_id
JOIN appraisals_appraisal a ON a.id = d.appraisal_id
WHERE e.accepted AND e.removed_at IS NULL
GROUP BY a.organization_id, a.cycle_id;
"""


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0006_goals_cascade")]

    operations = [
        migrations.RunSQL(
            SQL, REVERSE + "".join(f"DROP TRIGGER only_added ON {table};" for table in HISTORIES)
        ),
        migrations.RunSQL(COUNT_WHAT_IS_THERE, migrations.RunSQL.noop),
    ]
