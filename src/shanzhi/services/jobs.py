"""What follows: applications are kept in step with their cases."""

from shanzhi.journal.follow import Reader
from shanzhi.services.actions.keeping import keep

READERS = [Reader("services", keep, kinds=("case.moved",))]
