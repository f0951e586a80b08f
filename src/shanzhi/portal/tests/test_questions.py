"""Questions of a service as fields."""

import pytest
from django import forms

from shanzhi.portal.services.questions import field_of
from shanzhi.residents.queries import facts


def test_a_place_is_a_community_of_the_district_or_a_province(wuhou: None) -> None:
    field = field_of(facts.types()["hukou"])
    assert [field.clean(code) for code in ("510107005", "510107005002", "11")] == [
        "510107005",
        "510107005002",
        "11",
    ]
    for wrong in ("", "510107005999", "Elsewhere"):
        with pytest.raises(forms.ValidationError):
            field.clean(wrong)
    drawn = field.widget.render("value", "510107005", {"id": "id_value"})
    assert drawn.count("<optgroup") > 10 and '<option value="510107005" selected>' in drawn
