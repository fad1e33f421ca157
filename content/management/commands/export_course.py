"""manage.py export_course CODE --out FILE."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from content import services
from lms.kernel.commands import Act


class Command(Act):
    help = "Write a whole course, with its media and questions, as one file for another installation."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("--out", required=True, metavar="FILE")

    def act(self, **options: Any) -> Mapping[str, Any]:
        content = services.export_course(code=options["code"])
        Path(options["out"]).write_bytes(content)
        return {"course": options["code"], "bytes": len(content)}
