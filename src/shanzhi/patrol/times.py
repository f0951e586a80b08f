"""The time of a telephone and ours: what its clock is off, when something was really done, how that is said."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shanzhi.base.clock import BEIJING

WRONG = timedelta(minutes=5)  # a clock that is off by more is told
LATE = timedelta(minutes=10)  # what arrives later than this was done without a signal, and the case says so
OLDEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Times:
    """When something was done by the telephone's clock, by ours, and when it arrived."""

    said: datetime
    done: datetime
    arrived: datetime

    @property
    def off(self) -> timedelta:
        """How far the telephone's clock was off."""
        return self.done - self.said

    @property
    def late(self) -> bool:
        return self.arrived - self.done > LATE

    @property
    def wrong(self) -> bool:
        return abs(self.off) > WRONG


def put_right(said: datetime, offset_ms: int, arrived: datetime) -> Times:
    """The times of an act; `offset_ms` is ours less the telephone's at this contact.

    Nothing is done after it has arrived, nor so long before that no telephone keeps it.
    """
    try:
        done = said + timedelta(milliseconds=offset_ms)
    except OverflowError:
        done = arrived
    return Times(said, max(min(done, arrived), arrived - OLDEST), arrived)


def told(times: Times) -> str:
    """How a late act is noted in the case, in the language of those who read it; empty when there is nothing to say."""
    if not times.late and not times.wrong:
        return ""
    words = f"（现场离线办理：{_at(times.done)} 办理，{_at(times.arrived)} 收到"
    if times.wrong:
        words += f"；手机时钟显示 {_at(times.said)}，已按收到时的时差校正"
    return words + "）"


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}"
