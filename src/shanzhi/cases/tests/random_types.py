"""Valid case types at random: some states with ways between them, all kinds of moves, clocks and sides."""

from typing import Any

from hypothesis import strategies as st

from shanzhi.cases.casetype import CaseType
from shanzhi.cases.check import findings

ROLES = ("registrar", "dispatcher", "grid_worker", "street_leader")
WHO = ("anyone", "owner", "reporter", "registrar@area", "dispatcher@area", "owner | grid_worker@area")
SPANS = ("90m", "24h", "8wh", "5wd")


def _title(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}


@st.composite
def case_types(draw: st.DrawFn) -> CaseType:
    """A type with 3 to 6 states of which the last is the end; what could trap a case is filtered out."""
    states = [f"s{n}" for n in range(draw(st.integers(3, 6)))]
    opens, end = states[:-1], states[-1]
    moves = {
        f"on{n}": draw(_moves(f"on{n}", st.just([s]), st.just(states[n + 1]))) for n, s in enumerate(opens)
    }
    sources = st.lists(st.sampled_from(states), min_size=1, max_size=3, unique=True)
    for n in range(draw(st.integers(0, 5))):
        moves[f"m{n}"] = draw(_moves(f"m{n}", sources, st.sampled_from(states), others=tuple(moves)))
    clocks = {f"c{n}": draw(_clocks(opens)) for n in range(draw(st.integers(0, 3)))}
    type_ = CaseType.model_validate(
        {
            "type": "random",
            "version": 1,
            "title": _title("random"),
            "start": states[0],
            "desk": "centre",
            "states": {
                s: {"title": _title(s), "open": s != end, "stage": "ended" if s == end else "handle"}
                for s in states
            },
            "moves": moves,
            "clocks": clocks,
            "bounces": draw(st.integers(0, 2)),
            "sides": {
                "extend": {"ask": "anyone", "approve": "dispatcher@area", "times": 3},
                "suspend": {"ask": "anyone", "approve": "dispatcher@area", "times": 3},
                "send_back": {"ask": "anyone", "approve": "dispatcher@area", "to": states[0], "times": 3},
                "void": {"ask": "anyone", "approve": "dispatcher@area", "to": end, "times": 3},
            },
        }
    )
    assert list(findings(type_, roles=ROLES, rules={}, orgs=("centre",))) == []
    return type_


@st.composite
def _moves(
    draw: st.DrawFn,
    name: str,
    sources: st.SearchStrategy[list[str]],
    targets: st.SearchStrategy[str],
    others: tuple[str, ...] = (),
) -> dict[str, Any]:
    bounce, danger = draw(st.booleans()), draw(st.booleans())
    needs = draw(st.sets(st.sampled_from(["reason", "result"])))
    return {
        "title": _title(name),
        "from": draw(sources),
        "to": draw(targets),
        "who": draw(st.sampled_from(WHO)),
        "sets": draw(st.sampled_from(["owner", "person", "desk", "none"])),
        "needs": sorted(needs | ({"reason"} if bounce or danger else set())),
        "takes": ["org", "helpers"],
        "bounce": bounce,
        "danger": danger,
        "rework": draw(st.booleans()),
        "joins": draw(st.booleans()),
        "within": draw(st.sampled_from([None, "24h"])),
        "apart_from": draw(st.lists(st.sampled_from(others), max_size=1)) if others else [],
    }


@st.composite
def _clocks(draw: st.DrawFn, opens: list[str]) -> dict[str, Any]:
    return {
        "title": _title("clock"),
        "kind": draw(st.sampled_from(["accept", "handle", "verify", "case"])),
        "runs_in": draw(st.lists(st.sampled_from(opens), min_size=1, unique=True)),
        "within": draw(st.sampled_from(SPANS)),
        "warn_at": draw(st.sampled_from([(), (0.8,), (0.5, 0.8)])),
        "on_breach": draw(st.sampled_from(["escalate", "tell"])),
    }
