"""manage.py verify_certificate: a paper's file, checked against the keys of the installation."""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.checking import Judged, judged
from lms.kernel.commands import day_argument

FIELDS = ("title", "number", "holder", "holder_line", "course", "details", "place_and_date", "valid_line")


class Command(BaseCommand):
    help = "Check a certificate's PDF or JSON against our keys, the register and the ledger."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--on", type=day_argument, help="the day that matters; default: today")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file {name}.").format(name=path), returncode=2)
        answer = judged(path.read_bytes(), options["on"] or timezone.localdate())
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(answer), ensure_ascii=False))
        else:
            self.stdout.write(
                "\n".join([*(answer.paper.get(f, "") for f in FIELDS), _verdict(answer)]).strip()
            )
        if answer.state != "valid":
            raise SystemExit(1)


def _verdict(answer: Judged) -> str:
    if answer.state == "valid":
        return "valid"
    if answer.state == "revoked" and answer.revoked_on:
        return f"revoked (as of {answer.revoked_on.isoformat()})"
    if answer.state == "expired" and answer.last_day:
        return f"expired (last day {answer.last_day.isoformat()})"
    return f"not genuine ({answer.state})"


def _as_json(answer: Judged) -> dict[str, Any]:
    def iso(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        "state": answer.state,
        "verdict": _verdict(answer),
        "on": answer.on.isoformat(),
        "paper": answer.paper,
        "revoked_on": iso(answer.revoked_on),
        "last_day": iso(answer.last_day),
        "checks": {finding.code: finding.good for finding in answer.findings},
    }
