"""Tables of the journal. Other rooms never touch them: they call `actions`, `queries` and `follow`."""

from django.db import models


class EntryRow(models.Model):
    """One entry of the journal (日志): append-only, partitioned by the month in which it was written.

    `id` is a UUIDv7, so that its order is the order of writing and months are ranges of it. `xact` is the
    transaction that wrote it: readers follow (xact, id) and stop before the oldest transaction still
    running, so that none ever skips an entry that commits late.
    """

    id = models.UUIDField(primary_key=True)
    xact = models.BigIntegerField()
    stream = models.UUIDField()
    seq = models.IntegerField()
    kind = models.TextField()
    county = models.CharField(max_length=6)
    at = models.DateTimeField()
    actor = models.TextField()
    data = models.JSONField()
    hash = models.BinaryField()

    class Meta:
        db_table = "journal_entry"


class Head(models.Model):
    """The end of a stream that no other row keeps the end of (cases keep their own)."""

    stream = models.UUIDField(primary_key=True)
    seq = models.IntegerField()
    hash = models.BinaryField()


class ReaderPosition(models.Model):
    """How far a reader has followed the journal, and what stops it."""

    name = models.TextField(primary_key=True)
    xact = models.BigIntegerField(default=0)
    entry = models.UUIDField()
    moved_at = models.DateTimeField()
    failures = models.IntegerField(default=0)
    error = models.TextField(default="")


class SetAside(models.Model):
    """An entry that a reader could not digest and has stepped over, to be looked at by a person."""

    reader = models.TextField()
    entry = models.UUIDField()
    error = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "entry"], name="journal_set_aside_once")]


class TickerTurn(models.Model):
    """The last turn of a ticker that was noted, and what stops it: after a failure it waits until `next_at`."""

    name = models.TextField(primary_key=True)
    ran_at = models.DateTimeField()
    next_at = models.DateTimeField()
    failures = models.IntegerField(default=0)
    error = models.TextField(default="")

    class Meta:
        db_table = "journal_ticker"


class Receipt(models.Model):
    """The answer given under an Idempotency-Key; kept for a week."""

    pk = models.CompositePrimaryKey("actor", "key")
    actor = models.TextField()
    key = models.TextField()
    request = models.TextField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("at", name="journal_receipt_at")]
