"""manage.py coverage: the number, for any target, unit and day, as known at any moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from lms.coverage.queries import coverage_of
from lms.kernel.commands import Act, day_argument
from lms.kernel.queries import ledger_size_at


def known_at(value: str) -> int | datetime:
    """For argparse: a ledger size, or an ISO time with zone."""
    if value.isdecimal():
        return int(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("the time needs a zone")
    return moment


class Command(Act):
    help = "The share of people trained of those who must be (docs/coverage.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--target", required=True, metavar="CODE")
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--on", required=True, type=day_argument, metavar="DATE")
        parser.add_argument(
            "--known-at", type=known_at, metavar="N", help="a ledger size or a time; default: now"
        )
        parser.add_argument("--children", action="store_true", help="each direct child unit's figure too")
        parser.add_argument("--people", action="store_true", help="officer codes by state")

    def act(self, **options: Any) -> Mapping[str, Any]:
        known = options["known_at"]
        return coverage_of(
            options["target"],
            options["unit"],
            options["on"],
            ledger_size_at(known) if isinstance(known, datetime) else known,
            children=options["children"],
            people=options["people"],
        ).as_json()
