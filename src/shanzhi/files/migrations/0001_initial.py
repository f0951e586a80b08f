from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=32)),
                ("size", models.BigIntegerField()),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("before", "Before"), ("after", "After"), ("other", "Other")],
                        default="other",
                        max_length=8,
                    ),
                ),
                ("case", models.UUIDField(null=True)),
                ("uploaded_by", models.CharField(max_length=40)),
                ("public_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("thumbnail_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("case"), condition=models.Q(("case__isnull", False)), name="files_case"
                    )
                ],
            },
        ),
    ]
