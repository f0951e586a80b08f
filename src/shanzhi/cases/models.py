"""Tables of the engine: projections of the journal, never written but by `actions`.

Each can be rebuilt from the entries of the case (`shanzhi verify` does so and compares).
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q


class CaseTypeVersion(models.Model):
    """A version of a case type (案件类型) as a pack declared it; kept for as long as cases run on it."""

    type = models.TextField()
    version = models.IntegerField()
    body = models.JSONField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "version"], name="cases_type_version"),
            models.UniqueConstraint(fields=["type"], condition=Q(current=True), name="cases_type_current"),
        ]


class Case(models.Model):
    """A case (事件、工单、案件、办件): something that somebody has to do for somebody else.

    `version` changes when the state or the owner does and is what a caller must have seen to move the case;
    `seq` and `head` are the end of its stream in the journal. `area` is the finest known area (GB/T 2260 code
    and the national statistical 12-digit code, 15 digits for a grid); `county` the six digits that large
    installations shard by.
    """

    id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField(unique=True)
    county = models.CharField(max_length=6)
    type = models.TextField()
    type_version = models.IntegerField()
    state = models.TextField()
    open = models.BooleanField(default=True)
    version = models.IntegerField()
    seq = models.IntegerField()
    head = models.BinaryField()
    title = models.TextField()
    text = models.TextField()
    category = models.TextField()
    urgency = models.TextField()
    area = models.CharField(max_length=15, db_collation="C")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.TextField()
    org = models.TextField()
    person = models.BigIntegerField(null=True)
    desk = models.TextField()
    proposed = models.TextField()
    performers = models.JSONField()
    limits = models.JSONField()
    channel = models.TextField()
    external = models.TextField(null=True)
    public = models.BooleanField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    suspended_until = models.DateTimeField(null=True)
    parent = models.UUIDField(null=True)
    merged_into = models.UUIDField(null=True)
    level = models.IntegerField()
    bounces = models.IntegerField()
    reworks = models.IntegerField()
    data = models.JSONField()

    class Meta:
        indexes = [
            models.Index("area", F("opened_at").desc(), name="cases_area_opened"),
            models.Index("org", "due_at", condition=Q(open=True), name="cases_org_due"),
            models.Index("org", F("opened_at").desc(), name="cases_org_opened"),
            models.Index("due_at", "area", condition=Q(open=True), name="cases_due_area"),
            models.Index(
                "person", "open", "due_at", condition=Q(person__isnull=False), name="cases_person_open"
            ),
            models.Index(
                "suspended_until", condition=Q(suspended_until__isnull=False), name="cases_suspended"
            ),
            models.Index("merged_into", condition=Q(merged_into__isnull=False), name="cases_merged"),
            models.Index("parent", condition=Q(parent__isnull=False), name="cases_parent"),
            models.Index(F("opened_at").desc(), F("id").desc(), name="cases_newest"),
            models.Index("lat", "lon", condition=Q(public=True), name="cases_public_place"),
            models.Index("lat", "lon", condition=Q(open=True, lat__isnull=False), name="cases_open_place"),
            GinIndex(
                fields=["data"],
                opclasses=["jsonb_path_ops"],
                condition=Q(open=True) & ~Q(data={}),
                name="cases_open_agreed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external"],
                condition=Q(external__isnull=False),
                name="cases_external_once",
            ),
            models.CheckConstraint(condition=~Q(org="") | Q(open=False), name="cases_open_has_owner"),
        ]


class Part(models.Model):
    """What the parts of a case have in common: the case and a name that is unique in it."""

    pk = models.CompositePrimaryKey("case", "name")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    name = models.TextField()

    class Meta:
        abstract = True


class ClockRow(Part):
    """A clock (时限) of a case, in seconds of natural or working time. Its rules are in `clocks.py`."""

    kind = models.TextField()
    working = models.BooleanField()
    span = models.IntegerField()
    warn_at = models.JSONField()
    on_breach = models.TextField()
    status = models.TextField()
    spent = models.IntegerField()
    since = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    lamp = models.FloatField()
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    pause_reason = models.TextField()
    provisional = models.BooleanField()

    class Meta:
        db_table = "cases_clock"
        indexes = [models.Index("next_at", condition=Q(next_at__isnull=False), name="cases_clock_next")]


class TaskRow(Part):
    """What a helping organisation (协办单位) owes the case."""

    org = models.TextField()
    kind = models.TextField()
    status = models.TextField()
    since = models.DateTimeField()
    asked = models.TextField()
    result = models.TextField()
    person = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_task"
        indexes = [
            models.Index("org", condition=Q(status="open"), name="cases_task_open"),
            models.Index("org", "case", name="cases_task_org"),
        ]


class RequestRow(Part):
    """The ledger of side procedures: 延期 extend, 挂账 suspend, 回退 send back, 作废 void, 会诊 consult."""

    kind = models.TextField()
    status = models.TextField()
    reason = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    org = models.TextField()
    until = models.DateTimeField(null=True)
    seconds = models.IntegerField(null=True)
    orgs = models.JSONField()
    decided_by = models.TextField()
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField()

    class Meta:
        db_table = "cases_request"
        indexes = [
            models.Index("asked_at", condition=Q(status="asked"), name="cases_request_asked"),
            models.Index("until", condition=Q(status="approved", kind="suspend"), name="cases_request_until"),
        ]


class ReporterRow(Part):
    """One of those who reported the matter (诉求人); `origin` is the case merged into this one that he comes from."""

    account = models.BigIntegerField(null=True)
    person = models.UUIDField(null=True)
    channel = models.TextField()
    since = models.DateTimeField()
    origin = models.UUIDField(null=True)
    active = models.BooleanField()

    class Meta:
        db_table = "cases_reporter"
        indexes = [
            models.Index("account", condition=Q(account__isnull=False), name="cases_reporter_account"),
            models.Index("person", condition=Q(person__isnull=False), name="cases_reporter_person"),
        ]


class RatingRow(Part):
    """An evaluation (评价) by the reporter, by a follow-up call or by a third party."""

    by = models.TextField()
    source = models.TextField()
    at = models.DateTimeField()
    contacted = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfied = models.IntegerField(null=True)
    words = models.TextField()

    class Meta:
        db_table = "cases_rating"
