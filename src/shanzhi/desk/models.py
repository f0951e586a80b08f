"""What each member of staff keeps for himself at the desk."""

from django.db import models

LOOKED = "case.looked"  # what auditors look through


class SavedFilter(models.Model):
    """A list that somebody comes back to (常用筛选): a name and the query of its address."""

    account = models.BigIntegerField()
    name = models.CharField(max_length=40)
    query = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="desk_filter_name")]


class Done(models.Model):
    """Something that somebody did to a case (工作记录), kept by a reader of the journal."""

    entry = models.UUIDField(primary_key=True)
    account = models.BigIntegerField()
    at = models.DateTimeField()
    case = models.UUIDField(db_column="case_id")
    kind = models.TextField()
    move = models.TextField()

    class Meta:
        indexes = [
            models.Index("account", models.F("at").desc(), name="desk_done_account"),
            models.Index("at", condition=models.Q(kind=LOOKED), name="desk_done_looked"),
        ]
