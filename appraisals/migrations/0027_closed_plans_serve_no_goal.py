"""Elements of a plan that was closed as erroneous (R3.10) count for no goal and no unit from then on."""

from importlib import import_module

from django.db import migrations

earlier = import_module("appraisals.migrations.0007_goals_count_themselves")

AGAIN = ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def functions(*, closed_count: bool) -> str:
    """The functions as they were, or with the plans that are not closed only."""
    found = [
        earlier.elements("inserted", earlier.NOBODY.format("is_now"), "is_now"),
        earlier.elements("updated", "was", "is_now"),
        earlier.elements("deleted", "was", earlier.NOBODY.format("was")),
        earlier.GOALS.format(links=earlier.LINKS).split("CREATE TRIGGER")[0],
        earlier.RECORDS.split("CREATE TRIGGER")[0],
    ]
    sql = "".join(found).replace(*AGAIN)
    if closed_count:
        return sql
    for was, now in NARROWED.items():
        if sql.count(was) != TIMES[was]:
            raise ValueError(f"Not where it was: {was}")
        sql = sql.replace(was, now)
    return sql


NARROWED = {
    "            WHERE d.id = ANY($1)\n        ), held AS (": "            WHERE d.id = ANY($1) AND d.state <> 'closed'\n        ), held AS (",
    "WHERE d.appraisal_id = ANY($1)\n": "WHERE d.appraisal_id = ANY($1) AND d.state <> 'closed'\n",
    "JOIN appraisals_document d ON d.appraisal_id = moved.id\n": "JOIN appraisals_document d ON d.appraisal_id = moved.id AND d.state <> 'closed'\n",
}
TIMES = dict(zip(NARROWED, (3, 1, 1), strict=True))

CLOSED = f"""
CREATE FUNCTION appraisals_elements_of_closed_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({earlier.LINKS}, a.cycle_id::int)
    FROM appraisals_appraisal a WHERE a.id = NEW.appraisal_id;
    EXECUTE $sql$
        WITH RECURSIVE held AS (
            SELECT goal_id FROM appraisals_element
            WHERE plan_id = $1 AND accepted AND removed_at IS NULL
        ), reach AS (
            SELECT goal_id AS start, goal_id AS id FROM held WHERE goal_id IS NOT NULL
            UNION
            SELECT reach.start, g.serves_id FROM reach
            JOIN appraisals_goal g ON g.id = reach.id WHERE g.serves_id IS NOT NULL
        ), units AS (
            INSERT INTO appraisals_unitelementsdifference
                (organization_id, cycle_id, elements, without_goal, is_own)
            SELECT a.organization_id, a.cycle_id, -count(*),
                -count(*) FILTER (WHERE held.goal_id IS NULL), TRUE
            FROM held CROSS JOIN appraisals_appraisal a WHERE a.id = $2
            GROUP BY a.organization_id, a.cycle_id
        )
        INSERT INTO appraisals_goaldifference (goal_id, straight, elements, people)
        SELECT reach.id, -count(*) FILTER (WHERE reach.start = reach.id), -count(*), -1
        FROM held JOIN reach ON reach.start = held.goal_id GROUP BY reach.id
    $sql$ USING NEW.id, NEW.appraisal_id;
    RETURN NULL;
END $$;

CREATE TRIGGER elements_of_closed_plan AFTER UPDATE ON appraisals_document
FOR EACH ROW WHEN (NEW.state = 'closed' AND OLD.state <> 'closed')
EXECUTE FUNCTION appraisals_elements_of_closed_plan();
"""

OPEN_AGAIN = """
DROP TRIGGER elements_of_closed_plan ON appraisals_document;
DROP FUNCTION appraisals_elements_of_closed_plan;
"""


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0026_mandatory_elements_put_in")]

    operations = [
        migrations.RunSQL(
            functions(closed_count=False) + CLOSED, OPEN_AGAIN + functions(closed_count=True)
        ),
    ]
