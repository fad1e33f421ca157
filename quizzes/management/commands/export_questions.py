"""manage.py export_questions --bank CODE --format FORMAT [--out FILE]."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from lms.kernel.commands import Act
from quizzes import services, wordings
from quizzes.formats import FORMATS


class Command(Act):
    help = "Write a bank's questions to a file; every question that the format cannot carry is named."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--bank", required=True, metavar="CODE")
        parser.add_argument("--out", type=Path, metavar="FILE", help="default: standard output, for texts")

    def act(self, **options: Any) -> Mapping[str, Any]:
        form = FORMATS[options["format"]]
        out: Path | None = options["out"]
        if out is None and not form.media_type.startswith("text/"):
            self.wrong_usage(_("This format is no text: name a file with --out."))
        written = services.export_questions(bank=options["bank"], form=options["format"])
        left = [{"name": one.name, "why": wordings.line(one).why} for one in written.left]
        notes = [{"name": one.name, "why": wordings.line(one).why} for one in written.notes]
        result = {"exported": written.count, "skipped": left, "notes": notes}
        if out is not None:
            out.write_bytes(written.content)
            return result
        for one in [*left, *notes]:
            self.stderr.write(f"{one['name']}: {one['why']}")
        return {**result, "content": written.content.decode()}

    def words(self, result: Mapping[str, Any]) -> str:
        if "content" in result:
            return str(result["content"])
        lines = [_("{count} exported.").format(count=result["exported"])]
        return "\n".join(
            lines + [f"  {one['name']}: {one['why']}" for one in [*result["skipped"], *result["notes"]]]
        )
