"""What the pack says, remembered until it changes."""

from functools import lru_cache

from shanzhi.hotline.models import SettingRow
from shanzhi.hotline.setting import Setting
from shanzhi.packs.queries import version

SECTION = "hotline"


def setting() -> Setting:
    return _setting(version(SECTION))


@lru_cache(maxsize=2)
def _setting(_: int) -> Setting:
    row = SettingRow.objects.filter(name=SECTION).first()
    return Setting.model_validate(row.body) if row else Setting()


def forget() -> None:
    """Makes this process read the setting again: for tests, whose changes are rolled back."""
    _setting.cache_clear()
