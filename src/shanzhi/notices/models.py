"""What accounts are told."""

from django.db import models


class Notice(models.Model):
    """Something an account should know (通知): what happened to which case. Text is made when it is shown."""

    account = models.ForeignKey("orgs.Account", models.CASCADE, related_name="+")
    case = models.UUIDField(null=True, db_column="case_id")
    entry = models.UUIDField()
    kind = models.TextField()
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # one entry tells an account one thing once, however often a reader is killed and starts again
            models.UniqueConstraint(fields=["account", "entry", "kind"], name="notices_once")
        ]
        indexes = [
            models.Index("account", models.F("id").desc(), name="notices_inbox"),
            models.Index("account", condition=models.Q(read_at__isnull=True), name="notices_unread"),
        ]
