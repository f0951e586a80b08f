"""What the pack says about rounds and visits, kept until it changes."""

from functools import lru_cache

from shanzhi.orgs.queries import field_key
from shanzhi.packs.queries import version
from shanzhi.patrol.models import SettingRow
from shanzhi.patrol.setting import Setting

SECTION = "patrol"


def setting() -> Setting:
    return _setting(version(SECTION))


@lru_cache(maxsize=2)
def _setting(_: int) -> Setting:
    row = SettingRow.objects.filter(name=SECTION).first()
    return Setting.model_validate(row.body) if row else Setting()


def secret() -> bytes:
    """What the codes at points are made with."""
    return field_key("patrol")
