"""The section `grids` of a pack (grids.yaml): how large a grid should be, how often it is walked."""

from shanzhi.grids.models import SettingRow
from shanzhi.grids.setting import Setting
from shanzhi.packs.section import OneRow, Section


class Grids(OneRow):
    """Without the file the usual sizes hold."""

    name = "grids"
    order = 72
    schema = Setting
    table = SettingRow


SECTIONS: list[Section] = [Grids()]
