import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.base.errors import Denied, NotSignedIn
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.permissions import EVERYTHING, NOTHING, Scope, require, scope
from shanzhi.orgs.roles import BUILT_IN, RIGHTS, is_right

STREET, OTHER = "510107001", "510107002"


def who(*grants: Grant) -> Actor:
    return Actor("account", 7, "某人", grants)


@pytest.mark.parametrize(
    ("actor", "reach"),
    [
        (Actor.system(), EVERYTHING),
        (Actor.anonymous(), NOTHING),
        (who(), Scope(account=7)),
        (who(Grant("resident")), Scope(account=7)),
        (who(Grant("grid_worker", STREET)), Scope(areas=(STREET,), account=7)),
        (
            who(Grant("grid_worker", STREET), Grant("registrar", "510107")),
            Scope(areas=("510107",), account=7),
        ),
        (who(Grant("handler", org="chengguan")), Scope(orgs=("chengguan",), account=7)),
        (who(Grant("handler", STREET, "chengguan")), Scope(pairs=((STREET, "chengguan"),), account=7)),
        (who(Grant("grid_worker")), Scope(account=7)),  # an area is missing: grants nothing
        (who(Grant("handler", STREET)), Scope(account=7)),  # an organisation is missing: grants nothing
        (who(Grant("no_such_role", STREET)), Scope(account=7)),
        (Actor("client", 3, "热线", (Grant("operator", "510107"),)), Scope(areas=("510107",))),
    ],
)
def test_how_far_seeing_cases_reaches(actor: Actor, reach: Scope) -> None:
    assert scope(actor, "case.view") == reach


@pytest.mark.parametrize(
    ("right", "role", "has"),
    [
        ("pack.apply", "administrator", True),
        ("pack.apply", "auditor", False),
        ("audit.read", "auditor", True),
        ("case.assign", "grid_worker", False),
        ("case.view_personal", "resident", False),
        ("case.view_personal", "street_leader", False),
        ("case.view", "administrator", False),  # who runs the machine need not read the cases
    ],
)
def test_rights_of_the_built_in_roles(right: str, role: str, has: bool) -> None:
    actor = Actor("client", 1, "", (Grant(role, "510107", "chengguan" if role == "handler" else ""),))
    assert bool(scope(actor, right)) is has


def test_every_right_of_a_built_in_role_is_known() -> None:
    for role in BUILT_IN.values():
        assert role.rights <= set(RIGHTS)


@pytest.mark.parametrize(
    ("name", "right"),
    [("case.view", True), ("case.veiw", False), ("council.vote", True), ("council", False), ("", False)],
)
def test_a_right_of_an_unknown_room_may_be_declared_but_no_slip_in_a_known_one(
    name: str, right: bool
) -> None:
    assert is_right(name) is right


def test_a_right_that_reaches_nothing_is_refused() -> None:
    with pytest.raises(NotSignedIn):
        require(Actor.anonymous(), "case.view", NOTHING)
    with pytest.raises(Denied):
        require(who(), "pack.apply", NOTHING)
    require(who(), "case.view", Scope(account=7))


areas = st.sampled_from(["510107", STREET, OTHER, STREET + "003", "510108", "51", ""])
orgs = st.sampled_from(["chengguan", "shuiwu", "gongan", ""])
grants = st.builds(Grant, st.sampled_from(sorted(BUILT_IN)), areas, orgs)
things = st.lists(st.tuples(areas, orgs, st.integers(6, 8)), min_size=1, max_size=12)


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(grants, max_size=4), things)
def test_the_where_clause_finds_exactly_what_the_scope_covers(
    held: list[Grant], rows: list[tuple[str, str, int]]
) -> None:
    reach = scope(who(*held), "case.view")
    where, params = reach.where(area="t.area", org="t.org = ANY(%s)", own="t.account = %s")
    values = ", ".join(['(%s, %s COLLATE "C", %s, %s)'] * len(rows))
    given = [value for i, row in enumerate(rows) for value in (i, *row)]
    with connection.cursor() as cursor:
        sql = f"SELECT t.i FROM (VALUES {values}) t (i, area, org, account) WHERE {where} ORDER BY 1"
        cursor.execute(sql, [*given, *params])
        found = [row[0] for row in cursor.fetchall()]
    assert found == [i for i, (area, org, by) in enumerate(rows) if reach.covers(area, [org], [by])]


def test_what_is_ones_own_needs_a_condition_to_be_found_by() -> None:
    assert Scope(account=7).where(area="a", org="o = ANY(%s)") == ("FALSE", [])
    assert EVERYTHING.where(area="a", org="o = ANY(%s)") == ("TRUE", [])
    assert not NOTHING.covers("510107", ["chengguan"], [7])
