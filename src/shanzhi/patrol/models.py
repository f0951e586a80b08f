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
    """A visit to be made (走访): to whom, of which kind, by which day, by whom; its case says what came of it.

    Without a `worker` it is for whoever works in the area. `closed_at` once its case has ended, whether anybody was
    met or it was called off; until then the person has no second one of this kind.
    """

    case = models.UUIDField(primary_key=True, db_column="case_id")
    person = models.UUIDField()
    kind = models.CharField(max_length=40)
    area = models.CharField(max_length=15, db_collation="C", default="")
    worker = models.BigIntegerField(null=True)
    due = models.DateField()
    done_at = models.DateTimeField(null=True)
    met = models.BooleanField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("person", "kind", name="patrol_visit_person"),
            models.Index(
                "area", "due", condition=models.Q(closed_at__isnull=True), name="patrol_visit_waiting"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(closed_at__isnull=True),
                name="patrol_visit_open_once",
            )
        ]


class Regular(models.Model):
    """Somebody is on the list of regular visits (定期走访名册) of a kind, taken onto it by a person, not by a rule.

    `last` is the day on which the last visit was made or called off, none while one waits. Where he lives is said by
    the case of his last visit. Purpose and legal ground are the kind's (`patrol.yaml`).
    """

    person = models.UUIDField()
    kind = models.CharField(max_length=40)
    area = models.CharField(max_length=15, db_collation="C")
    worker = models.BigIntegerField(null=True)
    since = models.DateField()
    last = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                "kind",
                "last",
                condition=models.Q(ended_at__isnull=True, last__isnull=False),
                name="patrol_regular_next",
            ),
            models.Index("area", condition=models.Q(ended_at__isnull=True), name="patrol_regular_area"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="patrol_regular_once",
            )
        ]
