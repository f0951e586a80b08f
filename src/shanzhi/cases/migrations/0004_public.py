from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_suspended"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("opened_at").desc(),
                models.F("id").desc(),
                condition=models.Q(("public", True)),
                name="cases_public",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index("lat", "lon", condition=models.Q(("public", True)), name="cases_public_place"),
        ),
    ]
