"""What a district's models learn from: its closed cases, the newest first, beside the examples of its pack."""

from collections.abc import Sequence

from shanzhi.base.errors import Invalid
from shanzhi.cases.queries import closed_texts
from shanzhi.language.entities import mask
from shanzhi.language.features import Text
from shanzhi.language.training import Example
from shanzhi.language.vectors import embedder
from shanzhi.learning import actions, queries
from shanzhi.learning.version import Version

MOST = 5_000  # closed cases; training is exact, and its time grows with the cube
MOST_OTHER = 5_000  # texts without a category


def learn(actor: str, given: Sequence[Example] = (), background: Sequence[Text] = ()) -> list[Version]:
    """Trains what there is enough to learn for: categories, and urgency where cases and examples differ in it.

    With `given`, only categories, from these instead of the cases.
    """
    if given:
        return _categories(actor, given, background)
    closed = closed_texts(MOST)
    cases = [(Text(text, title), category, urgency) for text, title, category, urgency in closed]
    of_categories = [Example(text, category) for text, category, _ in cases if category]
    of_urgency = [Example(text, urgency) for text, _, urgency in cases if urgency]
    of_categories += _corrected(queries.CATEGORY, of_categories)
    of_urgency += _corrected(queries.URGENCY, of_urgency)
    made = _categories(actor, [*queries.examples(), *of_categories], background)
    try:
        made.append(actions.learn(actor, queries.URGENCY, [*queries.examples_of_urgency(), *of_urgency]))
    except Invalid:  # a district whose cases are all of one urgency
        pass
    return made


def _categories(actor: str, examples: Sequence[Example], background: Sequence[Text]) -> list[Version]:
    """The fast model, and the careful one where the meaning of titles can be had."""
    made = [actions.learn(actor, queries.CATEGORY, examples, background=background[:MOST_OTHER])]
    if embedder() is not None:
        other = background[:MOST_OTHER]
        made.append(actions.learn(actor, queries.CAREFUL, examples, background=other, careful=True))
    return made


def _corrected(name: str, known: Sequence[Example]) -> list[Example]:
    """What people chose against the model, without the cases that are closed: these say it themselves."""
    chosen = queries.corrections(name)
    seen = {mask(one.text.text) for one in known} if chosen else set()
    return [one for one in chosen if one.text.text not in seen]
