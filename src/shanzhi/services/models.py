"""Tables of services: the catalogue, drafts, applications (beside their cases), documents, policies."""

from django.db import models
from django.db.models import F, Q


class ItemRow(models.Model):
    """A service item (事项) in one version, as a pack declared it; kept for as long as applications name it."""

    code = models.TextField()
    version = models.IntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    offered = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="services_item_version")]
        indexes = [models.Index("code", condition=Q(offered=True), name="services_item_offered")]


class RuleStop(models.Model):
    """A rule that may decide nothing by itself any more (停用), from a moment on until somebody lifts it."""

    rule = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule"], condition=Q(lifted_at__isnull=True), name="services_stopped_once"
            )
        ]


class Draft(models.Model):
    """A form that somebody is filling in (草稿), saved as he goes; what he typed is encrypted.

    `version` counts savings: of two tabs the one that saves later is told. `case` once it was sent. `rule` is the
    version that the form was filled in under, as `item_version` is that of the item. `code` is what its paper form is
    found by, `scan` the file of one that came back.
    """

    id = models.UUIDField(primary_key=True)
    account = models.BigIntegerField()
    person = models.UUIDField()
    agent = models.UUIDField(null=True)
    authority = models.TextField(default="")
    item = models.TextField()
    item_version = models.IntegerField()
    rule = models.TextField(default="")
    answers = models.BinaryField(null=True)
    materials = models.JSONField(default=dict)
    channel = models.TextField()
    policy = models.UUIDField(null=True)
    version = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    case = models.UUIDField(null=True, db_column="case_id")
    code = models.TextField(default="")
    scan = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index("account", F("saved_at").desc(), name="services_draft_account"),
            models.Index("code", condition=~Q(code=""), name="services_draft_code"),
        ]


class Reading(models.Model):
    """A picture of a material and what was read from it (图片识别), beside the file; `status`: waiting, reading, read,
    unread (a person looks). What it says is encrypted; what follows from that is found anew whenever it is shown.
    """

    file = models.UUIDField(primary_key=True)
    draft = models.UUIDField(db_column="draft_id")
    material = models.TextField()
    status = models.TextField(default="waiting")
    tries = models.SmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    reader = models.TextField(default="")
    said = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index("draft", name="services_reading_draft"),
            models.Index("asked_at", condition=Q(read_at__isnull=True), name="services_reading_waits"),
        ]


class Application(models.Model):
    """An application (办件) beside its case: what was pinned when it was sent, on which facts, and what came of it.

    A projection: what happens to the case is kept by a reader of the journal. `facts` are the ids of the values
    by key, so that a decision can be looked at again; the values themselves stand in the one record.
    """

    case = models.UUIDField(primary_key=True, db_column="case_id")
    item = models.TextField()
    item_version = models.IntegerField()
    rule = models.TextField(default="")
    calendar = models.TextField()
    form = models.CharField(max_length=64)
    person = models.UUIDField()
    account = models.BigIntegerField(null=True)
    agent = models.UUIDField(null=True)
    channel = models.TextField()
    policy = models.UUIDField(null=True)
    org = models.TextField()
    area = models.CharField(max_length=15, db_collation="C")
    consent = models.TextField(default="")
    facts = models.JSONField()
    materials = models.JSONField(default=dict)
    fields = models.IntegerField()
    prefilled = models.IntegerField()
    needed = models.IntegerField()
    spared = models.IntegerField()
    once = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    supplement_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    verdict = models.TextField(default="")
    by = models.TextField(default="")
    rows = models.JSONField(default=list)
    outputs = models.JSONField(default=dict)
    drawn_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.TextField(default="")
    right = models.BooleanField(null=True)
    words = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index("org", "sent_at", condition=Q(verdict=""), name="services_app_open"),
            models.Index("sent_at", condition=Q(verdict=""), name="services_app_waiting"),
            models.Index("org", F("sent_at").desc(), condition=~Q(verdict=""), name="services_app_done"),
            models.Index(F("sent_at").desc(), condition=~Q(verdict=""), name="services_app_latest"),
            models.Index("item", F("sent_at").desc(), name="services_app_item"),
            models.Index("person", F("sent_at").desc(), name="services_app_person"),
            models.Index(
                "rule", F("decided_at").desc(), condition=Q(by="machine"), name="services_app_machine"
            ),
            models.Index("drawn_at", condition=Q(drawn_at__isnull=False), name="services_app_drawn"),
            models.Index("policy", condition=Q(policy__isnull=False), name="services_app_policy"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "item"], condition=Q(verdict=""), name="services_app_one_open"
            ),
            models.UniqueConstraint(
                fields=["person", "item"],
                condition=Q(once=True, verdict="granted"),
                name="services_app_granted_once",
            ),
        ]


class Document(models.Model):
    """What was issued (结果文书): its contents as they were then and their digest (SM3); set as PDF when opened.

    The holder's name is not in it: it is put in for whoever may see it. `code` is what others verify it by.
    """

    id = models.UUIDField(primary_key=True)
    case = models.UUIDField(unique=True, db_column="case_id")
    number = models.TextField(unique=True)
    code = models.CharField(max_length=16, unique=True)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")


class Policy(models.Model):
    """A policy that looks for its people (政策找人): a rule run over the one record, for a lawful purpose.

    `status`: listed (who qualifies is known), released (a person has let the letters go), ended.
    """

    id = models.UUIDField(primary_key=True)
    item = models.TextField()
    item_version = models.IntegerField()
    rule = models.TextField()
    purpose = models.TextField()
    basis = models.TextField()
    status = models.TextField()
    looked_at = models.IntegerField()
    counts = models.JSONField()
    listed_at = models.DateTimeField()
    listed_by = models.TextField()
    released_at = models.DateTimeField(null=True)
    released_by = models.TextField(default="")

    class Meta:
        indexes = [models.Index(F("listed_at").desc(), name="services_policy_newest")]


class Match(models.Model):
    """Somebody whom a policy has found: `found`, `served` already, `refused` letters, `told` in his inbox, `printed` a
    letter on paper, `handed` it over.

    `code` is on the letter and finds the match again; `tries` are wrong dates of birth given with it.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="+")
    person = models.UUIDField()
    status = models.TextField()
    told_at = models.DateTimeField(null=True)
    code = models.TextField(default="")
    printed_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    handed_by = models.TextField(default="")
    tries = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "person"], name="services_match_once"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="services_match_code"),
        ]
        indexes = [models.Index("person", name="services_match_person")]


class NoLetters(models.Model):
    """Somebody who wants no letters from policies (不接收推送); he may change his mind."""

    person = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
