"""The ASGI application that `shanzhi live` runs: changes as they happen."""

import os

import django

from shanzhi.run.garbage import settle
from shanzhi.run.orphans import end_with_parent

end_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanzhi.settings")
django.setup()

from shanzhi.web.live import application  # noqa: E402  (models are there only now)

settle()

__all__ = ["application"]
