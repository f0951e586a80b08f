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
