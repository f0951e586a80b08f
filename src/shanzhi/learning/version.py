"""A version of a model as others see it: what it was trained on, and how good it is."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Version:
    """`report`: how it did on the held-out slice; `compared`: how the version that ran before did on the same."""

    name: str
    version: int
    labels: int
    trained_on: int
    running: bool
    digest: str
    report: dict[str, Any]
    compared: dict[str, Any] | None
