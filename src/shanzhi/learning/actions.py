"""Training: a new version is compared with the one that runs, and runs only if it is not worse."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models import Max

from shanzhi.base.clock import now
from shanzhi.base.errors import Invalid, gettext_noop
from shanzhi.base.ids import new_id
from shanzhi.journal.actions import append
from shanzhi.language.entities import mask
from shanzhi.language.evaluation import Report, assessed, held_out
from shanzhi.language.features import Text
from shanzhi.language.model import Model
from shanzhi.language.training import Example, train
from shanzhi.language.vectors import vectors
from shanzhi.learning import queries, store
from shanzhi.learning.models import Correction, ModelVersion
from shanzhi.learning.version import Version

STREAM = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c0007")
FEWEST = 20  # examples to train on, and of each label at least two
EACH = 2
FEWEST_HELD_OUT = 5


def learn(
    actor: str,
    name: str,
    examples: Sequence[Example],
    *,
    background: Sequence[Text] = (),
    careful: bool = False,
) -> Version:
    """Trains a version of a model and keeps it; it runs from now on if it is good for anything
    and not worse than the one before.

    A fifth of the examples, always the same by their words, is held out: both versions are measured on it and
    neither has seen it. A careful model learns from the meaning of titles too. Raises Invalid when there is too
    little to learn from.
    """
    examples = enough(examples)
    slice_ = [one for one in examples if held_out(one.text)]
    seen = [one for one in examples if not held_out(one.text)]
    meaning = vectors([one.text for one in slice_]) if careful else None
    model = train(seen, background, vectors([one.text for one in seen]) if careful else None)
    report = assessed(model, slice_, meaning)
    with transaction.atomic():
        return _keep(actor, name, model, len(seen), report, lambda old: assessed(old, slice_, meaning))


@transaction.atomic
def correct(
    actor: str, name: str, text: str, *, proposed: str, chosen: str, probability: float | None = None,
    case: UUID | None = None, at: datetime | None = None,
) -> Correction:  # fmt: skip
    """Keeps what a person chose instead of what was proposed, as an example to learn from.

    The text is kept without what tells who somebody is; the journal holds what was chosen, and no text.
    """
    made = Correction.objects.create(
        id=new_id(), name=name, text=mask(text), proposed=proposed, probability=probability, chosen=chosen,
        case=case, actor=actor, at=at or now(),
    )  # fmt: skip
    data = {"name": name, "proposed": proposed, "chosen": chosen, "case": str(case) if case else None}
    append(actor, made.pk, "example.corrected", data)
    return made


def enough(examples: Sequence[Example]) -> list[Example]:
    """The examples whose label has at least two that are trained on. Raises Invalid when they are too few."""
    seen: dict[str, int] = {}
    for one in examples:
        seen[one.label] = seen.get(one.label, 0) + (not held_out(one.text))
    kept = [one for one in examples if seen[one.label] >= EACH]
    if len(kept) < FEWEST or len({one.label for one in kept}) < 2:
        raise Invalid(
            gettext_noop("There are %(count)s examples to learn from, and at least %(fewest)s are needed"),
            count=len(kept),
            fewest=FEWEST,
            code="too_few_examples",
            hint="shanzhi pack apply, or more closed cases",
        )
    return kept


def useful(report: Report) -> bool:
    """Whether a model is better than always saying what is said most often, as far as enough were held out."""
    if report.count < FEWEST_HELD_OUT:
        return False
    most = max(one.count for one in report.classes)
    f1 = 2 * most / (report.count + most)  # of the commonest class; of the others it is 0
    return report.macro_f1 > f1 / len(report.classes)


def _keep(
    actor: str, name: str, model: Model, trained_on: int, report: Report, assess: Callable[[Model], Report]
) -> Version:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"learning.{name}"])
    before = ModelVersion.objects.filter(name=name, running=True).first()
    compared = _compared(before, assess)
    promoted = useful(report) and (compared is None or report.macro_f1 >= compared.macro_f1)
    number = (ModelVersion.objects.filter(name=name).aggregate(Max("version"))["version__max"] or 0) + 1
    digest = store.save(model, queries.folder(name, number))
    if promoted:
        ModelVersion.objects.filter(name=name, running=True).update(running=False)
    made = Version(
        name=name,
        version=number,
        labels=len(model.labels),
        trained_on=trained_on,
        running=promoted,
        digest=digest,
        report=asdict(report),
        compared=asdict(compared) if compared else None,
    )
    ModelVersion.objects.create(**asdict(made), actor=actor, at=now())
    data = {"name": name, "version": number, "digest": digest, "promoted": promoted, "trained_on": trained_on}
    append(actor, uuid5(STREAM, name), "model.trained", data)
    return made


def _compared(before: ModelVersion | None, assess: Callable[[Model], Report]) -> Report | None:
    """How the running version does on the same slice; None when none runs or its files cannot be read."""
    if before is None:
        return None
    try:
        model = store.load(queries.folder(before.name, before.version), before.digest)
    except ValueError:
        return None
    return assess(model)
