"""What follows: applications are kept in step with their cases, and pictures of materials are read."""

from shanzhi.journal.follow import Reader
from shanzhi.services.actions import reading
from shanzhi.services.actions.keeping import keep

READERS = [Reader("services", keep, kinds=("case.moved",))]
TICKERS = [reading.start]
