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
