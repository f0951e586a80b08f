from django.db import migrations

from shanzhi.insight.view import VIEW


class Migration(migrations.Migration):
    dependencies = [
        ("insight", "0001_initial"),
        ("cases", "0006_open_place"),
        ("journal", "__first__"),
    ]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW insight_case")]
