"""manage.py import_activities FILE."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from lms.coverage.imports.activities import import_activities
from lms.kernel.commands import ImportAct
from lms.roster.queries import actor


class Command(ImportAct):
    help = "Add and correct what units held: talks at schools, information for the public."

    def act(self, **options: Any) -> Mapping[str, Any]:
        return import_activities(
            options["file"],
            name=options["file"].name,
            by=actor(options["by"]),
            today=timezone.localdate(),
            dry_run=options["dry_run"],
        ).as_json()
