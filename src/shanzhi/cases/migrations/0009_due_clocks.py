from django.db import migrations

# As in `cases_locked`: what is read after the lock is what the lock has waited for, in one round trip.
CREATE = """
CREATE FUNCTION cases_due(moment timestamptz, most integer)
RETURNS TABLE (id uuid, seq integer, head bytea, county varchar, level integer, clocks jsonb)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE locked uuid[] := ARRAY(
    SELECT c.id FROM cases_case c WHERE c.id IN (
        SELECT k.case_id FROM cases_clock k WHERE k.next_at <= moment ORDER BY k.next_at LIMIT most
    ) FOR UPDATE OF c SKIP LOCKED);
BEGIN
    RETURN QUERY SELECT c.id, c.seq, c.head, c.county, c.level,
        (SELECT jsonb_object_agg(k.name, to_jsonb(k)) FROM cases_clock k
         WHERE k.case_id = c.id AND k.next_at <= moment)
    FROM cases_case c WHERE c.id = ANY(locked);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_days")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION cases_due(timestamptz, integer);")]
