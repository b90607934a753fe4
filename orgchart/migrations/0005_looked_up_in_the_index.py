from django.db import migrations

# The planner takes a list of rare words for a common one and would read everybody. EXECUTE plans
# for these very words.
FIND = """
CREATE FUNCTION orgchart_directory_find(looked_up tsquery, read_off tsquery, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT person_id FROM orgchart_directoryentry WHERE words @@ $1'
        || CASE WHEN read_off IS NOT NULL THEN ' AND (words @@ $2) IS TRUE' ELSE '' END
        || ' LIMIT $3' USING looked_up, read_off, most;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("orgchart", "0004_kept_for_finding")]

    operations = [migrations.RunSQL(FIND, "DROP FUNCTION orgchart_directory_find")]
