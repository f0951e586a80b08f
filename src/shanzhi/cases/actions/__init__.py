"""What changes a case. Each function is one transaction and one journal entry for each case it changes."""

from shanzhi.cases.actions.amending import amend
from shanzhi.cases.actions.flow import finish_task, move, supervise, take_up
from shanzhi.cases.actions.joins import join, merge, part, split
from shanzhi.cases.actions.opening import open_and_move, open_case, open_many
from shanzhi.cases.actions.personal import look
from shanzhi.cases.actions.procedures import ask, decide
from shanzhi.cases.actions.talk import attach, called, evaluate, migrate, note, promise, rate_task

__all__ = [
    "amend",
    "ask",
    "attach",
    "called",
    "decide",
    "evaluate",
    "finish_task",
    "join",
    "look",
    "merge",
    "migrate",
    "move",
    "note",
    "open_and_move",
    "open_case",
    "open_many",
    "part",
    "promise",
    "rate_task",
    "split",
    "supervise",
    "take_up",
]
