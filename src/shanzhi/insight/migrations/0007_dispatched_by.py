from django.db import migrations

from shanzhi.insight.view import VIEW


class Migration(migrations.Migration):
    """Who agrees on a time, or gives a case to a person, has not dispatched it."""

    dependencies = [("insight", "0006_people")]

    operations = [migrations.RunSQL(VIEW, migrations.RunSQL.noop)]
