"""The generated life has something true to life for every page of the demo."""

import pytest

from shanzhi.cases import queries
from shanzhi.cases.models import Case
from shanzhi.cases.verifying import verify
from shanzhi.journal.models import EntryRow
from shanzhi.orgs.queries import actors
from shanzhi.run import life
from shanzhi.surveys.models import Pick, Survey

pytestmark = [pytest.mark.slow]


@pytest.mark.django_db
def test_a_short_life_has_everything_and_hangs_together(district: None) -> None:
    told: list[tuple[int, int]] = []
    assert life.fill(lambda done, of: told.append((done, of)), cases=90) == 90
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {of for _, of in told} == {told[-1][0]}  # full at the end, and not before
    assert told[90][0] > 90
    kinds = set(EntryRow.objects.values_list("kind", flat=True))
    assert {
        "case.opened", "case.moved", "case.clock", "case.rated", "case.asked", "case.noted", "case.supervised",
        "case.merged", "case.joined", "survey.drawn",
    } <= kinds  # fmt: skip
    [dispatcher] = actors(usernames=["sunpaiqian"])
    assert queries.asked(dispatcher)
    assert Case.objects.filter(state="refused").exists()
    for name in ("wangdama", "chenjumin"):
        [resident] = actors(usernames=[name])
        assert queries.visible_to(resident).count() >= 3
    assert {bool(one.closed_at) for one in Survey.objects.all()} == {True, False}
    assert Pick.objects.filter(judged_at=None).exists()
    assert not verify().found
    assert life.fill(lambda *_: None) == 0
