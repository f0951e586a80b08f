"""What the hotline keeps beside its cases: projections of the journal, and what only it knows."""

from django.db import models
from django.db.models import F, Q


class SettingRow(models.Model):
    """The hotline's part of a pack (hotline.yaml), one row."""

    name = models.TextField(primary_key=True)
    body = models.JSONField()

    class Meta:
        db_table = "hotline_setting"


class Fact(models.Model):
    """One complaint as the ranking sees it (考评数据), kept by a reader of the journal; can be made again.

    `excluded` names the ground on which it is left out, `pending` says that this waits for a second person.
    """

    case = models.UUIDField(primary_key=True, db_column="case_id")
    type = models.TextField()
    opened_day = models.DateField()
    closed_day = models.DateField(null=True)
    area = models.CharField(max_length=15, db_collation="C")
    org = models.TextField()
    category = models.TextField()
    channel = models.TextField()
    open = models.BooleanField()
    merged = models.BooleanField()
    contacted = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfied = models.IntegerField(null=True)
    breached = models.BooleanField()
    reworks = models.IntegerField()
    excluded = models.TextField(default="")
    pending = models.BooleanField(default=False)

    class Meta:
        db_table = "hotline_fact"
        indexes = [
            models.Index("closed_day", "area", name="hotline_closed"),
            models.Index("opened_day", "area", name="hotline_opened"),
        ]


class Exclusion(models.Model):
    """That a case is to be left out of the ranking (剔除申请): proposed by one, decided by another."""

    case = models.UUIDField(db_column="case_id")
    ground = models.TextField()
    reason = models.TextField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    status = models.CharField(max_length=10, default="proposed")
    decided_by = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(default="")

    class Meta:
        db_table = "hotline_exclusion"
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=("proposed", "approved")),
                name="hotline_exclusion_once",
            )
        ]
        indexes = [models.Index("proposed_at", condition=Q(status="proposed"), name="hotline_undecided")]


class Callback(models.Model):
    """A call to make to a reporter (回访任务), kept by a reader of the journal; can be made again."""

    case = models.UUIDField(primary_key=True, db_column="case_id")
    area = models.CharField(max_length=15, db_collation="C")
    org = models.TextField()
    since = models.DateTimeField()
    due = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    outcome = models.TextField(default="")
    status = models.CharField(max_length=12)

    class Meta:
        db_table = "hotline_callback"
        indexes = [
            models.Index("due", condition=Q(status="waiting"), name="hotline_to_call"),
            models.Index("status", F("since").desc(), name="hotline_called"),
        ]


class Report(models.Model):
    """A monthly report (月报) as it was when it was made: what it says, not how it looks."""

    month = models.DateField(primary_key=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    data = models.JSONField()

    class Meta:
        db_table = "hotline_report"


class Call(models.Model):
    """A call (来电): taken by a telephone system or at the desk, answered at once or made a case.

    `external` is the number the telephone system gave it; `files` are ids of recordings; `person` the caller;
    `answer` the approved answer that was given, `area` where the matter is, if that is known.
    """

    id = models.UUIDField(primary_key=True)
    channel = models.TextField()
    external = models.TextField()
    line = models.TextField(default="")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=12)
    text = models.TextField(default="")
    reply = models.TextField(default="")
    category = models.TextField(default="")
    case = models.UUIDField(null=True, db_column="case_id")
    person = models.UUIDField(null=True)
    files = models.JSONField(default=list)
    alarmed = models.JSONField(default=list)
    area = models.CharField(max_length=15, db_collation="C", default="")
    answer = models.TextField(default="")

    class Meta:
        db_table = "hotline_call"
        constraints = [models.UniqueConstraint(fields=["channel", "external"], name="hotline_call_once")]
        indexes = [
            models.Index(F("at").desc(), name="hotline_call_at"),
            models.Index("case", condition=Q(case__isnull=False), name="hotline_call_case"),
        ]


class AnswerRow(models.Model):
    """An approved answer (知识库条目) of a pack, as `answers.Answer` has it."""

    key = models.CharField(primary_key=True, max_length=40)
    body = models.JSONField()

    class Meta:
        db_table = "hotline_answer"


class Utterance(models.Model):
    """A piece of what was said in a call (转写): from any recogniser, live or later; sent again it is replaced."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    seq = models.IntegerField()
    who = models.CharField(max_length=10)
    start_ms = models.IntegerField(null=True)
    text = models.TextField()
    final = models.BooleanField(default=True)

    class Meta:
        db_table = "hotline_utterance"
        constraints = [models.UniqueConstraint(fields=["call", "seq"], name="hotline_utterance_once")]


class Order(models.Model):
    """A work order of another platform (上级平台工单) that is mirrored by one of our cases: its number, its clock."""

    channel = models.TextField()
    number = models.TextField()
    platform = models.TextField()
    case = models.UUIDField(unique=True, db_column="case_id")
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "hotline_order"
        constraints = [models.UniqueConstraint(fields=["channel", "number"], name="hotline_order_once")]
