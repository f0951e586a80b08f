"""Child processes of `shanzhi demo`: started together, stopped together, each by its pid."""

import signal
import subprocess
import sys
import time
from types import FrameType, TracebackType
from typing import Self

from rich.console import Console

from shanzhi.run.orphans import end_with_parent

STOP_SECONDS = 20


class Children:
    """Runs `shanzhi` commands in process groups of their own, so that Ctrl-C reaches us first."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ending = False

    def __enter__(self) -> Self:
        signal.signal(signal.SIGTERM, _interrupt)
        signal.signal(signal.SIGINT, _interrupt)  # a shell that starts us behind it has SIGINT ignored
        return self

    def start(self, name: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "shanzhi", *arguments]
        self.running[name] = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=end_with_parent,
        )
        return self.running[name]

    def wait(self) -> None:
        """Waits until Ctrl-C, or until one of them ends by itself."""
        try:
            while all(child.poll() is None for child in self.running.values()):
                time.sleep(0.2)
        except KeyboardInterrupt:
            return
        for name, child in self.running.items():
            if child.poll() is not None:
                Console(stderr=True).print(f"the {name} ended with {child.returncode}; stopping")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # one Ctrl-C is enough
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + STOP_SECONDS
        for child in self.running.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
