"""manage.py import_roster FILE [--mode sync --unit CODE --on DATE]."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from lms.kernel.commands import ImportAct, day_argument
from lms.roster.imports.roster import WholeStaff, import_roster
from lms.roster.imports.words import told
from lms.roster.queries import actor, unit_by_code


class Command(ImportAct):
    help = "Add and correct people and their postings from a file."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--mode",
            choices=["add", "sync"],
            default="add",
            help="sync: the file is the whole staff of --unit and below on the day --on",
        )
        parser.add_argument("--unit", metavar="CODE")
        parser.add_argument("--on", metavar="DATE", type=day_argument)

    def act(self, **options: Any) -> Mapping[str, Any]:
        sync = options["mode"] == "sync"
        if sync != bool(options["unit"] and options["on"]) or (
            not sync and (options["unit"] or options["on"])
        ):
            self.wrong_usage("--unit and --on go with --mode sync, and sync needs both")
        whole = WholeStaff(unit_by_code(options["unit"]), options["on"]) if sync else None
        outcome = import_roster(
            options["file"],
            name=options["file"].name,
            by=actor(options["by"]),
            whole=whole,
            dry_run=options["dry_run"],
            progress=self.progress("lines"),
        )
        self.stderr.write(told(outcome, dry_run=options["dry_run"]))
        return outcome.as_json()
