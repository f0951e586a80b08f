"""The sentences of the field app, found in its TypeScript: `python -m scripts.fieldwords` writes `field/words.py`.

A test compares the two, so that no sentence is left untranslated.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE, TARGET = ROOT / "frontend" / "src" / "field", ROOT / "src" / "shanzhi" / "field" / "words.py"
SENTENCE = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
TABS = ("Main", "Map", "Me", "Report it", "Rounds", "Tasks")  # those that the code names by variables
HEAD = '''"""The sentences of the field app, so that its TypeScript speaks from the same catalogue as everything else.

Written by `python -m scripts.fieldwords`.
"""

# ruff: noqa: E501
from shanzhi.base.errors import gettext_noop

WORDS = (
'''


def sentences(folder: Path = SOURCE) -> list[str]:
    """Every sentence that the app says."""
    found = {m[1] for file in folder.glob("*.ts") for m in SENTENCE.finditer(file.read_text())}
    return sorted(found | set(TABS))


def text() -> str:
    return HEAD + "".join(f'    gettext_noop("{one}"),\n' for one in sentences()) + ")\n"


if __name__ == "__main__":
    TARGET.write_text(text())
