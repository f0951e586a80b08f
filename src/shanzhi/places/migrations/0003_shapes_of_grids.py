import django.db.models.functions.datetime
from django.db import migrations, models

FIRST = """INSERT INTO places_grid_shape (code, name, outline, since, until, how, ground_from)
SELECT code, name, outline, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date, NULL, 'pack', '[]'
FROM places_area WHERE level = 'grid' AND open AND outline IS NOT NULL"""


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0002_names_of_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="GridShape",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=15)),
                ("name", models.CharField(max_length=100)),
                ("outline", models.BinaryField()),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("how", models.CharField(max_length=16)),
                ("ground_from", models.JSONField(default=list)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "places_grid_shape",
                "indexes": [models.Index(fields=["code", "since"], name="places_grid_shape_code")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("code",),
                        name="places_grid_shape_now",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="places_grid_shape_order",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
