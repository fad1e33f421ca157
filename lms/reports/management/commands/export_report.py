"""manage.py export_report ID: a closed report as a file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from lms.kernel.commands import Act
from lms.reports.enums import FileFormat
from lms.reports.queries import exported, report_by_id
from lms.reports.services import write_figure


class Command(Act):
    help = "Write a closed report as JSON, XLSX or PDF for `verify_report`, or as DOCX to edit and sign."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("report", type=int, metavar="ID")
        parser.add_argument("--format", choices=["json", *FileFormat.values], default="json")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def act(self, **options: Any) -> Mapping[str, Any]:
        report = report_by_id(options["report"])
        if options["format"] == "json":
            text = json.dumps(exported(report), ensure_ascii=False, indent=1)
            options["out"].write_text(text + "\n", encoding="utf-8")
        else:
            written = write_figure(closed=report, format_=FileFormat(options["format"]))
            options["out"].write_bytes(written.content)
        return {"report": report.pk, "sha256": report.sha256, "file": str(options["out"])}
