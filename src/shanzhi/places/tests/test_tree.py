"""The tree of areas: who lies in whom."""

from shanzhi.places.tree import Place, Tree


def place(code: str, name: str, parent: str, open: bool = True) -> Place:
    return Place(code, name, "", "", parent, None, None, False, open)


TREE = Tree(
    [
        place("510107001005", "蜀汉街社区", "510107001"),
        place("51", "四川省", ""),
        place("5101", "成都市", "51"),
        place("510107", "武侯区", "5101"),
        place("510107001004", "洗面桥社区", "510107001"),
        place("510107001", "浆洗街街道", "510107"),
        place("510107001099", "旧社区", "510107001", open=False),
    ]
)


def names(places: list[Place]) -> list[str]:
    return [place.name for place in places]


def test_the_path_leads_from_the_county_to_the_area() -> None:
    assert names(TREE.path("510107001004")) == ["武侯区", "浆洗街街道", "洗面桥社区"]
    assert TREE.path("999999") == []


def test_what_lies_above_the_county_is_known_but_no_part_of_ways_and_lists() -> None:
    assert names(TREE.path("5101")) == ["四川省", "成都市"]
    assert names(TREE.children("51")) == ["成都市"]


def test_children_come_by_code_and_closed_ones_do_not() -> None:
    assert names(TREE.children("510107001")) == ["洗面桥社区", "蜀汉街社区"]
    assert TREE.children("510107001004") == []


def test_a_closed_area_is_still_known_because_old_cases_name_it() -> None:
    assert names(TREE.path("510107001099")) == ["武侯区", "浆洗街街道", "旧社区"]


def test_nested_goes_as_deep_as_asked() -> None:
    (county,) = TREE.nested(depth=2)
    assert (county["name"], county["children"][0]["name"]) == ("武侯区", "浆洗街街道")
    assert county["children"][0]["children"] == []
    assert [child["name"] for child in TREE.nested("510107001")] == ["洗面桥社区", "蜀汉街社区"]


def test_the_root_is_the_county() -> None:
    assert names(TREE.roots()) == ["武侯区"]
    assert len(TREE) == 7
