"""manage.py restate_report ID: close a report's successor, which says what changed and why."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from lms.kernel.commands import Act
from lms.kernel.services import make_checkpoint
from lms.reports.queries import report_by_id
from lms.reports.services import approve_restatement, propose_restatement
from lms.roster.queries import actor


class Command(Act):
    help = "Restate a closed report by what is known now; the old one stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("report", type=int, metavar="ID")
        parser.add_argument("--reason", required=True, metavar="TEXT")
        parser.add_argument("--approved-by", metavar="CODE", help="the second person; default: the operator")

    def act(self, **options: Any) -> Mapping[str, Any]:
        today = timezone.localdate()
        with transaction.atomic():
            proposal = propose_restatement(
                report=report_by_id(options["report"]),
                reason=options["reason"],
                by=actor(options["by"]),
                today=today,
            )
            report = approve_restatement(restatement=proposal, by=actor(options["approved_by"]), today=today)
        make_checkpoint()
        return {"report": report.pk, "sha256": report.sha256, "ledger": report.known_at}
