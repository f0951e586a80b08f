from typing import Any

from django.db import migrations, models

from shanzhi.base.clock import now
from shanzhi.journal.actions import make_partitions
from shanzhi.journal.queries import months

CREATE = """
CREATE FUNCTION journal_xid_offset() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT 0::bigint';
COMMENT ON FUNCTION journal_xid_offset() IS
    'Added to transaction ids; restoring into another server raises it so that they never run backwards';
CREATE FUNCTION journal_settled() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + journal_xid_offset()';
CREATE TABLE journal_entry (
    id uuid NOT NULL PRIMARY KEY,
    xact bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint + journal_xid_offset()),
    stream uuid NOT NULL,
    seq integer NOT NULL CHECK (seq > 0),
    kind text NOT NULL,
    county varchar(6) NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    data jsonb NOT NULL,
    hash bytea NOT NULL
) PARTITION BY RANGE (id);
CREATE INDEX journal_entry_stream ON journal_entry (stream, seq);
CREATE INDEX journal_entry_order ON journal_entry (xact, id);
CREATE TABLE journal_entry_rest PARTITION OF journal_entry DEFAULT;
CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_append_only();
"""
DROP = """
DROP TABLE journal_entry;
DROP FUNCTION journal_append_only();
DROP FUNCTION journal_settled();
DROP FUNCTION journal_xid_offset();
"""


def first_months(apps: Any, schema_editor: Any) -> None:
    make_partitions(months(now(), 4))


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CREATE, DROP)],
            state_operations=[
                migrations.CreateModel(
                    name="EntryRow",
                    fields=[
                        ("id", models.UUIDField(primary_key=True, serialize=False)),
                        ("xact", models.BigIntegerField()),
                        ("stream", models.UUIDField()),
                        ("seq", models.IntegerField()),
                        ("kind", models.TextField()),
                        ("county", models.CharField(max_length=6)),
                        ("at", models.DateTimeField()),
                        ("actor", models.TextField()),
                        ("data", models.JSONField()),
                        ("hash", models.BinaryField()),
                    ],
                    options={"db_table": "journal_entry"},
                )
            ],
        ),
        migrations.RunPython(first_months, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("stream", models.UUIDField(primary_key=True, serialize=False)),
                ("seq", models.IntegerField()),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="ReaderPosition",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("xact", models.BigIntegerField(default=0)),
                ("entry", models.UUIDField()),
                ("moved_at", models.DateTimeField()),
                ("failures", models.IntegerField(default=0)),
                ("error", models.TextField(default="")),
            ],
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("reader", models.TextField()),
                ("entry", models.UUIDField()),
                ("error", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("reader", "entry"), name="journal_set_aside_once")
                ]
            },
        ),
    ]
