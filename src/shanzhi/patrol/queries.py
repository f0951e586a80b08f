"""Reading rounds and visits."""

from shanzhi.patrol.setting import Setting


def setting() -> Setting:
    return Setting()
