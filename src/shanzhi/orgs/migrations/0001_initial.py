import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="RoleRow",
            fields=[
                ("code", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("title", models.JSONField()),
                ("reach", models.CharField(max_length=8)),
                ("staff", models.BooleanField()),
                ("rights", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("resident", "Resident"), ("staff", "Staff")],
                        default="resident",
                        max_length=8,
                    ),
                ),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
                ("phone", models.BinaryField(null=True)),
                ("language", models.CharField(default="zh-hans", max_length=8)),
                ("large_text", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("demo_password", models.CharField(blank=True, default="", max_length=64)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("username", django.db.models.functions.text.Lower("username"))),
                        name="orgs_account_username_lower",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Bucket",
            fields=[
                ("key", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("tokens", models.FloatField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="orgs_bucket_at")],
            },
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("key_hash", models.BinaryField(unique=True)),
                ("per_minute", models.IntegerField(default=600)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Org",
            fields=[
                ("key", models.CharField(db_collation="C", max_length=64, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=32)),
                ("area", models.CharField(db_collation="C", max_length=15)),
                ("open", models.BooleanField(default=True)),
                (
                    "parent",
                    models.ForeignKey(
                        db_column="parent",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="orgs.org",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GrantRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=32)),
                ("area", models.CharField(db_collation="C", default="", max_length=15)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgs.client",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        db_column="org",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="orgs.org",
                    ),
                ),
            ],
            options={
                "db_table": "orgs_grant",
            },
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_minute__gt", 0)), name="orgs_client_rate"
            ),
        ),
        migrations.AddIndex(
            model_name="org",
            index=models.Index(fields=["area"], name="orgs_org_area"),
        ),
        migrations.AddConstraint(
            model_name="grantrow",
            constraint=models.UniqueConstraint(
                fields=("account", "client", "role", "area", "org"),
                name="orgs_grant_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="grantrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", False), ("client__isnull", True)),
                    models.Q(("account__isnull", True), ("client__isnull", False)),
                    _connector="OR",
                ),
                name="orgs_grant_holder",
            ),
        ),
    ]
