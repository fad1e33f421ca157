"""manage.py import_targets FILE."""

from collections.abc import Mapping
from typing import Any

from lms.coverage.imports.targets import import_targets
from lms.kernel.commands import ImportAct
from lms.roster.queries import actor


class Command(ImportAct):
    help = "State targets from JSON; a changed one becomes a new version."

    def act(self, **options: Any) -> Mapping[str, Any]:
        return import_targets(options["file"], by=actor(options["by"]), dry_run=options["dry_run"]).as_json()
