"""Tables of rounds and visits; that they happened stands in the journals of their cases."""

from django.db import models


class SettingRow(models.Model):
    """What the pack says (`patrol.yaml`)."""

    name = models.CharField(primary_key=True, max_length=20)
    body = models.JSONField()

    class Meta:
        db_table = "patrol_setting"


class Round(models.Model):
    """A round (巡查) of somebody: the points he was to pass. `id` is made on the telephone, before we hear of it."""

    id = models.UUIDField(primary_key=True)
    case = models.UUIDField(unique=True, db_column="case_id")
    account = models.BigIntegerField()
    area = models.CharField(max_length=15, db_collation="C")
    expected = models.JSONField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    metres = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index("area", models.F("began_at").desc(), name="patrol_round_area")]


class Pass(models.Model):
    """That somebody stood at a point (到点打卡): how he showed it, where his telephone was, what he found."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    point = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.CharField(max_length=8)
    away_m = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)
    answers = models.JSONField()
    words = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index("point", models.F("at").desc(), name="patrol_pass_point")]
        constraints = [models.UniqueConstraint(fields=["round", "point"], name="patrol_pass_once")]


class Track(models.Model):
    """A part of the way of a round (轨迹): pairs of degrees with their times, thinned on the telephone."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    points = models.JSONField()


class Visit(models.Model):
    """A visit to be made (走访): to whom, of which kind, by which day; its case says what came of it."""

    case = models.UUIDField(primary_key=True, db_column="case_id")
    person = models.UUIDField()
    kind = models.CharField(max_length=40)
    due = models.DateField()
    done_at = models.DateTimeField(null=True)
    met = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index("person", "kind", name="patrol_visit_person")]
