from django.db import migrations

PARTS = ("clock", "task", "request", "reporter", "rating")
AGGREGATES = ", ".join(
    f"(SELECT jsonb_object_agg(p.name, to_jsonb(p)) FROM cases_{part} p WHERE p.case_id = c.id)"
    for part in PARTS
)
RESULT = "TABLE (columns jsonb, head bytea, " + ", ".join(f"{part}s jsonb" for part in PARTS) + ")"
SELECT = f"SELECT to_jsonb(c) - 'head', c.head, {AGGREGATES} FROM cases_case c WHERE c.id = ANY(ids)"

# In a volatile function each statement sees what was committed before it began: what is read after the lock
# is what the lock has waited for.
CREATE = f"""
CREATE FUNCTION cases_read(ids uuid[]) RETURNS {RESULT} LANGUAGE sql STABLE AS $$ {SELECT} $$;
CREATE FUNCTION cases_locked(ids uuid[]) RETURNS {RESULT} LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM 1 FROM cases_case c WHERE c.id = ANY(ids) ORDER BY c.id FOR UPDATE;
    RETURN QUERY {SELECT};
END $$;
"""
DROP = "DROP FUNCTION cases_locked(uuid[]); DROP FUNCTION cases_read(uuid[]);"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
