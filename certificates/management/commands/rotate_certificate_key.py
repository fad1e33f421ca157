"""manage.py rotate_certificate_key: let a new key sign certificates from here on."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from certificates import services
from lms.kernel.commands import Act
from lms.roster.queries import actor


class Command(Act):
    help = "Let a new key sign. Papers of the old one stay good; offline programs must be downloaded again."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--stolen",
            action="store_true",
            help="the old key may be in other hands: believe it no more alone",
        )

    def act(self, **options: Any) -> Mapping[str, Any]:
        key = services.rotate_signing_key(
            by=actor(options["by"]), on=timezone.localdate(), stolen=options["stolen"]
        )
        return {"key": key.key_id}
