"""The web server: Granian serving the WSGI application."""

import logging
import resource
import socket
import subprocess
import time

from django.conf import settings

from shanzhi.run import embedded

# Open connections of a worker. A browser keeps up to six for half a minute; whoever comes when all are taken waits
# for one of them to be left.
CONNECTIONS = 2_000
PAGES = 10_000  # that `live` tells
STOP_SECONDS = 10  # for requests being answered; less than what `shanzhi demo` waits for its children


def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serves until SIGINT or SIGTERM; a worker that dies is replaced."""
    from django.db import connections
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    if settings.HOME.embedded:
        embedded.start(settings.HOME.pg)
    connections.close_all()
    _let_in(CONNECTIONS)
    logging.getLogger("_granian").addFilter(_meant)
    Granian(
        "shanzhi.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=threads,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
    ).serve()


def live(host: str, port: int) -> None:
    """Tells open pages what happens, until SIGINT or SIGTERM: one process, however many pages."""
    from django.db import connections
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    if settings.HOME.embedded:
        embedded.start(settings.HOME.pg)
    connections.close_all()
    _let_in(PAGES)
    Granian(
        "shanzhi.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.auto,
        websockets=False,
        workers=1,
        backpressure=PAGES,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS // 2,
        log_level=LogLevels.warning,
    ).serve()


def _let_in(connections: int) -> None:
    """Each connection is an open file, of which a shell often gives 1,024: as many as are wanted, or may be had."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 1_000
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


def _meant(record: logging.LogRecord) -> bool:
    """Leaves out that there are more threads than cores: they are meant to be, they wait for the database."""
    return not str(record.msg).startswith("Configuration allows spawning up to")


def free(host: str, port: int) -> bool:
    """Whether nobody listens on the port."""
    return taken(host, port) is None


def taken(host: str, port: int) -> OSError | None:
    """Why one cannot listen there; None where one can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            return problem
    return None


def wait_until_ready(port: int, server: "subprocess.Popen[bytes]", seconds: float = 60) -> bool:
    """Waits until the server answers; False when it ended or did not answer in time."""
    until = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            probe.settimeout(5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                probe.sendall(
                    b"GET /static/favicon.svg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                try:
                    if probe.recv(12).startswith(b"HTTP/1.1 "):
                        return True
                except OSError:
                    pass
        time.sleep(0.1)
    return False
