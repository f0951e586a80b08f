"""Runs the command line as a user would."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


def shanzhi(*arguments: str, home: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command to its end, in a home of its own."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "PORT")}
    return subprocess.run(
        [sys.executable, "-m", "shanzhi", *arguments],
        env=kept | {"SHANZHI_HOME": str(home), "SHANZHI_TEST": "1", "COLUMNS": "200"} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
