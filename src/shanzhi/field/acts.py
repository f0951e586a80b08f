"""An act as a telephone sends it: plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs

Kind = Literal[
    "report",
    "alarm",
    "move",
    "note",
    "check_in",
    "round_begin",
    "round_point",
    "round_track",
    "round_end",
    "visit",
]
By = Literal["qr", "code", "hand"]
Did = tuple[State, float | None]


@dataclass(frozen=True, slots=True)
class Spot:
    """A position (WGS-84) as the telephone has it; without an accuracy it was chosen by hand."""

    lon: float
    lat: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """An act as it comes in: what, by which telephone as its how-manieth, when by its clock, and where."""

    kind: Kind
    device: str
    seq: int
    said_at: datetime
    offset_ms: int
    spot: Spot | None = None
    case: UUID | None = None
    version: int | None = None
    move: str = ""
    inputs: Inputs = Inputs()
    words: str = ""
    category: str = ""
    address: str = ""
    files: tuple[UUID, ...] = ()
    round: UUID | None = None
    point: str = ""
    by: By = "hand"
    code: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    met: bool = True
    report: bool = False
    item_files: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    track: Sequence[tuple[float, float, float]] = ()
    mark: bytes = field(default=b"", repr=False)
