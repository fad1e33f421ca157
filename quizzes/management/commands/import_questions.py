"""manage.py import_questions FILE --format FORMAT --bank CODE."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from lms.kernel.commands import Act, file_argument
from lms.roster.queries import person_by_code
from quizzes import services
from quizzes.formats import FORMATS


class Command(Act):
    help = "Put the questions of a file into a bank; every question that is not taken is named, with why."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=file_argument)
        parser.add_argument(
            "--format", required=True, choices=sorted(FORMATS), help="how the file is written"
        )
        parser.add_argument("--bank", required=True, metavar="CODE", help="made if there is none")
        parser.add_argument("--title", default="", help="what a bank that is made is called")

    def act(self, **options: Any) -> Mapping[str, Any]:
        by = person_by_code(options["by"]) if options["by"] else None
        with options["file"].open("rb") as file:
            reading = services.read_questions(file, options["format"])
        outcome = services.import_questions(
            bank=options["bank"], reading=reading, by=by, title=options["title"]
        )
        return {
            "imported": outcome.imported,
            "changed": outcome.changed,
            "unchanged": outcome.unchanged,
            "skipped": [_line(one) for one in map(asdict, outcome.left)],
            "notes": [_line(one) for one in map(asdict, outcome.notes)],
        }

    def words(self, result: Mapping[str, Any]) -> str:
        head = _("{imported} imported, {changed} changed, {unchanged} unchanged.").format(**result)
        lines = [head]
        for title, notes in ((_("Not taken:"), result["skipped"]), (_("Left out:"), result["notes"])):
            lines += [title] if notes else []
            lines += [f"  {one['where'] or '–'}: {one['name']}: {one['why']}" for one in notes]
        return "\n".join(lines)


def _line(one: dict[str, Any]) -> dict[str, str]:
    return {"name": one["name"], "why": one["why"], "where": one["where"]}
