"""Who follows which place, and what happened there since he was last told."""

from django.db import models
from django.db.models import Q

RUNNING = Q(confirmed_at__isnull=False, ended_at=None)


class Subscription(models.Model):
    """Somebody follows a place (地点订阅): what lies within `radius_m` of a point, or in an area.

    It runs from its confirmation until it is ended. `address` (e-mail or phone, encrypted) is wiped at its end;
    an account that is told in the pages only has none. `within` is the area that the place is named by.
    `due_at` is when the next message may leave, `sent_at` when the last one did.
    """

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey("orgs.Account", models.CASCADE, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=8)
    address = models.BinaryField(null=True)
    address_hash = models.BinaryField(null=True)
    language = models.CharField(max_length=8)
    area = models.CharField(max_length=15, db_collation="C", default="")
    within = models.CharField(max_length=15, db_collation="C")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    radius_m = models.IntegerField(default=0)
    categories = models.JSONField(default=list)
    daily = models.BooleanField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area="", lon__isnull=False, lat__isnull=False, radius_m__gt=0)
                | (~Q(area="") & Q(lon=None, lat=None)),
                name="subscriptions_one_place",
            )
        ]
        indexes = [
            models.Index("area", condition=RUNNING & ~Q(area=""), name="subscriptions_area"),
            models.Index("lat", "lon", condition=RUNNING & Q(lat__isnull=False), name="subscriptions_place"),
            models.Index("due_at", condition=Q(due_at__isnull=False), name="subscriptions_due"),
            models.Index("address_hash", "created_at", name="subscriptions_address"),
            models.Index("created_at", condition=Q(confirmed_at=None), name="subscriptions_asked"),
            models.Index("account", condition=Q(ended_at=None), name="subscriptions_account"),
        ]


class Happening(models.Model):
    """Something that happened at a followed place, until it has been told (待推送动态)."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="+")
    entry = models.UUIDField()
    case = models.UUIDField(db_column="case_id")
    what = models.CharField(max_length=16)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # one entry is told a subscriber once, however often a reader is killed and starts again
            models.UniqueConstraint(fields=["subscription", "entry"], name="subscriptions_once")
        ]
        indexes = [
            models.Index("subscription", "at", condition=Q(sent_at=None), name="subscriptions_untold"),
        ]
