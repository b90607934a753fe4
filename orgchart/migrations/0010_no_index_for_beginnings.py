from django.db import migrations

# Django makes these with every unique text, for LIKE. Nobody looks for the beginning of a DoD ID or
# of a code here: the directory finds people, and a whole roster pays for both.
LIKE = """
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT indexname FROM pg_indexes
        WHERE indexname LIKE 'orgchart_person_dod_id_%_like'
           OR indexname LIKE 'orgchart_organization_code_%_like'
    LOOP
        EXECUTE format('DROP INDEX %I', name);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("orgchart", "0009_units_found_where_they_stand")]

    operations = [migrations.RunSQL(LIKE, migrations.RunSQL.noop)]
