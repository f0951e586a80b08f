"""The words of each case, kept by a reader of the journal."""

from django.db import migrations

FORWARD = """
CREATE TABLE cases_search (case_id uuid NOT NULL PRIMARY KEY, words tsvector NOT NULL);
CREATE INDEX cases_search_words ON cases_search USING gin (words);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_public")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE cases_search")]
