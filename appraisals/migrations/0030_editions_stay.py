from django.conf import settings
from django.db import migrations

# In the time zone of the program: in UTC tomorrow begins while an edition of tomorrow can still be withdrawn.
STAYS = f"""
CREATE FUNCTION appraisals_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.effective_on > coalesce(
        (SELECT today FROM orgchart_practiceclock), (now() AT TIME ZONE '{settings.TIME_ZONE}')::date
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a policy edition stays as it was scheduled, and from its day on it stays'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_policy_edition_stays';
END $$;

CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON appraisals_policyedition
FOR EACH ROW EXECUTE FUNCTION appraisals_edition_stays();
"""
MAY_CHANGE = """
DROP TRIGGER stays ON appraisals_policyedition;
DROP FUNCTION appraisals_edition_stays;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("appraisals", "0029_talk_all_year"),
        ("orgchart", "0012_codes_begin"),
    ]

    operations = [migrations.RunSQL(STAYS, MAY_CHANGE)]
