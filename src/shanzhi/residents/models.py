"""Tables of residents. Personal data is in encrypted columns only; nothing else holds any."""

from django.db import models
from django.db.models.functions import Now


class Person(models.Model):
    """Somebody known to the district (居民): name, phone, citizen id and address, each encrypted by SM4-GCM.

    `phone_hash` (HMAC-SM3) finds people by phone; several may share one.
    """

    id = models.UUIDField(primary_key=True)
    name = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True)
    citizen_id = models.BinaryField(null=True)
    address = models.BinaryField(null=True)
    account = models.ForeignKey("orgs.Account", models.SET_NULL, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                "phone_hash", condition=models.Q(phone_hash__isnull=False), name="residents_person_phone"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(account__isnull=False), name="residents_person_account"
            )
        ]


class Consent(models.Model):
    """What somebody agreed to (授权同意): a purpose, on which basis, from when until it is withdrawn.

    Personal Information Protection Law (个人信息保护法), articles 14 and 15.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=64)
    basis = models.TextField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="residents_consent_once",
            )
        ]


class FactTypeRow(models.Model):
    """The registry of fact types (事实类型) and of their sources (`kind`), as the pack declares them."""

    key = models.TextField(primary_key=True)
    kind = models.CharField(max_length=8)
    body = models.JSONField()
    open = models.BooleanField(default=True)


class Household(models.Model):
    """People who live and reckon as one (家庭户): the subject of facts that are no single person's."""

    id = models.UUIDField(primary_key=True)
    created_at = models.DateTimeField(db_default=Now())


class Member(models.Model):
    """Somebody belongs to a household (家庭成员), for a time."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    relation = models.CharField(max_length=16)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"],
                condition=models.Q(until__isnull=True),
                name="residents_member_once",
            )
        ]


class FactValue(models.Model):
    """One value of one fact (事实值), from one source. Never overwritten: a new value is a new row.

    `subject` is a person or a household. What is said here names nobody: who the subject is stands encrypted in
    `Person` only. Rules run over these columns. `trust` 0 to 4; `evidence` points to a case, a file, a message.
    """

    id = models.UUIDField(primary_key=True)
    subject = models.UUIDField()
    key = models.TextField()
    value = models.JSONField()
    source = models.TextField()
    trust = models.SmallIntegerField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    evidence = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("subject", "key", name="residents_fact_subject"),
            models.Index("key", "subject", name="residents_fact_key"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(trust__gte=0, trust__lte=4), name="residents_fact_trust"
            )
        ]


class FactConflict(models.Model):
    """Two authoritative sources say different things (事实冲突): somebody has to settle it; until then neither
    decides anything."""

    subject = models.UUIDField()
    key = models.TextField()
    one = models.ForeignKey(FactValue, models.CASCADE, related_name="+")
    other = models.ForeignKey(FactValue, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(default="")
    words = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "key"],
                condition=models.Q(settled_at__isnull=True),
                name="residents_conflict_open",
            )
        ]
