"""manage.py correct_evidence: revoke what turned out not to be so."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from lms.coverage.services import revoke_by_reference
from lms.kernel.commands import Act, day_argument
from lms.kernel.queries import ledger_size
from lms.roster.queries import actor


class Command(Act):
    help = "Revoke evidence by its reference: from that day on it no longer counts."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--reference", required=True, metavar="R")
        parser.add_argument("--revoke-on", required=True, type=day_argument, metavar="DATE")
        parser.add_argument("--reason", required=True, metavar="TEXT")
        parser.add_argument("--person", default="", metavar="CODE", help="only this person's evidence")
        parser.add_argument("--all", action="store_true", help="that of everybody whom the reference names")

    def act(self, **options: Any) -> Mapping[str, Any]:
        rows = revoke_by_reference(
            reference=options["reference"],
            on=options["revoke_on"],
            by=actor(options["by"]),
            today=timezone.localdate(),
            reason=options["reason"],
            person=options["person"],
            all_of_them=options["all"],
        )
        corrected = sum(changed for _row, changed in rows)
        return {"ledger": ledger_size(), "corrected": corrected, "unchanged": len(rows) - corrected}
