"""Head counts and the directory of the search: kept by triggers that only note what changed."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# The same as orgchart.rules.fold; a test holds the two together.
FOLD = r"""
CREATE FUNCTION orgchart_fold(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT trim(regexp_replace(
        replace(replace(replace(replace(translate(
            regexp_replace(
                lower(normalize(given, NFKD) COLLATE "pg_c_utf8"), '[\u0300-\u036f]', '', 'g'
            ),
            'łøđðıħς', 'loddihσ'
        ), 'ß', 'ss'), 'þ', 'th'), 'æ', 'ae'), 'œ', 'oe'),
        '[^[:alnum:]]+' COLLATE "pg_c_utf8", ' ', 'g'
    ))
$$;
"""

# The words of the assignment of the day, or of the last one of who has left ("/left"), and "/5" for
# each unit 5 above. Some people, or with NULL everybody; only what differs is written.
DIRECTORY = """
CREATE FUNCTION orgchart_today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT today FROM orgchart_practiceclock), current_date)
$$;

CREATE FUNCTION orgchart_directory_write(people bigint[], today date) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
BEGIN
    EXECUTE format($sql$
        WITH place AS MATERIALIZED (
            SELECT DISTINCT ON (a.employee_id) a.employee_id, a.organization_id, a.position_title,
                   a.pay_plan, a.occupational_series, a.grade,
                   CASE WHEN a.ends_on < $2 THEN '/left' END AS gone
            FROM orgchart_assignment a WHERE a.starts_on <= $2 %s
            ORDER BY a.employee_id, a.starts_on DESC
        ), title AS MATERIALIZED (
            SELECT position_title, orgchart_fold(position_title) AS words
            FROM (SELECT DISTINCT position_title FROM place) titles
        ), unit AS MATERIALIZED (
            SELECT o.id, orgchart_fold(o.name) || replace(rtrim(o.path, '/'), '/', ' /') AS words
            FROM orgchart_organization o WHERE o.id IN (SELECT organization_id FROM place)
        )
        INSERT INTO orgchart_directoryentry (person_id, words)
        SELECT p.id, array_to_tsvector(array_remove(string_to_array(concat_ws(' ', p.search_text,
            title.words, lower(concat_ws(' ', place.pay_plan, place.occupational_series, place.grade)),
            lower(place.pay_plan || place.occupational_series || place.grade), unit.words,
            place.gone), ' '), ''))
        FROM orgchart_person p LEFT JOIN place ON place.employee_id = p.id
        LEFT JOIN title USING (position_title) LEFT JOIN unit ON unit.id = place.organization_id
        WHERE true %s
        ON CONFLICT (person_id) DO UPDATE SET words = excluded.words
        WHERE orgchart_directoryentry.words IS DISTINCT FROM excluded.words
    $sql$,
    CASE WHEN people IS NOT NULL THEN 'AND a.employee_id = ANY ($1)' END,
    CASE WHEN people IS NOT NULL THEN 'AND p.id = ANY ($1)' END) USING people, today;
    GET DIAGNOSTICS written = ROW_COUNT;
    -- Nobody types "/5", and a DoD ID is looked up where it is unique.
    IF people IS NOT NULL THEN
        INSERT INTO orgchart_directoryword (word, people)
        SELECT DISTINCT word, 1
        FROM orgchart_directoryentry, unnest(tsvector_to_array(words)) word
        WHERE person_id = ANY (people) AND word !~ '^/|^[0-9]{10}$'
        ON CONFLICT DO NOTHING;
    ELSIF written > 0 THEN
        INSERT INTO orgchart_directoryword (word, people)
        SELECT word, count(*) FROM orgchart_directoryentry, unnest(tsvector_to_array(words)) word
        WHERE left(word, 1) <> '/' AND (length(word) <> 10 OR word !~ '^[0-9]{10}$')
        GROUP BY word
        ON CONFLICT (word) DO UPDATE SET people = excluded.people;
    END IF;
    RETURN written;
END $$;

CREATE FUNCTION orgchart_directory_note(people bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(people) <= 200 THEN
        PERFORM orgchart_directory_write(people, orgchart_today());
    ELSIF cardinality(people) <= 20000 THEN
        INSERT INTO orgchart_directorydue (person_id) SELECT unnest(people);
    ELSE
        INSERT INTO orgchart_directorydue (person_id) VALUES (NULL);
    END IF;
END $$;
"""

# A statement's rows at once. EXECUTE plans anew each time, as in 0002.
NOTED = """
CREATE FUNCTION orgchart_assignment_noted() RETURNS trigger LANGUAGE plpgsql AS $$
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
            WHERE starts_on > orgchart_today()
            UNION SELECT ends_on + 1 FROM changed WHERE ends_on >= orgchart_today()';
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

CREATE TRIGGER assignment_noted_insert AFTER INSERT ON orgchart_assignment
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION orgchart_assignment_noted();
CREATE TRIGGER assignment_noted_update AFTER UPDATE ON orgchart_assignment
REFERENCING OLD TABLE AS was NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION orgchart_assignment_noted();
CREATE TRIGGER assignment_noted_delete AFTER DELETE ON orgchart_assignment
REFERENCING OLD TABLE AS was
FOR EACH STATEMENT EXECUTE FUNCTION orgchart_assignment_noted();

-- Who is new is found from the first assignment on.
CREATE FUNCTION orgchart_person_noted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people bigint[];
BEGIN
    EXECUTE 'SELECT array_agg(n.id) FROM was o JOIN added n USING (id)
        WHERE o.search_text <> n.search_text' INTO people;
    IF people IS NOT NULL THEN
        PERFORM orgchart_directory_note(people);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER person_noted_update AFTER UPDATE ON orgchart_person
REFERENCING OLD TABLE AS was NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION orgchart_person_noted();

-- A moved unit's paths are written by the trigger of 0002, whose statement comes here as well.
CREATE FUNCTION orgchart_organization_noted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people bigint[];
BEGIN
    EXECUTE 'SELECT array_agg(DISTINCT a.employee_id) FROM was o JOIN added n USING (id)
        JOIN orgchart_assignment a ON a.organization_id = n.id
        WHERE (o.code, o.name, o.path) IS DISTINCT FROM (n.code, n.name, n.path)' INTO people;
    IF people IS NOT NULL THEN
        PERFORM orgchart_directory_note(people);
    END IF;
    EXECUTE 'INSERT INTO orgchart_headcountchange (day) SELECT ''0001-01-01''::date
        WHERE EXISTS (SELECT 1 FROM was o JOIN added n USING (id) WHERE o.path <> n.path)';
    RETURN NULL;
END $$;

CREATE TRIGGER organization_noted_update AFTER UPDATE ON orgchart_organization
REFERENCING OLD TABLE AS was NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION orgchart_organization_noted();

INSERT INTO orgchart_kept (id) VALUES (1);
"""

REVERSE = """
DROP TRIGGER organization_noted_update ON orgchart_organization;
DROP FUNCTION orgchart_organization_noted;
DROP TRIGGER person_noted_update ON orgchart_person;
DROP FUNCTION orgchart_person_noted;
DROP TRIGGER assignment_noted_delete ON orgchart_assignment;
DROP TRIGGER assignment_noted_update ON orgchart_assignment;
DROP TRIGGER assignment_noted_insert ON orgchart_assignment;
DROP FUNCTION orgchart_assignment_noted;
DROP FUNCTION orgchart_directory_note;
DROP FUNCTION orgchart_directory_write;
DROP FUNCTION orgchart_today;
DROP FUNCTION orgchart_fold;
"""


class Migration(migrations.Migration):
    dependencies = [("orgchart", "0003_reorganizations")]

    operations = [
        migrations.CreateModel(
            name="Kept",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("headcounts_on", models.DateField(null=True)),
                ("directory_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="kept_only_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Headcount",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="orgchart.organization",
                    ),
                ),
                ("here", models.IntegerField(default=0)),
                ("below", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="HeadcountChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgchart.organization",
                    ),
                ),
                ("day", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="DirectoryEntry",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="directory_entry",
                        serialize=False,
                        to="orgchart.person",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], name="directory_words"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DirectoryDue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgchart.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DirectoryWord",
            fields=[
                (
                    "word",
                    models.TextField(db_collation="C", primary_key=True, serialize=False),
                ),
                ("people", models.IntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(FOLD + DIRECTORY + NOTED, REVERSE),
        # The directory is not filled here but by the first sweep: it may take half a minute.
        migrations.RunSQL(
            "INSERT INTO orgchart_directorydue (person_id) VALUES (NULL)", migrations.RunSQL.noop
        ),
    ]
