from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grids", "0002_numbers")]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("leave", models.BigIntegerField(db_column="leave_id", primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("account", models.BigIntegerField()),
                ("substitutes", models.IntegerField(default=0)),
                ("team", models.IntegerField(default=0)),
                ("stayed", models.IntegerField(default=0)),
            ],
            options={"db_table": "grids_handover"},
        ),
    ]
