"""Tables of rules and categories."""

from django.db import models


class RuleVersion(models.Model):
    """A version of a rule (规则版本) as a pack brought it in; never changed and never deleted.

    `digest` is the SHA-256 of the body. `text` is the body as JSON with its names in the order of its file,
    which jsonb does not keep (empty in versions from before). `offered` is false for the versions of a rule that
    the pack no longer has: cases that were decided by one can still be explained.
    """

    rule = models.CharField(max_length=40)
    version = models.IntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    text = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    offered = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "version"], name="rules_version_once"),
            models.CheckConstraint(condition=models.Q(version__gt=0), name="rules_version_positive"),
        ]


class CategoryRow(models.Model):
    """A category (事项分类) of reports; classes follow GB/T 30428. Closed instead of deleted: cases name it."""

    code = models.CharField(primary_key=True, max_length=9, db_collation="C")
    zh = models.CharField(max_length=60)
    en = models.CharField(max_length=100)
    parent = models.CharField(max_length=9, blank=True, db_collation="C")
    level = models.IntegerField()
    kind = models.CharField(max_length=16)
    hotline_class = models.CharField(max_length=20, blank=True)
    accept_within = models.CharField(max_length=8, blank=True)
    close_within = models.CharField(max_length=8, blank=True)
    basis = models.TextField(blank=True)
    open = models.BooleanField(default=True)

    class Meta:
        db_table = "rules_category"
