"""The demo district for the tests of this door."""

from shanzhi.web.tests.demo import wuhou, wuhou_once

__all__ = ["wuhou", "wuhou_once"]
