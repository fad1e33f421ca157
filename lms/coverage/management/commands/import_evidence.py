"""manage.py import_evidence FILE."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from lms.coverage.imports.evidence import import_evidence
from lms.kernel.commands import ImportAct
from lms.roster.queries import actor


class Command(ImportAct):
    help = "Add and correct evidence from classes and from elsewhere."

    def act(self, **options: Any) -> Mapping[str, Any]:
        return import_evidence(
            options["file"],
            name=options["file"].name,
            by=actor(options["by"]),
            today=timezone.localdate(),
            dry_run=options["dry_run"],
        ).as_json()
