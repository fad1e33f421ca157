"""manage.py import_absences FILE."""

from collections.abc import Mapping
from typing import Any

from lms.kernel.commands import ImportAct
from lms.roster.imports.absences import import_absences
from lms.roster.imports.words import told
from lms.roster.queries import actor


class Command(ImportAct):
    help = "Add and correct absences from a file; they count as approved."

    def act(self, **options: Any) -> Mapping[str, Any]:
        outcome = import_absences(
            options["file"],
            name=options["file"].name,
            by=actor(options["by"]),
            dry_run=options["dry_run"],
        )
        self.stderr.write(told(outcome, dry_run=options["dry_run"]))
        return outcome.as_json()
