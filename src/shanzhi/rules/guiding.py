"""Asking (智能导办, 表单): what to ask next, and what a form still has to show. Never what cannot matter."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import log2

from shanzhi.rules.deriving import inputs
from shanzhi.rules.diagram import Diagram
from shanzhi.rules.evaluate import UNKNOWN, Key, Rule
from shanzhi.rules.facts import FactSpec, Title
from shanzhi.rules.given import Given, settled
from shanzhi.rules.running import answered, key_of

Weights = Mapping[int, Mapping[int, float]]
"""How often each class of a fact was seen: by the number of the fact, by class."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask.

    name   `born`; or `members` (who they are), `members.2.income` (of the second).
    fact   the fact of the rule that it decides, which may be computed from it.
    spec   its type and limits; None where the members of a group are asked.
    gain   the bits that its answer is expected to tell of the outcome.
    """

    name: str
    fact: str
    spec: FactSpec | None
    title: Title | None
    gain: float = 0.0


def form(rule: Rule, given: Given, on: date) -> tuple[Question, ...]:
    """All that is missing, in the order in which the rule declares it: what a form has to show, and no more."""
    known = settled(given, on)
    found: dict[str, Question] = {}
    for fact in answered(rule, known, on).missing:
        for name in inputs(rule.derivations, known, fact):
            found.setdefault(name, _question(rule, name, fact))
    return tuple(found.values())


def ask(rule: Rule, given: Given, on: date, weights: Weights | None = None) -> Question | None:
    """The missing fact with the best expected split; None when nothing can change the answer any more.

    The classes of a fact count alike, or as often as `weights` have seen them.
    """
    questions = form(rule, given, on)
    if len(questions) < 2:
        return questions[0] if questions else None
    key = key_of(rule, settled(given, on), on)
    gains = gains_of(rule, key, [rule.places[q.fact] for q in questions], weights or {})
    best = max(questions, key=lambda question: gains[rule.places[question.fact]])
    return Question(best.name, best.fact, best.spec, best.title, gains[rule.places[best.fact]][0])


def seen(rule: Rule, past: Iterable[Given], on: date) -> Weights:
    """Weights from facts of the past; each class counts as if it had been seen once more."""
    counts: list[Counter[int]] = [Counter() for _ in rule.names]
    for given in past:
        for count, index in zip(counts, key_of(rule, settled(given, on), on), strict=True):
            if isinstance(index, int) and index != UNKNOWN:
                count[index] += 1
    return {fact: count for fact, count in enumerate(counts) if count}


def gains_of(rule: Rule, key: Key, facts: Iterable[int], weights: Weights) -> dict[int, tuple[float, float]]:
    """For each fact the expected gain in bits, and (negative) how many facts are expected to be missing after it."""
    asked = sorted(set(facts))
    classes = {fact: _classes(rule, key, fact) for fact in asked}
    tries = [(fact, index) for fact in asked for index in classes[fact]]
    keys = [(*key[:fact], index, *key[fact + 1 :]) for fact, index in tries]
    diagram, numbers = rule.nodes([key, *keys])
    spread = Spread(diagram, rule, weights)
    after = dict(zip(tries, numbers[1:], strict=True))
    gains = {}
    for fact in asked:
        shares = spread.shares(fact, classes[fact])
        nodes = [after[fact, index] for index in classes[fact]]
        left = sum(share * spread.entropy(node) for share, node in zip(shares, nodes, strict=True))
        more = sum(
            share * diagram.nodes[node].support.bit_count() for share, node in zip(shares, nodes, strict=True)
        )
        gains[fact] = (round(spread.entropy(numbers[0]) - left, 9), -more)
    return gains


class Spread:
    """How the outcomes of the nodes of a diagram are spread, if facts are independent."""

    def __init__(self, diagram: Diagram, rule: Rule, weights: Weights) -> None:
        self.nodes = diagram.nodes
        self.rule = rule
        self.weights = weights
        self.merged: dict[int, dict[int, float]] = {}
        self._found: dict[int, dict[int, float]] = {}

    def shares(self, fact: int, classes: tuple[int, ...]) -> list[float]:
        """The shares of classes, each standing for all that allow the same rows."""
        column = self.rule.machine.columns[fact]
        if fact not in self.merged:
            self.merged[fact] = {}
            for index, count in self.weights.get(fact, {}).items():
                self.merged[fact][column[index]] = self.merged[fact].get(column[index], 0) + count
        counts = self.merged[fact]
        weighed = [1 + counts.get(column[index], 0) for index in classes]
        return [each / sum(weighed) for each in weighed]

    def entropy(self, node: int) -> float:
        """The bits still to learn of the outcome."""
        return -sum(share * log2(share) for share in self.outcomes(node).values())

    def outcomes(self, number: int) -> dict[int, float]:
        """The share of each leaf below a node."""
        found = self._found.get(number)
        if found is not None:
            return found
        node = self.nodes[number]
        if node.fact < 0:
            return {number: 1.0}
        classes = tuple(self.rule.machine.classes(node.fact))
        even = len(classes) != len(node.children)  # a fact known within limits has fewer
        shares = [1 / len(node.children)] * len(node.children) if even else self.shares(node.fact, classes)
        total: dict[int, float] = {}
        for share, child in zip(shares, node.children, strict=True):
            for leaf, part in self.outcomes(child).items():
                total[leaf] = total.get(leaf, 0.0) + share * part
        self._found[number] = total
        return total


def _classes(rule: Rule, key: Key, fact: int) -> tuple[int, ...]:
    """The classes that an unknown fact may turn out to have."""
    index = key[fact]
    if isinstance(index, tuple):
        return tuple(rule.machine.among(fact, *index))
    return tuple(rule.machine.classes(fact)) if index == UNKNOWN else (index,)


def _question(rule: Rule, name: str, fact: str) -> Question:
    group, _, rest = name.partition(".")
    if group in rule.spec.groups:
        spec = rule.spec.groups[group].facts[rest.partition(".")[2]] if rest else None
        return Question(
            name, fact, spec, (spec.question or spec.title) if spec else rule.spec.groups[group].title
        )
    spec = rule.spec.facts[name]
    return Question(name, fact, spec, spec.question or spec.title)
