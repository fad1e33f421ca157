"""manage.py rotate_vault_keys: seal the national ID numbers by fresh keys, and destroy the old ones."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from lms.kernel.commands import Act
from lms.roster.queries import actor
from lms.roster.services import rotate_vault_keys


class Command(Act):
    help = "Seal the vault by fresh keys. Stop the site and its workers first, start them afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--reason", required=True, metavar="TEXT")

    def act(self, **options: Any) -> Mapping[str, Any]:
        return {"numbers": rotate_vault_keys(by=actor(options["by"]), reason=options["reason"])}
