import pytest

from shanzhi.base.errors import Invalid
from shanzhi.cases.casetype import CaseType
from shanzhi.intake.open311 import services
from shanzhi.intake.open311.services import form_of

PARKED = CaseType.model_validate(
    {
        "type": "parked-car",
        "version": 1,
        "title": {"zh": "违停", "en": "Parked car"},
        "start": "reported",
        "desk": "centre",
        "form": {
            "plate": {"type": "text", "title": {"zh": "车牌", "en": "Plate"}, "required": True},
            "wheels": {"type": "integer", "title": {"zh": "轮数", "en": "Wheels"}},
            "moving": {"type": "bool", "title": {"zh": "能移动", "en": "Can be moved"}},
            "since": {"type": "date", "title": {"zh": "起", "en": "Since"}},
            "colour": {"type": "choice", "title": {"zh": "颜色", "en": "Colour"}, "choices": ["red", "blue"]},
        },
        "states": {
            "reported": {"title": {"zh": "已上报", "en": "Reported"}, "open": True},
            "closed": {"title": {"zh": "已结案", "en": "Closed"}, "stage": "ended"},
        },
        "moves": {
            "close": {
                "title": {"zh": "结案", "en": "Close"},
                "from": "reported",
                "to": "closed",
                "who": "owner",
            }
        },
    }
)


def test_a_form_becomes_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "service", lambda code: code)
    monkeypatch.setattr(services, "type_of", lambda code: PARKED)
    found = {one["code"]: one for one in services.definition("E0501", "en")["attributes"]}
    assert [(one["order"], one["datatype"], one["required"]) for one in found.values()] == [
        (1, "string", True),
        (2, "number", False),
        (3, "singlevaluelist", False),
        (4, "datetime", False),
        (5, "singlevaluelist", False),
    ]
    assert found["colour"]["values"] == [{"key": "red", "name": "red"}, {"key": "blue", "name": "blue"}]
    assert found["since"]["datatype_description"] == "YYYY-MM-DD"
    assert found["plate"]["description"] == "Plate"
    assert services.definition("E0501", "zh-hans")["attributes"][0]["description"] == "车牌"


def test_attributes_become_the_values_of_the_form() -> None:
    given = {"plate": ["川A1"], "wheels": ["4"], "moving": ["True"], "since": ["2026-01-02T03:04:05Z"]}
    assert form_of(PARKED, given) == {"plate": "川A1", "wheels": 4, "moving": True, "since": "2026-01-02"}


@pytest.mark.parametrize(
    ("name", "texts"),
    [("wheels", ["four"]), ("moving", ["perhaps"]), ("plate", ["川A1", "川A2"]), ("height", ["1"])],
)
def test_what_does_not_fit_is_named(name: str, texts: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        form_of(PARKED, {name: texts})
    assert [error.field for error in refused.value.errors] == [f"attribute[{name}]"]
