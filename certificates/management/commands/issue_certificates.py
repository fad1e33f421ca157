"""manage.py issue_certificates: issue what is due and missing."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import ngettext

from certificates import services
from lms.kernel.commands import Act
from lms.roster.queries import actor


class Command(Act):
    help = "Issue the certificates that are due and missing. Running it twice issues nothing more."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--course", metavar="CODE", default="", help="only this course's")

    def act(self, **options: Any) -> Mapping[str, Any]:
        issued = services.issue_missing(
            on=timezone.localdate(), course_code=options["course"], by=actor(options["by"])
        )
        return {"issued": len(issued), "numbers": [certificate.number_text for certificate in issued]}

    def words(self, result: Mapping[str, Any]) -> str:
        count = result["issued"]
        return ngettext("%(count)d certificate issued", "%(count)d certificates issued", count) % {
            "count": count
        }
