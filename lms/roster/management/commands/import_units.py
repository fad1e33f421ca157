"""manage.py import_units FILE."""

from collections.abc import Mapping
from typing import Any

from lms.kernel.commands import ImportAct
from lms.roster.imports.units import import_units
from lms.roster.imports.words import told
from lms.roster.queries import actor


class Command(ImportAct):
    help = "Add and correct units from a file of dated spans."

    def act(self, **options: Any) -> Mapping[str, Any]:
        outcome = import_units(
            options["file"],
            name=options["file"].name,
            by=actor(options["by"]),
            dry_run=options["dry_run"],
        )
        self.stderr.write(told(outcome, dry_run=options["dry_run"]))
        return outcome.as_json()
