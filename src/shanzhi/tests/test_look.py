import pytest
from django.template import Context, Template

from shanzhi.look import names

MANIFEST = {
    "src/main.ts": {
        "file": "assets/main-AbC.js",
        "name": "main",
        "isEntry": True,
        "css": ["assets/main-XyZ.css"],
    },
    "_shared.js": {"file": "assets/shared-1.js", "name": "shared"},
}


def test_entries_have_plain_names() -> None:
    assert names(MANIFEST) == {"main.js": "assets/main-AbC.js", "main.css": "assets/main-XyZ.css"}


@pytest.mark.parametrize("name", ["main.js", "main.css"])
def test_a_page_finds_what_was_built(name: str) -> None:
    address = Template(f'{{% built "{name}" %}}').render(Context())
    assert address.startswith("/static/built/assets/main-")
    assert address.endswith(name[4:])


def test_what_was_not_built_is_an_error() -> None:
    with pytest.raises(KeyError):
        Template('{% built "other.js" %}').render(Context())


def corner(**given: str) -> str:
    template = Template(
        '{% fixed "shanzhi/corner.html" size=size known="yes" WHO=who NEXT=next TOKEN=token %}'
    )
    return template.render(Context({"size": "normal", "who": "王大妈"} | given))


def test_what_differs_from_page_to_page_is_put_in_each_time() -> None:
    assert 'value="/here"' in corner(next="/here", token="one") and 'value="one"' in corner(
        next="/here", token="one"
    )
    assert "/here" not in corner(next="/there", token="two")
    assert "王大妈" not in corner(next="/there", token="two", who="张督办")


def test_what_is_put_in_is_escaped_and_holds_no_holes() -> None:
    drawn = corner(next='/?q="><b>[[TOKEN]]', token="secret")
    assert 'value="/?q=&quot;&gt;&lt;b&gt;[[TOKEN]]"' in drawn


def test_a_name_that_looks_like_a_hole_is_a_name() -> None:
    assert "[[NOBODY]]" in corner(next="/", token="one", who="[[NOBODY]]")
