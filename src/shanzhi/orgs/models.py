"""Tables of organisations, accounts and grants."""

from collections.abc import Iterator
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

from shanzhi.orgs.actor import Actor


class Org(models.Model):
    """A department, street office, company or social organisation (单位); its key is given by the pack.

    It is never deleted, because cases and entries name it: a pack that no longer has it closes it.
    """

    key = models.CharField(primary_key=True, max_length=64, db_collation="C")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=32)
    area = models.CharField(max_length=15, db_collation="C")
    parent = models.ForeignKey(
        "self", models.DO_NOTHING, null=True, related_name="+", db_column="parent", db_index=True
    )
    open = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["area"], name="orgs_org_area")]


class RoleRow(models.Model):
    """A role (角色) as the pack declares it: its rights and how far they reach."""

    code = models.CharField(primary_key=True, max_length=32)
    title = models.JSONField()
    reach = models.CharField(max_length=8)
    staff = models.BooleanField()
    rights = models.JSONField()


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=(username or "").lower())


class Account(AbstractBaseUser):
    """Somebody who can sign in (账号): a resident or a member of staff.

    `username` is kept in small letters: 'WangDaMa' and 'wangdama' are one. `phone` is encrypted.
    `demo_password` is the published password of an account that a demo pack made, and may change or close;
    it is empty for every other account.
    """

    class Kind(models.TextChoices):
        RESIDENT = "resident"
        STAFF = "staff"

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.RESIDENT)
    email = models.EmailField(blank=True, default="")
    phone = models.BinaryField(null=True)
    language = models.CharField(max_length=8, default="zh-hans")
    large_text = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    demo_password = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    generation = models.IntegerField(default=0, db_default=0)  # of its sessions: raised to end them all

    known_as: Actor | None = None  # the actor it stands for, once its grants have been read
    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="orgs_account_username_lower"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_session_auth_hash(self) -> str:
        """What a session must hold to be this account's: ends with the password, or with the generation."""
        value = f"{self.password}:{self.generation}"
        return salted_hmac("shanzhi.orgs.session", value, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """None: the installation's secret is never exchanged while sessions go on."""
        return iter(())

    @property
    def is_staff(self) -> bool:
        return self.kind == self.Kind.STAFF


class Client(models.Model):
    """A machine that calls the API with a key (接口客户端), or a personal token when it has an account.

    Only the HMAC of the key is kept; of the key before it too, as long as that is still good (`old_until`).
    `per_minute` is the number of requests allowed.
    """

    name = models.CharField(max_length=100)
    key_hash = models.BinaryField(unique=True)
    old_hash = models.BinaryField(unique=True, null=True)
    old_until = models.DateTimeField(null=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    per_minute = models.IntegerField(default=600)
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True)  # to within some minutes
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(per_minute__gt=0), name="orgs_client_rate")]


class GrantRow(models.Model):
    """A role held by an account or a client, within an area or for an organisation (授权)."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=32)
    area = models.CharField(max_length=15, default="", db_collation="C")
    org = models.ForeignKey(Org, models.DO_NOTHING, null=True, related_name="+", db_column="org")

    class Meta:
        db_table = "orgs_grant"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "client", "role", "area", "org"],
                name="orgs_grant_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(account__isnull=False, client__isnull=True)
                | models.Q(account__isnull=True, client__isnull=False),
                name="orgs_grant_holder",
            ),
        ]


class Posting(models.Model):
    """Somebody works in an area from a day until a day (派驻): as long as it runs it is a role held there.

    `last` is the last day; without one it runs until further notice.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    role = models.CharField(max_length=32)
    area = models.CharField(max_length=15, db_collation="C")
    first = models.DateField()
    last = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "role", "area", "first"], name="orgs_posting_once"),
            models.CheckConstraint(
                condition=models.Q(last__isnull=True) | models.Q(last__gte=models.F("first")),
                name="orgs_posting_order",
            ),
        ]
        indexes = [models.Index(fields=["area"], name="orgs_posting_area")]


class Leave(models.Model):
    """Somebody is away from a day until a day (休假), and who stands in for him (替班): why is nobody's business."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    first = models.DateField()
    last = models.DateField()
    substitute = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="orgs_leave_order"),
            models.CheckConstraint(
                condition=~models.Q(substitute=models.F("account")), name="orgs_leave_another"
            ),
        ]


class Held(models.Model):
    """The view `orgs_held`: who holds which role today, by grant, by posting, or standing in for somebody on leave."""

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey(Account, models.DO_NOTHING, null=True, related_name="+")
    client = models.ForeignKey(Client, models.DO_NOTHING, null=True, related_name="+")
    role = models.CharField(max_length=32)
    area = models.CharField(max_length=15, default="", db_collation="C")
    org = models.ForeignKey(Org, models.DO_NOTHING, null=True, related_name="+", db_column="org")

    class Meta:
        managed = False
        db_table = "orgs_held"


class Session(AbstractBaseSession):
    """A session (会话) of somebody's browser: whose it is, since when, and what kind of browser."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField()
    device = models.CharField(max_length=80, blank=True, default="")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from shanzhi.orgs.sessions import SessionStore

        return SessionStore


class Bucket(models.Model):
    """A token bucket of the rate limit, shared by all processes."""

    key = models.CharField(primary_key=True, max_length=128)
    tokens = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="orgs_bucket_at")]


class Cache(models.Model):
    """What Django's database cache keeps: counts of failed sign-ins, seen by all processes."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "orgs_cache"
