"""Topics and replies as readers of the journal keep them; both can be made again from the journal."""

from django.db import models


class Member(models.Model):
    """A case in its topic (热点). The topic has the id of its first case; `score` is the likeness that joined it."""

    case = models.UUIDField(primary_key=True, db_column="case_id")
    topic = models.UUIDField()
    at = models.DateTimeField()
    score = models.FloatField()

    class Meta:
        db_table = "topics_member"
        indexes = [models.Index("topic", name="topics_topic"), models.Index("at", name="topics_at")]


class Reply(models.Model):
    """The score of a result as it was sent (答复质量): 0 to 2 for each question, by entry of the journal."""

    entry = models.UUIDField(primary_key=True)
    case = models.UUIDField(db_column="case_id")
    at = models.DateTimeField()
    org = models.TextField()
    area = models.CharField(max_length=15, db_collation="C")
    answers = models.FloatField()
    complete = models.FloatField()
    basis = models.FloatField()
    readable = models.FloatField()
    in_time = models.BooleanField(null=True)

    class Meta:
        db_table = "topics_reply"
        indexes = [
            models.Index("org", "at", name="topics_reply_org"),
            models.Index("at", name="topics_reply_at"),
        ]
