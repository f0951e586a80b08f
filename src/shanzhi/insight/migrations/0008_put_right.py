import django.db.models.deletion
from django.db import migrations, models

KNOWN = """INSERT INTO insight_left_out (account, case_id, contest_id)
    SELECT DISTINCT ON (account, case_id) account, case_id, id FROM insight_contest
    WHERE left_out AND case_id IS NOT NULL ORDER BY account, case_id, id"""


class Migration(migrations.Migration):
    dependencies = [("insight", "0007_dispatched_by")]

    operations = [
        migrations.AddField("contest", "n_more", models.IntegerField(null=True)),
        migrations.AddField("contest", "of_more", models.IntegerField(null=True)),
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "case", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.BigIntegerField()),
                ("case", models.UUIDField(db_column="case_id")),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="insight.contest"
                    ),
                ),
            ],
            options={"db_table": "insight_left_out"},
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
