"""Works that start together, each on its own connection, for tests of what happens at once."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of the works gave or raised."""
    start, outcomes = threading.Barrier(len(works)), list[Any](works)

    def run(number: int) -> None:
        start.wait()
        try:
            outcomes[number] = works[number]()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
