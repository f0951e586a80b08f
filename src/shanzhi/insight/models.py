"""What is known of each case for figures: a projection that can be made again at any time."""

from django.db import models

from shanzhi.insight.sums import COUNTS


class Fact(models.Model):
    """One case as figures see it (绩效数据): a row of the view `insight_case`, kept by a reader of the journal.

    The stages are those of GB/T 30428: collect, register, dispatch, handle, feed back, verify and close,
    evaluate. `*_by` are the accounts that did it last; `*_on_time` is null while it is not decided. `owners`
    counts the organisations it was dispatched to; `granted_s` the seconds it was allowed to be suspended.
    """

    case = models.UUIDField(primary_key=True, db_column="case_id")
    day = models.DateField()
    area = models.CharField(max_length=15, db_collation="C")
    org = models.TextField()
    type = models.TextField()
    category = models.TextField()
    channel = models.TextField()
    urgency = models.TextField()
    stage = models.TextField()
    open = models.BooleanField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_day = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    valid = models.BooleanField(null=True)
    collected_by = models.TextField(null=True)
    registered_at = models.DateTimeField(null=True)
    registered_by = models.TextField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    dispatched_by = models.TextField(null=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.TextField(null=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.TextField(null=True)
    owners = models.IntegerField()
    bounces = models.IntegerField()
    reworks = models.IntegerField()
    register_on_time = models.BooleanField(null=True)
    dispatch_on_time = models.BooleanField(null=True)
    respond_on_time = models.BooleanField(null=True)
    handle_on_time = models.BooleanField(null=True)
    verify_on_time = models.BooleanField(null=True)
    case_on_time = models.BooleanField(null=True)
    granted_s = models.BigIntegerField()
    contacted = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfied = models.IntegerField(null=True)
    judged_solved = models.BooleanField(null=True)
    judged_satisfied = models.IntegerField(null=True)

    class Meta:
        db_table = "insight_fact"
        indexes = [
            models.Index("day", "area", name="insight_day"),
            models.Index("closed_day", condition=models.Q(closed_day__isnull=False), name="insight_closed"),
            models.Index("area", "due_at", "org", condition=models.Q(open=True), name="insight_open_now"),
            models.Index("opened_at", condition=models.Q(open=True), name="insight_longest"),
            *(
                models.Index(
                    by, "day", condition=models.Q(**{f"{by}__startswith": "account:"}), name=f"insight_{by}"
                )
                for by in ("collected_by", "verified_by", "handled_by")
            ),
        ]


class DaySum(models.Model):
    """How many cases of a day, street, organisation and type each figure counts (日汇总); see `sums.py`.

    A column for each number of `figures.py`: a new figure asks for a migration, which also has to run `FILL`.
    """

    pk = models.CompositePrimaryKey("day", "street", "org", "type")
    day = models.DateField()
    street = models.CharField(max_length=9, db_collation="C")
    org = models.TextField()
    type = models.TextField()
    closings = models.IntegerField()

    class Meta:
        db_table = "insight_sum"


for _name in COUNTS:
    DaySum.add_to_class(_name, models.IntegerField())


class DayHeat(models.Model):
    """How many cases of a day were reported in each grid, or the finest area that is known (热力)."""

    pk = models.CompositePrimaryKey("day", "area")
    day = models.DateField()
    area = models.CharField(max_length=15, db_collation="C")
    n = models.IntegerField()

    class Meta:
        db_table = "insight_heat"


class SettingRow(models.Model):
    """What the pack says of performance (performance.yaml), one row."""

    name = models.TextField(primary_key=True)
    body = models.JSONField()

    class Meta:
        db_table = "insight_setting"


class Contest(models.Model):
    """Somebody contests one of his numbers, or one case behind it (异议): his words, his leader's answer with a reason.

    A case that is left out counts in none of his numbers any more (`LeftOut`, also those that were named in answer to
    a number). `n_more` and `of_more` put a number right: they are added wherever the whole time of it is counted.
    """

    account = models.BigIntegerField()
    measure = models.CharField(max_length=32)
    case = models.UUIDField(null=True, db_column="case_id")
    first = models.DateField()
    last = models.DateField()
    words = models.TextField()
    at = models.DateTimeField()
    answered_by = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")
    left_out = models.BooleanField(null=True)
    n_more = models.IntegerField(null=True)
    of_more = models.IntegerField(null=True)

    class Meta:
        db_table = "insight_contest"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "measure", "case"],
                condition=models.Q(case__isnull=False),
                name="insight_contest_once",
            )
        ]
        indexes = [models.Index("account", name="insight_contest_account")]


class LeftOut(models.Model):
    """A case that no longer counts in the numbers of somebody (剔除案件), by the answer to which contest."""

    pk = models.CompositePrimaryKey("account", "case")
    account = models.BigIntegerField()
    case = models.UUIDField(db_column="case_id")
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="+")

    class Meta:
        db_table = "insight_left_out"


class QualitySample(models.Model):
    """A sample of handled cases for a second person to look at (质量抽查): seed and frame are published."""

    title = models.CharField(max_length=120)
    first = models.DateField()
    last = models.DateField()
    area = models.CharField(max_length=15, db_collation="C")
    size = models.IntegerField()
    seed = models.CharField(max_length=64)
    population = models.IntegerField()
    frame = models.CharField(max_length=64)
    drawn_by = models.TextField()
    drawn_at = models.DateTimeField()

    class Meta:
        db_table = "insight_quality_sample"


class QualityPick(models.Model):
    """One case of a sample: who handled it, who looks at it, and what he finds."""

    sample = models.ForeignKey(QualitySample, models.CASCADE, related_name="+")
    number = models.IntegerField()
    case = models.UUIDField(db_column="case_id")
    handler = models.BigIntegerField()
    checker = models.BigIntegerField()
    good = models.BooleanField(null=True)
    words = models.TextField(blank=True, default="")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insight_quality_pick"
        constraints = [
            models.UniqueConstraint(fields=["sample", "number"], name="insight_quality_number"),
            models.CheckConstraint(
                condition=~models.Q(handler=models.F("checker")), name="insight_quality_another"
            ),
        ]
        indexes = [
            models.Index("checker", name="insight_quality_checker"),
            models.Index("handler", name="insight_quality_handler"),
        ]


class Training(models.Model):
    """Hours of training that somebody took part in (培训学时), and who recorded them."""

    account = models.BigIntegerField()
    day = models.DateField()
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    title = models.CharField(max_length=120)
    recorded_by = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "insight_training"
        constraints = [
            models.UniqueConstraint(fields=["account", "day", "title"], name="insight_training_once"),
            models.CheckConstraint(
                condition=models.Q(hours__gt=0, hours__lte=24), name="insight_training_hours"
            ),
        ]
