import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case", models.UUIDField(db_column="case_id", null=True)),
                ("entry", models.UUIDField()),
                ("kind", models.TextField()),
                ("data", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("account"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="notices_inbox",
                    ),
                    models.Index(
                        models.F("account"),
                        condition=models.Q(("read_at__isnull", True)),
                        name="notices_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "entry", "kind"), name="notices_once")
                ],
            },
        ),
    ]
