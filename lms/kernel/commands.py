"""How commands speak: the result on standard output, all else on standard error.

They exit with 0 when done, 1 when refused (nothing changed), 2 on wrong usage.
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from lms.kernel.errors import Refused
from lms.kernel.faults import FileRefused


class Act(BaseCommand):
    """A command that does one thing with the operator's rights, or with those of who is named by --by."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--by", metavar="CODE", help="who answers for it; default: the operator")

    def act(self, **options: Any) -> Mapping[str, Any]:
        """Do it, and return the result."""
        raise NotImplementedError

    def words(self, result: Mapping[str, Any]) -> str:
        """The result for people."""
        return "\n".join(f"{name}: {value}" for name, value in result.items())

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self.act(**options)
        except Refused as refusal:
            self._refuse(refusal, as_json=options["json"])
        self.stdout.write(
            json.dumps(result, ensure_ascii=False) if options["json"] else self.words(result).rstrip()
        )

    def wrong_usage(self, sentence: object) -> NoReturn:
        raise CommandError(str(sentence), returncode=2)

    def progress(self, unit: str) -> Callable[[int], None]:
        """Shows how far the work is, where standard error is a terminal."""
        bar = tqdm(unit=unit, disable=None, file=sys.stderr, leave=False)

        def show(done: int) -> None:
            bar.update(done - bar.n if done >= bar.n else 0)

        return show

    def _refuse(self, refusal: Refused, *, as_json: bool) -> NoReturn:
        self.stderr.write(str(refusal))
        if as_json:
            details = refusal.as_json() if isinstance(refusal, FileRefused) else {"message": str(refusal)}
            self.stdout.write(json.dumps({"refused": refusal.code, **details}, ensure_ascii=False))
        sys.exit(1)


class ImportAct(Act):
    """A command that takes a file in."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=file_argument, help="CSV in UTF-8, or XLSX")
        parser.add_argument("--dry-run", action="store_true", help="only show what would change")


def file_argument(value: str) -> Path:
    """For argparse: a file that is there."""
    path = Path(value)
    if not path.is_file():
        raise ValueError(f"there is no file {value}")
    return path


def day_argument(value: str) -> date:
    """For argparse: a day as YYYY-MM-DD."""
    return date.fromisoformat(value)
