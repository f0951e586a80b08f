"""What a pack says about work in the street, where the room that keeps it is installed."""

from django.apps import apps

from shanzhi.patrol.setting import Alarm, Setting


def setting() -> Setting:
    if not apps.is_installed("shanzhi.patrol"):
        return Setting()
    from shanzhi.patrol.queries import setting as kept

    return kept()


def alarm() -> Alarm:
    return setting().alarm
