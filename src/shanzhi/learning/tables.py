"""Tables of texts as other systems write them: CSV in UTF-8 or GB 18030, found out by reading it."""

import csv
import io
from pathlib import Path

from shanzhi.base.errors import Invalid, gettext_noop
from shanzhi.language.features import Text
from shanzhi.language.training import Example

ENCODINGS = ("utf-8-sig", "gb18030")  # GB 18030 reads GBK and GB 2312 too
NAMES = {
    "text": ("text", "正文", "留言详情", "内容", "诉求内容"),
    "title": ("title", "标题", "主题", "留言主题"),
    "category": ("category", "分类", "类别", "一级标签", "一级分类"),
}


def examples_in(file: Path) -> tuple[list[Example], str]:
    """The rows that have a text and a category, and the encoding of the file. Raises Invalid."""
    rows, encoding = _rows(file, ("text", "category"))
    return [
        Example(Text(row["text"], row.get("title", "")), row["category"].strip())
        for row in rows
        if row["text"].strip() and row["category"].strip()
    ], encoding


def texts_in(file: Path) -> tuple[list[Text], str]:
    """The rows that have a text, and the encoding of the file. Raises Invalid."""
    rows, encoding = _rows(file, ("text",))
    return [Text(row["text"], row.get("title", "")) for row in rows if row["text"].strip()], encoding


def _rows(file: Path, needed: tuple[str, ...]) -> tuple[list[dict[str, str]], str]:
    content, encoding = decoded(file.read_bytes(), file.name)
    csv.field_size_limit(10_000_000)
    reader = csv.DictReader(io.StringIO(content, newline=""))
    columns = {
        name: found
        for name, known in NAMES.items()
        if (found := next((c for c in reader.fieldnames or () if c.strip().lower() in known), None))
    }
    missing = [name for name in needed if name not in columns]
    if missing:
        raise Invalid(
            gettext_noop("%(file)s has no column %(columns)s"), file=file.name, columns=", ".join(missing)
        )
    return [{name: row[column] or "" for name, column in columns.items()} for row in reader], encoding


def decoded(content: bytes, name: str = "") -> tuple[str, str]:
    """The text of a file, and its encoding. Raises Invalid when it is neither."""
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise Invalid(gettext_noop("%(file)s is neither UTF-8 nor GB 18030"), file=name)
