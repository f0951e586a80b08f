"""What was applied when."""

from django.db import models


class Applied(models.Model):
    """One applying of a pack: which files (by digest), and what it changed, section by section."""

    name = models.TextField()
    digest = models.CharField(max_length=64)
    head = models.JSONField()
    changes = models.JSONField()
    actor = models.TextField()
    at = models.DateTimeField()


class SectionVersion(models.Model):
    """Raised whenever a section changes, so that processes know when to forget what they remember."""

    name = models.TextField(primary_key=True)
    version = models.IntegerField()
