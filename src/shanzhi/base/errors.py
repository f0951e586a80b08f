"""One family of errors: each has a code, an HTTP status, a message for people and what they can do next."""

import dataclasses
import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


def gettext_noop(message: str) -> str:
    """Marks a message for translation; the door that shows it translates it."""
    return message


class Problem(Exception):
    """Something the caller should know. `message` and `hint` are English msgids filled in with `facts`."""

    code: str = "problem"
    status: int = 400
    default: str = gettext_noop("That did not work")

    def __init__(self, message: str = "", *, code: str | None = None, hint: str = "", **facts: Any) -> None:
        self.message = message or self.default
        self.code = code or self.code
        self.hint = hint
        self.facts = facts
        super().__init__(self.message)

    def __str__(self) -> str:
        try:
            return self.message % self.facts if self.facts else self.message
        except (KeyError, TypeError, ValueError):  # a slip in a message must not hide what went wrong
            return self.message


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a form."""

    field: str
    message: str
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)


class Invalid(Problem):
    """What was sent cannot be understood or is not complete."""

    code = "invalid"
    status = 422
    default = gettext_noop("Something is missing or not as expected")

    def __init__(self, message: str = "", *, errors: Sequence[FieldError] = (), **kwargs: Any) -> None:
        super().__init__(message, **kwargs)
        self.errors = list(errors)


class NotSignedIn(Problem):
    """Nobody is signed in, and somebody must be."""

    code = "not_signed_in"
    status = 401
    default = gettext_noop("Please sign in")


class Denied(Problem):
    """Whoever asks may not do this."""

    code = "denied"
    status = 403
    default = gettext_noop("You are not allowed to do this")


class NotFound(Problem):
    """There is no such thing, or none that the asker may see."""

    code = "not_found"
    status = 404
    default = gettext_noop("There is nothing here, or nothing that you may see")


class Conflict(Problem):
    """Things have changed since the caller looked."""

    code = "conflict"
    status = 409
    default = gettext_noop("Somebody else was faster: look at it again")


class TooLarge(Problem):
    """More than is accepted at once."""

    code = "too_large"
    status = 413
    default = gettext_noop("This is too large")


class Unsupported(Problem):
    """A kind of content that is not accepted."""

    code = "unsupported"
    status = 415
    default = gettext_noop("This kind of file is not accepted")


class TooMany(Problem):
    """Too many requests in too short a time."""

    code = "too_many"
    status = 429
    default = gettext_noop("That was too often: try again later")


class Unavailable(Problem):
    """The database is away, or a disk is full: it is not the caller's fault and will pass."""

    code = "unavailable"
    status = 503
    default = gettext_noop("The platform cannot be reached just now")

    def __init__(self, message: str = "", **kwargs: Any) -> None:
        super().__init__(message, **({"hint": RETRY} | kwargs))


class Failed(Problem):
    """A fault of ours, which is written down."""

    code = "failed"
    status = 500
    default = gettext_noop("Something went wrong on our side")

    def __init__(self, message: str = "", **kwargs: Any) -> None:
        super().__init__(message, **({"hint": WRITTEN_DOWN} | kwargs))


RETRY = gettext_noop("Nothing was done. Please try again in a minute.")
WRITTEN_DOWN = gettext_noop("It has been written down. Please try again in a minute.")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
AWAY = ("OperationalError", "InterfaceError")  # of any driver: PEP 249 gives them these names


def trouble(error: BaseException | None) -> Problem:
    """What an error that nobody foresaw is to the caller: something that passes, or a fault of ours."""
    away = any(kind.__name__ in AWAY for kind in type(error).__mro__)
    full = isinstance(error, OSError) and error.errno in FULL
    return Unavailable() if away or full else Failed()
