"""manage.py import_courses FILE."""

from collections.abc import Mapping
from typing import Any

from lms.coverage.imports.courses import import_courses
from lms.kernel.commands import ImportAct
from lms.roster.queries import actor


class Command(ImportAct):
    help = "State courses that are not on the platform: code, title, level, hours."

    def act(self, **options: Any) -> Mapping[str, Any]:
        return import_courses(
            options["file"],
            name=options["file"].name,
            by=actor(options["by"]),
            dry_run=options["dry_run"],
        ).as_json()
