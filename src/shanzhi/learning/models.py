"""Tables of what is learnt from, and of what was learnt."""

from django.db import models
from django.db.models import Q


class ExampleRow(models.Model):
    """An example of a pack (种子样例): a text and the category it belongs to; written or generated, not a case."""

    key = models.CharField(primary_key=True, max_length=20)
    category = models.CharField(max_length=9, db_collation="C")
    title = models.TextField(blank=True)
    text = models.TextField()
    urgency = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "learning_example"


class Correction(models.Model):
    """What a person chose where a model had proposed something else (人工修正): an example to learn from.

    `text` is masked; `name` says of which model (category, urgency). Never changed.
    """

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=40)
    text = models.TextField()
    proposed = models.TextField()
    probability = models.FloatField(null=True)
    chosen = models.TextField()
    case = models.UUIDField(null=True)
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("name", models.F("at").desc(), name="learning_corrected")]


class ModelVersion(models.Model):
    """A trained model (模型版本): what it was trained on, how good it is, and whether it runs.

    Its arrays lie in `SHANZHI_HOME/models/NAME/VERSION`; `digest` is the SHA-256 of them. `report` holds how it
    did on the held-out slice, `compared` how the version that ran before did on the same slice.
    """

    name = models.CharField(max_length=40)
    version = models.IntegerField()
    digest = models.CharField(max_length=64)
    labels = models.IntegerField()
    trained_on = models.IntegerField()
    report = models.JSONField()
    compared = models.JSONField(null=True)
    running = models.BooleanField(default=False)
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="learning_version_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(running=True), name="learning_one_runs"),
        ]
