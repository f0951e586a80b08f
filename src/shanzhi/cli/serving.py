"""`serve`, `live`, `work`, `migrate`, `demo`: what runs."""

import errno
from pathlib import Path
from typing import Annotated

import typer

from shanzhi.cli.common import ENVIRONMENT, django, err, out, stop

Host = Annotated[str, typer.Option(help="The address to listen on.", envvar="SHANZHI_HOST")]
Port = Annotated[int, typer.Option(help="The port to listen on.", envvar="PORT", min=1, max=65535)]
LivePort = Annotated[
    int, typer.Option(help="The port to listen on.", envvar="SHANZHI_LIVE_PORT", min=1, max=65535)
]
Workers = Annotated[int, typer.Option(help="Server processes.", envvar="SHANZHI_WORKERS", min=1)]
Threads = Annotated[int, typer.Option(help="Threads in each process.", envvar="SHANZHI_THREADS", min=1)]


def register(parent: typer.Typer) -> None:
    for command in (serve, live, work, migrate, demo):
        parent.command()(command)


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 2, threads: Threads = 8) -> None:
    """Run the web server until Ctrl-C. The embedded database starts and stops with it."""
    django()
    from shanzhi.run import serving

    _migrated()
    _free(host, port, "Choose another with --port or PORT.")
    serving.serve(host, port, workers, threads)


def live(host: Host = "127.0.0.1", port: LivePort = 8001) -> None:
    """Tell open pages what changes, until Ctrl-C. Pages look for it where SHANZHI_LIVE says, such as :8001."""
    django()
    from shanzhi.run import serving

    _migrated()
    _free(host, port, "Choose another with --port or SHANZHI_LIVE_PORT.")
    serving.live(host, port)


def work(
    once: Annotated[bool, typer.Option(help="Catch up with the journal and the clocks, then end.")] = False,
) -> None:
    """Run the journal's readers and the clocks until Ctrl-C. Run as many of these as you like."""
    django()
    from shanzhi.run import working

    _migrated()
    worker = working.Worker.discovered()
    err().print(f"working: readers {', '.join(r.name for r in worker.readers) or 'none'}")
    if once:
        worker.catch_up()
    else:
        worker.run()


def migrate() -> None:
    """Bring the database's tables up to date."""
    django()
    from shanzhi.run import migrating

    done = migrating.migrate()
    out().print(f"{len(done)} migrations applied" if done else "the tables are up to date")


def demo(
    pack: Annotated[Path, typer.Option(help="The pack to show.")] = Path("packs/wuhou"),
    port: Port = 8000,
    workers: Workers = 2,
) -> None:
    """Prepare a demo, run server and worker, and stop everything on Ctrl-C."""
    from shanzhi.cli import demonstration

    demonstration.run(pack, port, workers)


def _free(host: str, port: int, hint: str) -> None:
    from shanzhi.run import serving

    problem = serving.taken(host, port)
    if problem is not None and problem.errno == errno.EADDRINUSE:
        stop(ENVIRONMENT, f"the port {port} is in use", hint)
    elif problem is not None:
        stop(
            ENVIRONMENT, f"{host}:{port} cannot be listened on: {problem.strerror}", "Choose another address."
        )


def _migrated() -> None:
    from shanzhi.run import migrating

    missing = migrating.missing()
    if missing:
        stop(ENVIRONMENT, f"{len(missing)} migrations are missing", "Run `shanzhi migrate` first.")
