"""The setting in force and the roads, remembered in the process until the pack changes."""

from functools import lru_cache

from shanzhi.base.clock import Span
from shanzhi.dispatch.models import RoadsRow, SettingRow
from shanzhi.dispatch.network import Network
from shanzhi.dispatch.planning import straight
from shanzhi.dispatch.setting import Setting
from shanzhi.dispatch.travel import Speeds, Times
from shanzhi.dispatch.whereabouts import Limits
from shanzhi.packs.queries import version

SECTION = "dispatch"
ROADS = "roads"


def setting() -> Setting | None:
    """What the district has decided; None where nothing is dispatched."""
    return _setting(version(SECTION))


@lru_cache(maxsize=2)
def _setting(_: int) -> Setting | None:
    row = SettingRow.objects.filter(name=SECTION).first()
    return Setting.model_validate(row.body) if row else None


def limits(found: Setting) -> Limits:
    """What is believed of places."""
    places = found.places
    return Limits(
        places.exact, places.fastest, Span.parse(places.fresh).seconds, Span.parse(places.stale).seconds
    )


def roads(found: Setting) -> dict[str, Times]:
    """How long ways take, by how somebody gets about: over the roads of the pack, else straight with a detour."""
    return _roads(version(SECTION), version(ROADS)) or straight(found)


@lru_cache(maxsize=2)
def _roads(_setting: int, _roads: int) -> dict[str, Times]:
    row, found = RoadsRow.objects.filter(name=ROADS).first(), setting()
    if row is None or found is None:
        return {}
    network = Network.unpacked(bytes(row.body))
    return {
        name: network.roads(Speeds(mode.roads, mode.speed, mode.speed), found.day)
        for name, mode in found.modes.items()
    }
