from pathlib import Path

import pytest
from babel.messages import Catalog

from scripts import lengths
from scripts.contracts import split
from scripts.translations import faults, sentences


def test_sentences_are_found_in_python_and_in_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.translations.SOURCE", tmp_path / "source")
    python, page = tmp_path / "some.py", tmp_path / "some.html"
    python.write_text(
        'gettext("One")\nngettext("%(n)s case", "%(n)s cases", n)\npgettext("verb", "Report")\n'
    )
    page.write_text(
        '{% load i18n %}{% translate "Two" %} {% blocktranslate %}Three {{ x }}{% endblocktranslate %}'
    )
    assert [found[1:] for found in sentences(python)] == [
        (1, "One", None),
        (2, ("%(n)s case", "%(n)s cases"), None),
        (3, "Report", "verb"),
    ]
    assert {found[2] for found in sentences(page)} == {"Two", "Three %(x)s"}


@pytest.mark.parametrize(
    ("translation", "complaint"),
    [("", "no translation"), ("%(what)s 件", "names facts it has not"), ("%(n)s 件", None), ("一些", None)],
)
def test_a_translation_is_there_and_names_the_same_facts(translation: str, complaint: str | None) -> None:
    template, catalog = Catalog(), Catalog()
    template.add("%(n)s cases", locations=[("cases/queries.py", 7)])
    catalog.add("%(n)s cases", translation)
    found = list(faults(template, catalog))
    assert ([complaint in fault for fault in found] == [True]) if complaint else found == []


def test_what_is_too_long_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "long.py"
    file.write_text("def short():\n    pass\n")
    assert lengths.main([str(tmp_path)]) == 0
    file.write_text("def long():\n" + "    pass\n" * 60)
    assert lengths.main([str(tmp_path)]) == 1
    assert "long.py:1 long: 61 lines, at most 60" in capsys.readouterr().out
    file.write_text("x = 1\n" * 401)
    assert lengths.main([str(tmp_path)]) == 1


@pytest.mark.parametrize(
    ("module", "room", "inner"),
    [
        ("shanzhi.cases.actions.flow", "cases", ["actions", "flow"]),
        ("shanzhi.urls", "urls", []),
        ("shanzhi", "", []),
    ],
)
def test_a_module_belongs_to_a_room(module: str, room: str, inner: list[str]) -> None:
    assert split(module) == (room, inner)
