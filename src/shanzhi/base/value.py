"""Dataclasses for plain values that are made by the hundred thousand.

`dataclass(frozen=True)` as in the standard library, except that only the type checker holds it: asking Python itself
to refuse each change makes a value five times as dear to make.
"""

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool, **options: Any) -> Any:
        """`dataclasses.dataclass` with a hash, like a frozen one, and without the check."""
        return dataclasses.dataclass(unsafe_hash=frozen, **options)
