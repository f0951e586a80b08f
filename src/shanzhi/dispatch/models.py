"""Tables of the dispatch: shifts, last known places, the plan of the last run, and the dispatcher's word."""

from django.db import models
from django.db.models import F, Q


class SettingRow(models.Model):
    """The dispatch's part of a pack (dispatch.yaml), one row."""

    name = models.TextField(primary_key=True)
    body = models.JSONField()

    class Meta:
        db_table = "dispatch_setting"


class RoadsRow(models.Model):
    """The graph of roads of a pack, packed; `digest` of its files, and what they come from."""

    name = models.TextField(primary_key=True)
    digest = models.CharField(max_length=64)
    source = models.TextField()
    nodes = models.IntegerField()
    ways = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        db_table = "dispatch_roads"


class Shift(models.Model):
    """A shift (班次): who works for which organisation from when until when, how he gets about, what he can and
    brings along, how many tasks may lie with him. `area` is where he starts from while nobody knows where he is."""

    id = models.UUIDField(primary_key=True)
    account = models.BigIntegerField()
    org = models.TextField()
    area = models.CharField(max_length=15, db_collation="C", default="")
    start = models.DateTimeField()
    end = models.DateTimeField()
    mode = models.TextField()
    skills = models.JSONField(default=list)
    capacity = models.IntegerField(default=3)
    generated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="dispatch_shift_ends"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="dispatch_shift_capacity"),
            models.UniqueConstraint(fields=["account", "start"], name="dispatch_shift_once"),
        ]
        indexes = [
            models.Index("end", "start", name="dispatch_shift_now"),
            models.Index("org", "start", name="dispatch_shift_org"),
        ]


class Whereabouts(models.Model):
    """The last known place of somebody on shift (位置), personal data: one row, overwritten, kept for a while after
    the shift and in no journal. `doubt` is a place that he could not have reached; the next one tells."""

    account = models.BigIntegerField(primary_key=True)
    lon = models.FloatField()
    lat = models.FloatField()
    accuracy = models.FloatField()
    at = models.DateTimeField()
    until = models.DateTimeField()
    doubt = models.JSONField(null=True)
    generated = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index("until", name="dispatch_place_until")]


class Run(models.Model):
    """The last run (计划) for the people of one organisation; `failed_at` since it finds nothing any more."""

    org = models.TextField(primary_key=True)
    at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    took_ms = models.IntegerField(default=0)
    workers = models.IntegerField(default=0)
    tasks = models.IntegerField(default=0)
    given = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)


class Planned(models.Model):
    """What the last run says of an open task: for whom (or why for nobody), when he is there, why he.

    `assigned` once the run itself gave it to him: then a later run may think again until he has begun.
    """

    pk = models.CompositePrimaryKey("case", "place")
    case = models.UUIDField(db_column="case_id")
    place = models.IntegerField(default=0)  # a task for two has two rows
    org = models.TextField()
    account = models.BigIntegerField(null=True)
    assigned = models.BooleanField(default=False)
    arrival = models.DateTimeField(null=True)
    travel = models.FloatField(null=True)  # minutes
    why = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        db_table = "dispatch_planned"
        indexes = [
            models.Index("org", name="dispatch_planned_org"),
            models.Index("account", condition=Q(account__isnull=False), name="dispatch_planned_account"),
        ]


class Word(models.Model):
    """What the dispatcher said (指定/禁派): this task for this person, or never; until when, and why."""

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()  # pin, forbid
    case = models.UUIDField(db_column="case_id")
    account = models.BigIntegerField()
    org = models.TextField()
    by = models.TextField()
    why = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["pin", "forbid"]), name="dispatch_word_kind"),
            models.UniqueConstraint(
                fields=["case", "account", "kind"],
                condition=Q(lifted_at__isnull=True),
                name="dispatch_word_once",
            ),
        ]
        indexes = [
            models.Index("org", "until", condition=Q(lifted_at__isnull=True), name="dispatch_word_org")
        ]


class Worked(models.Model):
    """What somebody has finished on a day, in tasks and in minutes that such work is expected to take: a fair share is
    reckoned from this, and who is slow is not spared. Kept by a reader of the journal; can be made again."""

    pk = models.CompositePrimaryKey("account", "day")
    account = models.BigIntegerField()
    day = models.DateField()
    tasks = models.IntegerField(default=0)
    minutes = models.FloatField(default=0)


class Missed(models.Model):
    """That nobody came at a time agreed with a resident (失约) was told: each time agreed is told of once."""

    pk = models.CompositePrimaryKey("case", "day", "part")
    case = models.UUIDField(db_column="case_id")
    day = models.CharField(max_length=10)
    part = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "dispatch_missed"


class RoundsRow(models.Model):
    """The rounds (巡查路线) of an organisation on a day, as they were planned last: who visits which points in which
    order, and which points nobody visits, with the reason."""

    pk = models.CompositePrimaryKey("org", "day")
    org = models.TextField()
    day = models.DateField()
    at = models.DateTimeField()
    by = models.TextField()
    rounds = models.JSONField(default=list)
    missed = models.JSONField(default=list)

    class Meta:
        db_table = "dispatch_rounds"


class StandRow(models.Model):
    """Where somebody idle is asked to wait (待命点), since when and why; gone once he is given something or his shift
    is over."""

    account = models.BigIntegerField(primary_key=True)
    org = models.TextField()
    lon = models.FloatField()
    lat = models.FloatField()
    address = models.TextField(default="")  # of the last urgent task there
    area = models.CharField(max_length=15, db_collation="C", default="")
    walk = models.FloatField()  # minutes
    since = models.DateTimeField()
    until = models.DateTimeField()  # the end of his shift
    why = models.JSONField(default=list)

    class Meta:
        db_table = "dispatch_stand"
        indexes = [models.Index("org", name="dispatch_stand_org")]
