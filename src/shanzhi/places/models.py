"""Tables of areas and facilities."""

from django.db import models
from django.db.models.functions import Now


class Area(models.Model):
    """A division (区划) by its statistical code: county, street (街道), community (社区) or grid (网格).

    It is never deleted, because cases and entries name it: a pack that no longer has it closes it.
    `outline` is WKB in WGS-84 degrees: of a grid as the pack has it, of the others the union of their grids;
    `lon` and `lat` are a point within it. `generated` says that the outline is made up, not surveyed.
    """

    code = models.CharField(primary_key=True, max_length=15, db_collation="C")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="")
    level = models.CharField(max_length=9)
    parent = models.ForeignKey(
        "self", models.DO_NOTHING, null=True, related_name="+", db_column="parent", db_index=True
    )
    county = models.CharField(max_length=6, db_collation="C")
    outline = models.BinaryField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    generated = models.BooleanField(default=False)
    open = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["level", "code"], name="places_area_level")]


class GridShape(models.Model):
    """The shape that a grid had for a time (网格沿革): from `since` until the day before `until`; never overwritten.

    `how` says what began it: a pack, or a redrawing (`split`, `merge`, `reassign` …); `ground_from` names the grids
    that had its ground before. The shape in force has no `until` and is that of the area. Two changes on one day
    leave one that lasted no day.
    """

    code = models.CharField(max_length=15, db_collation="C")
    name = models.CharField(max_length=100)
    outline = models.BinaryField()
    since = models.DateField()
    until = models.DateField(null=True)
    how = models.CharField(max_length=16)
    ground_from = models.JSONField(default=list)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "places_grid_shape"
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(until__isnull=True), name="places_grid_shape_now"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="places_grid_shape_order",
            ),
        ]
        indexes = [models.Index(fields=["code", "since"], name="places_grid_shape_code")]


class Facility(models.Model):
    """A place people go to or things stand at (点位): a street office, a service centre; WGS-84 degrees.

    `area` is the grid around it when the pack was applied.
    """

    key = models.CharField(primary_key=True, max_length=64, db_collation="C")
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    lon = models.FloatField()
    lat = models.FloatField()
    area = models.CharField(max_length=15, db_collation="C")
    county = models.CharField(max_length=6, db_collation="C")
    generated = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["area"], name="places_facility_area"),
            models.Index(fields=["county", "kind"], name="places_facility_kind"),
        ]


class PlaceName(models.Model):
    """A name that people give when they say where something is (地名): a road's stretch, an estate, a shop.

    `area` is the community. Of a road there is a row for each stretch, `low` to `high` are the house numbers on
    it. `other_names` are old and short ones.
    """

    key = models.CharField(primary_key=True, max_length=64, db_collation="C")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=100)
    area = models.CharField(max_length=15, db_collation="C")
    lon = models.FloatField()
    lat = models.FloatField()
    low = models.IntegerField(default=0)
    high = models.IntegerField(default=0)
    other_names = models.JSONField(default=list)
    generated = models.BooleanField(default=False)

    class Meta:
        db_table = "places_name"
