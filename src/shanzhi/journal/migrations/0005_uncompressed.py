from django.db import migrations

# An entry is kept as it came: most are too short to be compressed at all, and of the first entries of cases, which
# are not, that saved a fifth of their place and took an eighth of PostgreSQL's time. New months are made so.
SET = """
DO $$
DECLARE part regclass;
BEGIN
    FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'journal_entry'::regclass LOOP
        EXECUTE format('ALTER TABLE %s {} (toast_tuple_target{})', part);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_follows")]
    operations = [migrations.RunSQL(SET.format("SET", " = 8160"), SET.format("RESET", ""))]
