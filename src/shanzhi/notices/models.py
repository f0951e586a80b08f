"""What accounts are told, how they want to be told, and what is on its way to them and to other systems."""

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


class Preference(models.Model):
    """How an account wants to be told beside its inbox (通知偏好); without a row: not at all.

    Between `quiet_from` and `quiet_until` (Beijing time, over midnight where from is later) nothing is sent.
    """

    account = models.OneToOneField("orgs.Account", models.CASCADE, primary_key=True, related_name="+")
    email = models.BooleanField(default=False)
    sms = models.BooleanField(default=False)
    muted = models.JSONField(default=list)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        db_table = "notices_preference"


class Proof(models.Model):
    """An address that an account has given and that nobody has shown to be his (待验证地址): used for nothing yet.

    `entry` names the letter with the code, and the code is made from it; `wanted` is whether he is to be told there.
    """

    account = models.ForeignKey("orgs.Account", models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8)
    sealed = models.BinaryField()
    entry = models.UUIDField()
    wanted = models.BooleanField()
    tries = models.IntegerField(default=0)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "channel"], name="notices_proof_once")]


class Endpoint(models.Model):
    """Another system that wants to know (订阅系统): a URL, its secret, and which kinds of entries it is sent."""

    name = models.CharField(max_length=80)
    url = models.URLField(max_length=500)
    secret = models.BinaryField()
    kinds = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class Delivery(models.Model):
    """One message on its way (发送任务): waits, is sent, or is dead and waits for a person to send it again.

    It goes to an account, to an endpoint, or to a `recipient` without either (`person:…`, `place:…`); then
    `sealed` holds the address and the links, encrypted, until it is sent.
    """

    channel = models.CharField(max_length=8)
    account = models.ForeignKey("orgs.Account", models.CASCADE, null=True, related_name="+")
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, null=True)
    recipient = models.CharField(max_length=64, default="", db_default="")
    sealed = models.BinaryField(null=True)
    entry = models.UUIDField()
    kind = models.TextField()
    case = models.UUIDField(null=True, db_column="case_id")
    data = models.JSONField(default=dict)
    status = models.CharField(max_length=8, default="waiting")
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.TextField(default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "account", "endpoint", "recipient", "entry", "kind"],
                name="notices_delivery_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index("next_at", condition=models.Q(status="waiting"), name="notices_due"),
            models.Index("status", models.F("id").desc(), name="notices_status"),
            models.Index(
                "recipient", "created_at", condition=~models.Q(recipient=""), name="notices_recipient"
            ),
        ]


class Template(models.Model):
    """What a kind of notice says (通知模板), as a pack has it; and its quiet hours, under the kind `quiet`."""

    kind = models.TextField(primary_key=True)
    body = models.JSONField()
