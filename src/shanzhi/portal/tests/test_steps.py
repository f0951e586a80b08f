"""The pages of a report."""

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.portal.steps import LAST, STEPS, faulty, fields_of, step_of
from shanzhi.web.report import ReportForm

NAMES = [name for page in STEPS for name in page]


def test_every_field_is_asked_on_one_page() -> None:
    assert sorted(NAMES) == sorted(set(ReportForm.base_fields) - {"key"})


@given(st.text(max_size=4))
def test_whatever_a_form_says_names_a_step_or_none(text: str) -> None:
    step = step_of(text)
    assert step is None or 1 <= step <= LAST


@given(st.sets(st.sampled_from([*NAMES, "key", "__all__"])))
def test_what_is_wrong_is_shown_on_the_first_page_that_asks_for_it(errors: set[str]) -> None:
    page = faulty(errors)
    before = {name for n in range(1, page) for name in fields_of(n)}
    assert not before & errors
    assert page == LAST or set(fields_of(page)) & errors
