"""The stream of changes on a port of its own, for tests."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from granian.constants import Interfaces
from granian.server.embed import Server

from shanzhi.web.live import Live


@contextmanager
def streaming() -> Iterator[int]:
    """Runs the stream in a thread; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    live = Live()
    server = Server(live, address="127.0.0.1", port=port, interface=Interfaces.ASGINL, log_access=False)
    loop = asyncio.new_event_loop()
    thread = Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()
    try:
        yield port
    finally:
        live.stop.set()
        loop.call_soon_threadsafe(server.stop)
        thread.join(10)
        if live.thread:
            live.thread.join(10)
        live.askers.shutdown()
