from django.db import migrations

# json instead of jsonb: clocks that are only read out are not taken apart and sorted first.
CREATE = """
DROP FUNCTION cases_due(timestamptz, integer);
CREATE FUNCTION cases_due(moment timestamptz, most integer)
RETURNS TABLE (id uuid, seq integer, head bytea, county varchar, level integer, clocks json)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    due uuid[] := ARRAY(
        SELECT c.id FROM cases_case c WHERE c.id IN (
            SELECT k.case_id FROM cases_clock k WHERE k.next_at <= moment ORDER BY k.next_at LIMIT most
        ) FOR UPDATE OF c SKIP LOCKED);
    ended uuid[] := ARRAY(
        SELECT c.id FROM cases_case c WHERE c.suspended_until <= moment
        ORDER BY c.suspended_until LIMIT most FOR UPDATE OF c SKIP LOCKED);
BEGIN
    RETURN QUERY SELECT c.id, c.seq, c.head, c.county, c.level,
        (SELECT json_object_agg(k.name, to_json(k)) FROM cases_clock k
         WHERE k.case_id = c.id AND k.next_at <= moment)
    FROM cases_case c WHERE c.id = ANY(due);
    RETURN QUERY SELECT c.id, c.seq, c.head, c.county, c.level, NULL::json FROM cases_case c WHERE c.id = ANY(ended);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_agreed")]
    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
