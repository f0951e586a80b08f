"""Tables of redrawings, and of what a district decides about its grids."""

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """A redrawing of a community's grids (网格调整方案): steps on top of what is in force, until it is put in force.

    `steps` are done again from the shapes in force whenever somebody looks; `base` names those shapes, so that a
    draft made on others is noticed. `on` is the day from which it is to be in force.
    """

    class State(models.TextChoices):
        OPEN = "open"
        SET = "set"  # waits for its day
        IN_FORCE = "in_force"
        WITHDRAWN = "withdrawn"

    community = models.CharField(max_length=12, db_collation="C")
    title = models.CharField(max_length=120)
    steps = models.JSONField(default=list)
    base = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    on = models.DateField(null=True)
    problem = models.TextField(blank=True, default="")  # why it could not be put in force on its day
    changed = models.JSONField(default=list)  # the codes that changed, once it is in force
    made_by = models.TextField()
    made_at = models.DateTimeField()
    version = models.IntegerField(default=0)

    class Meta:
        db_table = "grids_draft"
        constraints = [
            models.UniqueConstraint(
                fields=["community"], condition=Q(state__in=["open", "set"]), name="grids_draft_one"
            )
        ]
        indexes = [models.Index(fields=["state", "on"], name="grids_draft_due")]


class SettingRow(models.Model):
    """The grids' part of a pack (grids.yaml), one row."""

    name = models.TextField(primary_key=True)
    body = models.JSONField()

    class Meta:
        db_table = "grids_setting"


class Known(models.Model):
    """How many of something there are in a grid (网格底数): by whom counted, and as of which day. Never overwritten."""

    grid = models.CharField(max_length=15, db_collation="C")
    what = models.CharField(max_length=16)
    n = models.IntegerField()
    as_of = models.DateField()
    source = models.CharField(max_length=200)
    recorded_by = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "grids_known"
        indexes = [models.Index(fields=["grid", "what", "-as_of"], name="grids_known_latest")]
        constraints = [models.CheckConstraint(condition=Q(n__gte=0), name="grids_known_number")]


class Handover(models.Model):
    """That the open cases of somebody were handed over when his leave began (休假交接), and where they went."""

    leave = models.BigIntegerField(primary_key=True, db_column="leave_id")
    at = models.DateTimeField()
    account = models.BigIntegerField()
    substitutes = models.IntegerField(default=0)
    team = models.IntegerField(default=0)
    stayed = models.IntegerField(default=0)

    class Meta:
        db_table = "grids_handover"
