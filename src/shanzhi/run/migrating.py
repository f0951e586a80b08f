"""Tables: what is missing, and bringing it up to date."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def missing() -> list[str]:
    """The migrations that the database has not seen, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> list[str]:
    """Applies what is missing, one process at a time, and makes the journal's next partitions."""
    from shanzhi.run.working import keep_partitions

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('shanzhi.migrate'))")
        try:
            plan = missing()
            if plan:
                call_command("migrate", verbosity=0, interactive=False)
            keep_partitions()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('shanzhi.migrate'))")
    return plan
