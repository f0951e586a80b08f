"""The words of the newest cases name their day too: the first windows of a search look for it."""

from django.db import migrations

FORWARD = """
UPDATE cases_search s SET words = s.words
    || array_to_tsvector(ARRAY['@' || to_char(c.opened_at AT TIME ZONE 'UTC', 'YYYYMMDD')])
FROM cases_case c WHERE c.id = s.case_id AND c.opened_at > now() - interval '15 days'
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_wide_lists")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
