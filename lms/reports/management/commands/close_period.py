"""manage.py close_period: freeze a unit's figure on a day."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from lms.kernel.commands import Act, day_argument
from lms.kernel.services import make_checkpoint
from lms.reports.services import close_period
from lms.roster.queries import actor


class Command(Act):
    help = "Close a period: freeze the figure of a unit and everything below it, with everybody behind it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--target", required=True, metavar="CODE")
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--on", required=True, type=day_argument, metavar="DATE")
        parser.add_argument("--name", required=True, metavar="TEXT", help="what the period is called")

    def act(self, **options: Any) -> Mapping[str, Any]:
        report = close_period(
            target=options["target"],
            unit=options["unit"],
            on=options["on"],
            name=options["name"],
            by=actor(options["by"]),
            today=timezone.localdate(),
        )
        make_checkpoint()
        return {"report": report.pk, "sha256": report.sha256, "ledger": report.known_at}
