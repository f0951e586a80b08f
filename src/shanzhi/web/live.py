"""Pages that change by themselves: server-sent events of what happens to the cases one may see.

An ASGI application of its own, run by `shanzhi live`, because one process holds thousands of open pages where
the web server would need a thread for each. One thread follows the journal; what it finds is gathered for
`GATHER` seconds, because fifty pieces in one message cost as much as one. Format: the HTML standard, section
9.2 "Server-sent events".
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest

from shanzhi.base.errors import Problem
from shanzhi.journal.follow import Tail, listen
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.permissions import NOTHING, Scope
from shanzhi.orgs.queries import scope as reach_of
from shanzhi.orgs.sessions import SessionStore, holder
from shanzhi.web.hub import Hub
from shanzhi.web.news import news

log = logging.getLogger(__name__)
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
GATHER = 0.4
BEAT = 20.0  # seconds between signs of life, which keep proxies from closing a quiet connection
AGAIN = 60.0  # seconds after which rights are looked at again
MOST = 5_000


class Live:
    """The application: who is connected, and the thread that tells them."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.stop = Event()
        self.thread: Thread | None = None
        self.askers = ThreadPoolExecutor(2, "asker")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.answer(scope, receive, send)

    async def answer(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        allowed = cross_origin(headers)
        if scope["method"] != "GET" or not scope["path"].endswith("/live"):
            await refused(send, 404, allowed)
            return
        reach = await self.reach(headers)
        if not reach:
            await refused(send, 403, allowed)
            return
        if self.hub.count >= MOST or self.stop.is_set():
            await refused(send, 503, allowed)
            return
        self.begin()
        kind = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        unbuffered = [(b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": kind + unbuffered + allowed})
        # whoever comes back may have missed something, and is told so
        first = b"retry: 3000\nevent: hello\nid: 1\ndata: %d\n\n" % ("last-event-id" in headers)
        await send({"type": "http.response.body", "body": first, "more_body": True})
        await self.stream(headers, reach, receive, send)

    async def stream(self, headers: dict[str, str], reach: Scope, receive: Receive, send: Send) -> None:
        one = self.hub.join(reach)
        gone = asyncio.ensure_future(left(receive))
        loop = asyncio.get_running_loop()
        look = loop.time() + AGAIN
        try:
            while not one.lost and not gone.done():
                try:
                    data = await asyncio.wait_for(one.queue.get(), BEAT)
                except TimeoutError:
                    data = b": beat\n\n"
                if loop.time() > look:
                    if await self.reach(headers) != reach:
                        break  # the browser comes back, and is given what is his now
                    look = loop.time() + AGAIN
                await send({"type": "http.response.body", "body": data, "more_body": True})
        finally:
            gone.cancel()
            self.hub.leave(one)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def reach(self, headers: dict[str, str]) -> Scope:
        """What the owner of the session may see; nothing for everybody else."""
        return await asyncio.get_running_loop().run_in_executor(self.askers, reach_from, headers)

    def begin(self) -> None:
        """Starts to follow the journal when the first page comes."""
        if self.thread is None:
            told = asyncio.get_running_loop().call_soon_threadsafe
            when_told_to_stop(lambda: told(self.end))
            self.thread = Thread(
                target=follow, args=(self.stop, lambda one: told(self.hub.publish, one)), daemon=True
            )
            self.thread.start()

    def end(self) -> None:
        """Ends all streams: a server that stops waits for them, and they would go on for ever."""
        self.stop.set()
        self.hub.end()


def when_told_to_stop(end: Callable[[], object]) -> None:
    """Calls `end` on SIGINT and SIGTERM. The server hears of them too: asyncio has a way of its own (a wakeup fd)."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: end())


def follow(stop: Event, publish: Callable[[Any], object]) -> None:
    """Publishes what happens from now on, until `stop` is set; a database that is away is waited for."""
    tail: Tail | None = None

    def turn() -> int:
        nonlocal tail
        tail = tail or Tail.end()
        entries = tail.read()
        if entries:
            publish(news(entries))
            stop.wait(GATHER)
        return len(entries)

    while not stop.is_set():
        try:
            listen(stop, turn)
        except (Error, OSError, ValueError) as error:
            log.warning("the database is away: %s", str(error).strip())
            connection.close()
            stop.wait(1)
    connection.close()


async def left(receive: Receive) -> None:
    """Ends when the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def refused(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def cross_origin(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Pages of the same host may read the stream from another port, and no others."""
    origin, host = headers.get("origin", ""), urlsplit(f"//{headers.get('host', '')}").hostname
    if not origin or urlsplit(origin).hostname != host:
        return []
    names = (b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin")
    return [*names, (b"access-control-allow-credentials", b"true")]


def reach_from(headers: dict[str, str]) -> Scope:
    """The reach of the session in the cookie, for the right to see cases; only staff listen."""
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
        found = cookies.get(settings.SESSION_COOKIE_NAME)
        request: Any = HttpRequest()
        request.session = SessionStore(found.value if found else None)
        request.user = holder(request)
        actor = actor_from(request)
        return reach_of(actor, "case.view") if getattr(request.user, "is_staff", False) else NOTHING
    except (Problem, CookieError, Error):
        return NOTHING
    finally:
        connection.close()  # asked once a minute for each page: none is kept for that


application = Live()
