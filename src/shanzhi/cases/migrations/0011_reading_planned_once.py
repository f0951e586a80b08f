from django.db import migrations

# PostgreSQL thinks that a list of ids it does not know is long, and so plans anew for each call, which takes longer
# than to read a case: hence the setting, which holds within the functions only. JSON that is sent and not worked with
# is made faster as `json` than as `jsonb`.
PARTS = ("clock", "task", "request", "reporter", "rating")
RESULT = "TABLE (columns json, head bytea, " + ", ".join(f"{part}s json" for part in PARTS) + ")"
PLANNED_ONCE = "SET plan_cache_mode = force_generic_plan"
AGGREGATES = ", ".join(
    f"(SELECT json_object_agg(p.name, row_to_json(p)) FROM cases_{part} p WHERE p.case_id = c.id)"
    for part in PARTS
)
SELECT = f"SELECT row_to_json(c), c.head, {AGGREGATES} FROM cases_case c WHERE c.id = ANY(ids)"
CREATE = f"""
DROP FUNCTION cases_read(uuid[]);
DROP FUNCTION cases_locked(uuid[]);
CREATE FUNCTION cases_read(ids uuid[]) RETURNS {RESULT} LANGUAGE plpgsql STABLE {PLANNED_ONCE} AS $$
BEGIN
    RETURN QUERY {SELECT};
END $$;
CREATE FUNCTION cases_locked(ids uuid[]) RETURNS {RESULT} LANGUAGE plpgsql VOLATILE {PLANNED_ONCE} AS $$
BEGIN
    PERFORM 1 FROM cases_case c WHERE c.id = ANY(ids) ORDER BY c.id FOR UPDATE;
    RETURN QUERY {SELECT};
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_due_at_once")]
    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
