from django.db import migrations

# Ends a statement that would write over what somebody else has written since: all of it is undone.
CREATE = """
CREATE FUNCTION journal_follows(written bigint, meant integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF written <> meant THEN
        RAISE EXCEPTION 'overtaken: % of % rows stand as they were read', written, meant USING ERRCODE = 'SZ001';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_ticker")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION journal_follows(bigint, integer)")]
