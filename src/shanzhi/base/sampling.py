"""Drawing a sample that anybody can draw again. Pure.

Each id is given the SHA-256 of `seed:id`; the smallest of these are the sample, in their order. With a seed
that nobody chose this is a simple random sample without replacement: every subset of a size is as likely.
"""

from collections.abc import Collection, Sequence
from hashlib import sha256
from uuid import UUID


def draw(ids: Collection[UUID], size: int, seed: str) -> list[UUID]:
    """So many of the ids, or all where there are fewer; whatever their order, the same ones."""
    return sorted(set(ids), key=lambda id_: (sha256(f"{seed}:{id_}".encode()).digest(), id_))[:size]


def frame(ids: Collection[UUID]) -> str:
    """What the sample was drawn from: the SHA-256 of the ids in order, a line each."""
    return sha256("".join(f"{id_}\n" for id_ in sorted(set(ids))).encode()).hexdigest()


def shared(cases: Sequence[UUID], evaluators: Sequence[int]) -> list[tuple[UUID, int]]:
    """Each case with an evaluator, in turn, so that all have as many, one more or less.

    Raises ValueError without evaluators.
    """
    if not evaluators:
        raise ValueError("nobody evaluates")
    return [(case, evaluators[n % len(evaluators)]) for n, case in enumerate(cases)]


def shared_but(cases: Sequence[tuple[UUID, int]], checkers: Sequence[int]) -> list[tuple[UUID, int, int]]:
    """Each case (with who did it) with a checker in turn, never the one who did it; left out where nobody else can."""
    found: list[tuple[UUID, int, int]] = []
    taken = dict.fromkeys(checkers, 0)
    for case, doer in cases:
        others = [one for one in taken if one != doer]
        if others:
            chosen = min(others, key=lambda one: taken[one])
            taken[chosen] += 1
            found.append((case, doer, chosen))
    return found
