"""Third-party evaluation: what was drawn, from what, and for whom."""

from django.db import models


class Survey(models.Model):
    """A survey (第三方评估): a random sample of the cases closed in a period, evaluated by outsiders.

    `seed`, `population` and `frame` (SHA-256 of the ids drawn from, in order) are published, so that anybody
    with the list of cases can draw again and get the same sample.
    """

    title = models.CharField(max_length=120)
    first = models.DateField()
    last = models.DateField()
    area = models.CharField(max_length=15)
    type = models.TextField(blank=True)
    size = models.IntegerField()
    seed = models.CharField(max_length=64)
    population = models.IntegerField()
    frame = models.CharField(max_length=64)
    drawn_by = models.TextField()
    drawn_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class Pick(models.Model):
    """One case of a sample, and the evaluator whose window it is in."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+")
    number = models.IntegerField()
    case = models.UUIDField(db_column="case_id")
    evaluator = models.BigIntegerField()
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="surveys_pick_number"),
            models.UniqueConstraint(fields=["survey", "case"], name="surveys_pick_once"),
        ]
        indexes = [models.Index("evaluator", "survey", name="surveys_evaluator")]
