from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0003_roads")]

    operations = [
        migrations.CreateModel(
            name="Missed",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case", "day", "part", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("case", models.UUIDField(db_column="case_id")),
                ("day", models.CharField(max_length=10)),
                ("part", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "dispatch_missed"},
        ),
    ]
