"""What `drawing.py` draws is what Django draws."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.web.choosing import Choice, Pick, drawn
from shanzhi.web.drawing import Drawing, field

TEXT = st.text(
    st.sampled_from("<>&\"'") | st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12
)
CHOICES = [("", "—"), ("a'b", "<one>"), ("Group & more", [("x", "X"), ("2", '"two"')]), (3, "three")]
WIDGETS = [
    forms.TextInput(attrs={"class": "a", "required": True, "disabled": False}),
    forms.HiddenInput(), forms.NumberInput(attrs={"min": 0}), forms.EmailInput(), forms.PasswordInput(),
    forms.DateInput(format="%Y-%m-%d"), forms.CheckboxInput(), forms.FileInput(attrs={"accept": "image/*"}),
    forms.Textarea(attrs={"rows": 3}), forms.Select(choices=CHOICES), forms.SelectMultiple(choices=CHOICES),
    forms.RadioSelect(attrs={"class": "a"}, choices=CHOICES), forms.CheckboxSelectMultiple(choices=CHOICES),
]  # fmt: skip


def plain(html: str) -> str:
    """Without the space between elements, which means nothing in a choice."""
    return re.sub(r">\s+<", "><", html).strip()


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda one: type(one).__name__)
@settings(max_examples=15)  # of each widget with four values: every sign that is escaped comes up in them
@given(name=TEXT, value=TEXT, title=TEXT)
def test_the_same_as_by_templates(widget: Any, name: str, value: str, title: str) -> None:
    for given_ in (value, None, "3", ["x", "3"]):
        attrs = {"id": f"id_{name}", "title": title}
        ours, theirs = (
            widget.render(name, given_, attrs, renderer) for renderer in (Drawing(), DjangoTemplates())
        )
        assert plain(ours) == plain(theirs)


@given(st.sampled_from(["", "a'b", "x", "2", "3", "unknown", "<script>"]))
def test_options_drawn_once_are_those_of_a_select(value: str) -> None:
    pick = Pick({"class": "a"})
    pick.options = drawn(CHOICES)
    theirs = plain(forms.Select({"class": "a"}, CHOICES).render("n", value, {"id": "i"}))
    ours = plain(pick.render("n", value, {"id": "i"}))
    assert ours == theirs


def test_only_what_is_offered_can_be_chosen() -> None:
    field = Choice(required=False)
    field.offer(drawn(CHOICES))
    assert [field.clean(one) for one in ("", None, "x", "3")] == ["", "", "x", "3"]
    for wrong in ("unknown", "Group & more"):
        with pytest.raises(forms.ValidationError):
            field.clean(wrong)


class Sample(forms.Form):
    """A field of each shape."""

    words = forms.CharField(label="a < b", help_text="c & d", required=False)
    sure = forms.BooleanField(label="e > f")
    one = forms.ChoiceField(label='"g"', choices=[("x", "X")], widget=forms.RadioSelect, help_text="h")


def test_a_field_has_its_label_its_help_and_its_errors_tied_to_it() -> None:
    form = Sample({"words": "<b>"})
    words, sure, one = (plain(field(bound)) for bound in form)
    assert '<label for="id_words">a &lt; b <small>' in words
    assert '<p class="hint" id="id_words_helptext">c &amp; d</p>' in words
    assert 'value="&lt;b&gt;" aria-describedby="id_words_helptext"' in words
    assert re.search(r'<label class="check"><input type="checkbox" name="sure"[^>]*> e &gt; f</label>', sure)
    assert '<ul class="errorlist" id="id_sure_error"><li>' in sure
    assert 'aria-describedby="id_sure_error"' in sure
    tied = 'id="id_one" aria-describedby="id_one_helptext id_one_error"'
    assert one.startswith(f'<div class="field"><fieldset {tied}><legend>&quot;g&quot;</legend>')
    assert one.endswith("</fieldset></div>")


def test_files_that_were_sent_before_stay_ticked() -> None:
    form = Sample()
    form.fields["words"].kept = [SimpleNamespace(pk="7", name="<a>.png")]  # type: ignore[attr-defined]
    assert '<input type="checkbox" name="words-kept" value="7" checked> &lt;a&gt;.png' in field(form["words"])
