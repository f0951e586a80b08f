"""Files that were sent in."""

from django.db import models


class StoredFile(models.Model):
    """A file (附件) as it was sent in; its content lies under its SHA-256 in the data folder, once.

    Pictures have a public copy without EXIF and a thumbnail beside it; only those are shown to others than
    the people who handle the case.
    """

    class Kind(models.TextChoices):
        BEFORE = "before"
        AFTER = "after"
        OTHER = "other"

    id = models.UUIDField(primary_key=True)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=32)
    size = models.BigIntegerField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.OTHER)
    case = models.UUIDField(null=True)
    uploaded_by = models.CharField(max_length=40)
    public_sha256 = models.CharField(max_length=64, blank=True, default="")
    thumbnail_sha256 = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("case", condition=models.Q(case__isnull=False), name="files_case")]
