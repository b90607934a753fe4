"""What serves which goal, kept ahead (docs/adr/0006-kept-counts.md); read by `appraisals.goal_counts`.

A goal's people are not the sum of the people of the goals below it, so every difference is appended for each
goal that a record reaches. Units are summed for each unit and all below it.
"""

from django.db import connection, transaction

from appraisals.rollups.standing import Wrong

FOLD_LOCK = "SELECT pg_advisory_xact_lock(hashtext('appraisals_goal_fold'))"
FOLD_AT_ONCE = 200_000

_FOLD_GOALS = """
WITH taken AS (
    DELETE FROM appraisals_goaldifference WHERE id IN (
        SELECT id FROM appraisals_goaldifference ORDER BY id LIMIT %s
    ) RETURNING goal_id, straight, elements, people
), folded AS (
    INSERT INTO appraisals_goalcount AS kept (goal_id, straight, elements, people)
    SELECT goal_id, sum(straight), sum(elements), sum(people) FROM taken GROUP BY goal_id
    ON CONFLICT (goal_id) DO UPDATE SET straight = kept.straight + EXCLUDED.straight,
        elements = kept.elements + EXCLUDED.elements, people = kept.people + EXCLUDED.people
)
SELECT count(*) FROM taken
"""

# For each difference, or each unit's own count: every unit whose whole it belongs to.
_UPPER = """
JOIN orgchart_organization place ON place.id = organization_id
CROSS JOIN LATERAL unnest(CASE WHEN is_own THEN string_to_array(trim(BOTH '/' FROM place.path), '/')
    ELSE ARRAY[place.id::text] END) AS upper (id)
"""

_FOLD_UNITS = f"""
WITH taken AS (
    DELETE FROM appraisals_unitelementsdifference WHERE id IN (
        SELECT id FROM appraisals_unitelementsdifference ORDER BY id LIMIT %s
    ) RETURNING organization_id, cycle_id, elements, without_goal, is_own
), summed AS (
    SELECT organization_id, cycle_id, is_own, sum(elements) AS elements,
        sum(without_goal) AS without_goal
    FROM taken GROUP BY organization_id, cycle_id, is_own
), folded AS (
    INSERT INTO appraisals_unitelements AS kept
        (organization_id, cycle_id, elements, without_goal, own_elements, own_without_goal)
    SELECT upper.id::bigint, cycle_id, sum(elements), sum(without_goal),
        coalesce(sum(elements) FILTER (WHERE is_own AND upper.id::bigint = place.id), 0),
        coalesce(sum(without_goal) FILTER (WHERE is_own AND upper.id::bigint = place.id), 0)
    FROM summed {_UPPER} GROUP BY upper.id, cycle_id
    ON CONFLICT (organization_id, cycle_id) DO UPDATE SET
        elements = kept.elements + EXCLUDED.elements,
        without_goal = kept.without_goal + EXCLUDED.without_goal,
        own_elements = kept.own_elements + EXCLUDED.own_elements,
        own_without_goal = kept.own_without_goal + EXCLUDED.own_without_goal
)
SELECT count(*) FROM taken
"""  # noqa: S608  a constant from above

_GOALS = """
WITH RECURSIVE reach AS (
    SELECT id AS start, id FROM appraisals_goal
    UNION
    SELECT reach.start, g.serves_id FROM reach
    JOIN appraisals_goal g ON g.id = reach.id WHERE g.serves_id IS NOT NULL
), held AS (
    SELECT d.appraisal_id, e.goal_id, count(*) AS elements FROM appraisals_element e
    JOIN appraisals_document d ON d.id = e.plan_id AND d.state <> 'closed'
    WHERE e.accepted AND e.removed_at IS NULL AND e.goal_id IS NOT NULL
    GROUP BY d.appraisal_id, e.goal_id
)
SELECT reach.id AS goal_id,
    coalesce(sum(held.elements) FILTER (WHERE reach.start = reach.id), 0) AS straight,
    sum(held.elements) AS elements, count(DISTINCT held.appraisal_id) AS people
FROM held JOIN reach ON reach.start = held.goal_id GROUP BY reach.id
"""

_UNITS = f"""
SELECT upper.id::bigint AS organization_id, cycle_id,
    sum(elements) AS elements, sum(without_goal) AS without_goal,
    coalesce(sum(elements) FILTER (WHERE upper.id::bigint = place.id), 0) AS own_elements,
    coalesce(sum(without_goal) FILTER (WHERE upper.id::bigint = place.id), 0) AS own_without_goal
FROM (
    SELECT a.organization_id, a.cycle_id, count(*) AS elements,
        count(*) FILTER (WHERE e.goal_id IS NULL) AS without_goal, TRUE AS is_own
    FROM appraisals_element e
    JOIN appraisals_document d ON d.id = e.plan_id AND d.state <> 'closed'
    JOIN appraisals_appraisal a ON a.id = d.appraisal_id
    WHERE e.accepted AND e.removed_at IS NULL GROUP BY a.organization_id, a.cycle_id
) AS own {_UPPER} GROUP BY upper.id, cycle_id
"""  # noqa: S608  a constant from above

_WRONG_GOALS = f"""
WITH counted AS ({_GOALS}), known AS (
    SELECT goal_id, sum(straight) AS straight, sum(elements) AS elements, sum(people) AS people
    FROM (
        SELECT goal_id, straight, elements, people FROM appraisals_goalcount
        UNION ALL SELECT goal_id, straight, elements, people FROM appraisals_goaldifference
    ) AS either GROUP BY goal_id
)
SELECT coalesce(g.title, goal_id::text), coalesce(place.code, 'gone'), figure.name, figure.kept,
    figure.counted
FROM counted FULL JOIN known USING (goal_id)
LEFT JOIN appraisals_goal g ON g.id = goal_id
LEFT JOIN orgchart_organization place ON place.id = g.organization_id
CROSS JOIN LATERAL (VALUES
    ('elements straight', coalesce(known.straight, 0), coalesce(counted.straight, 0)),
    ('elements', coalesce(known.elements, 0), coalesce(counted.elements, 0)),
    ('people', coalesce(known.people, 0), coalesce(counted.people, 0))
) AS figure (name, kept, counted)
WHERE figure.kept <> figure.counted
ORDER BY goal_id, figure.name LIMIT %s
"""  # noqa: S608  a constant from above

_WRONG_UNITS = f"""
WITH counted AS ({_UNITS}), known AS (
    SELECT organization_id, cycle_id, sum(elements) AS elements, sum(without_goal) AS without_goal,
        sum(own_elements) AS own_elements, sum(own_without_goal) AS own_without_goal
    FROM (
        SELECT organization_id, cycle_id, elements, without_goal, own_elements, own_without_goal
        FROM appraisals_unitelements
        UNION ALL
        SELECT upper.id::bigint, cycle_id, elements, without_goal,
            CASE WHEN is_own AND upper.id::bigint = place.id THEN elements ELSE 0 END,
            CASE WHEN is_own AND upper.id::bigint = place.id THEN without_goal ELSE 0 END
        FROM appraisals_unitelementsdifference {_UPPER}
    ) AS either GROUP BY organization_id, cycle_id
)
SELECT place.code, c.name, figure.name, figure.kept, figure.counted
FROM counted FULL JOIN known USING (organization_id, cycle_id)
LEFT JOIN orgchart_organization place ON place.id = organization_id
LEFT JOIN appraisals_appraisalcycle c ON c.id = cycle_id
CROSS JOIN LATERAL (VALUES
    ('elements', coalesce(known.elements, 0), coalesce(counted.elements, 0)),
    ('elements that serve none', coalesce(known.without_goal, 0), coalesce(counted.without_goal, 0)),
    ('own elements', coalesce(known.own_elements, 0), coalesce(counted.own_elements, 0)),
    ('own elements that serve none', coalesce(known.own_without_goal, 0),
        coalesce(counted.own_without_goal, 0))
) AS figure (name, kept, counted)
WHERE figure.kept <> figure.counted
ORDER BY place.code, c.name, figure.name LIMIT %s
"""  # noqa: S608  a constant from above


def fold() -> int:
    """Move what is not folded yet into the kept counts; how many differences that were."""
    folded = 0
    while taken := _fold_some():
        folded += taken
    return folded


@transaction.atomic
def _fold_some() -> int:
    taken = 0
    with connection.cursor() as cursor:
        cursor.execute(FOLD_LOCK)
        for statement in (_FOLD_GOALS, _FOLD_UNITS):
            cursor.execute(statement, [FOLD_AT_ONCE])
            taken += int(cursor.fetchone()[0])
    return taken


@transaction.atomic
def rebuild() -> None:
    """Forget what is kept and count everything again; nobody else writes an element meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD_LOCK)
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(
            "LOCK TABLE appraisals_element, appraisals_goal, appraisals_appraisal, "
            "orgchart_organization IN SHARE ROW EXCLUSIVE MODE"
        )
        for table in ("goaldifference", "goalcount", "unitelementsdifference", "unitelements"):
            cursor.execute(f"DELETE FROM appraisals_{table}")  # noqa: S608  a name from above
        cursor.execute(
            f"INSERT INTO appraisals_goalcount (goal_id, straight, elements, people) {_GOALS}"
        )
        cursor.execute(
            "INSERT INTO appraisals_unitelements (organization_id, cycle_id, elements, "
            f"without_goal, own_elements, own_without_goal) {_UNITS}"
        )


def check(most: int = 100) -> list[Wrong]:
    """What is kept against a full count of the elements themselves; [] when all is right."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG_GOALS, [most])
        found = [
            Wrong(f"{figure} of “{title}” ({code})", str(kept), str(counted))
            for title, code, figure, kept, counted in cursor.fetchall()
        ]
        cursor.execute(_WRONG_UNITS, [most])
        found += [
            Wrong(f"{figure} of {code} and below in {cycle}", str(kept), str(counted))
            for code, cycle, figure, kept, counted in cursor.fetchall()
        ]
    return found[:most]
