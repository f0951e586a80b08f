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
