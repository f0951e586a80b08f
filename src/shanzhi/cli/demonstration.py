"""`shanzhi demo`: a whole installation in the foreground, filled with a generated month of life."""

import os
from importlib.util import find_spec
from pathlib import Path

import yaml

from shanzhi.cli.common import ENVIRONMENT, USAGE, django, err, out, progress, stop


def run(pack: Path, port: int, workers: int) -> None:
    """Prepares what is missing, starts server and worker, and waits for Ctrl-C."""
    from shanzhi.run import serving
    from shanzhi.run.children import Children

    if not (pack / "pack.yaml").is_file():
        stop(USAGE, f"there is no pack in {pack}", "Run it from the project's folder, or give --pack.")
    if not serving.free("127.0.0.1", port):
        stop(ENVIRONMENT, f"the port {port} is in use", "Set another: PORT=8001 make demo")
    prepare(pack)
    with Children() as children:
        children.start("worker", "work")
        if serving.free("127.0.0.1", port + 1):
            os.environ.setdefault("SHANZHI_LIVE", f":{port + 1}")
            children.start("live", "live", "--port", str(port + 1))
        server = children.start("server", "serve", "--port", str(port), "--workers", str(workers))
        if not serving.wait_until_ready(port, server):
            stop(ENVIRONMENT, "the server did not start", "Its complaint is above.")
        show_accounts(pack)
        out().print(f"[bold green]Shanzhi is ready at http://127.0.0.1:{port}[/]  (Ctrl-C stops it)")
        children.wait()


def prepare(pack: Path) -> None:
    """Database, tables, pack, life: each only as far as it is missing."""
    with err().status("starting the database"):
        django()
        from shanzhi.run import migrating

        migrating.migrate()
    with err().status(f"applying {pack}"):
        from shanzhi.packs import actions

        try:
            actions.apply("system", pack)
        except actions.Faulty as error:
            if any(fault.code != "redrawn" for fault in error.faults):
                raise
            err().print("Grids were redrawn here: the pack is left as it is.")
    if os.environ.get("SHANZHI_EMPTY") != "1" and find_spec("shanzhi.run.life"):
        from shanzhi.run import life

        with progress("generating a month of life") as show:
            life.fill(show)
    from django.db import connections

    connections.close_all()


def show_accounts(pack: Path) -> None:
    from rich.table import Table

    file = pack / "accounts.yaml"
    accounts = (yaml.safe_load(file.read_text()) or {}).get("accounts", {}) if file.is_file() else {}
    if not accounts:
        return
    table = Table(title="Demo accounts (public: never use them for real)", title_justify="left")
    for title in ("Account", "Password", "Who", "Roles"):
        table.add_column(title)
    for username, account in accounts.items():
        roles = dict.fromkeys(grant["role"] for grant in account.get("grants", []))
        table.add_row(username, str(account.get("password", "")), account["name"], ", ".join(roles) or "-")
    out().print(table)
