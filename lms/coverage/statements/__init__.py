"""COVERAGE.md §3 as SQL: one statement for the people of any units, the same on SQLite and PostgreSQL.

Reads the tables of the register by name, because a join over a million rows cannot pass through another
room's door (docs/decisions/0041). Everything here is text; `questions` runs it.

What is believed now is read from partial indexes that hold no superseded row. What was believed earlier is
that, less what was recorded since, plus what was superseded since: so the past costs what has changed, and
the present does not depend on how much was ever corrected.
"""

from .activities import activities
from .contests import contests_waiting
from .moments import Moment, Params, Statement, Vendor
from .people import People
from .tree import all_of, courses_and_merges, numbered, state_of_the_ledger, surroundings

__all__ = [
    "Moment",
    "Params",
    "People",
    "Statement",
    "Vendor",
    "activities",
    "all_of",
    "contests_waiting",
    "courses_and_merges",
    "numbered",
    "state_of_the_ledger",
    "surroundings",
]
