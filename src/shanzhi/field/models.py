"""What the door keeps of the telephones in the street."""

from django.db import models


class Phone(models.Model):
    """A telephone (终端) on which an account works: when it was last heard, how its clock goes, what waits on it."""

    account = models.BigIntegerField()
    device = models.CharField(max_length=36)
    seen_at = models.DateTimeField()
    offset_ms = models.BigIntegerField()
    waiting = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "device"], name="field_phone_once")]


class Act(models.Model):
    """Something done in the street (现场操作), with both times: the telephone's own and ours when it arrived.

    `done_at` is the telephone's time put right by what its clock was off at the next contact. `seq` counts on each
    telephone. A position without an accuracy was chosen by hand.
    """

    account = models.BigIntegerField()
    device = models.CharField(max_length=36)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    case = models.UUIDField(null=True, db_column="case_id")
    said_at = models.DateTimeField()
    done_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)
    away_m = models.FloatField(null=True)

    class Meta:
        indexes = [
            models.Index("account", models.F("arrived_at").desc(), name="field_act_account"),
            models.Index("case", condition=models.Q(case__isnull=False), name="field_act_case"),
        ]
        constraints = [models.UniqueConstraint(fields=["account", "device", "seq"], name="field_act_once")]
