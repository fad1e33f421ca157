"""manage.py verify_receipt: what a learner shows, checked against our keys and what is stored."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from lms.kernel.commands import Act, file_argument
from quizzes import queries
from quizzes.records import CheckedReceipt


class Command(Act):
    help = "Check the receipt of an attempt: signed by us, and are the stored answers still those?"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=file_argument)

    def act(self, **options: Any) -> Mapping[str, Any]:
        checked = queries.check_receipt(options["file"].read_text(errors="replace"))
        return {
            "state": checked.state,
            "attempt": str(checked.attempt) if checked.attempt else None,
            "answers": checked.answers,
            "at": checked.at.isoformat() if checked.at else None,
            "verdict": _verdict(checked),
        }

    def words(self, result: Mapping[str, Any]) -> str:
        return str(result["verdict"])

    def handle(self, *args: Any, **options: Any) -> None:
        result = self.act(**options)
        words = json.dumps(result, ensure_ascii=False) if options["json"] else self.words(result)
        self.stdout.write(words)
        if result["state"] != "genuine":
            sys.exit(1)


def _verdict(checked: CheckedReceipt) -> str:
    match checked.state:
        case "genuine":
            return _("Genuine: handed in at {time}, and the stored answers are those.").format(
                time=checked.at
            )
        case "differs":
            return _("Genuine, but what is stored is not what was handed in.")
        case "unknown":
            return _("Genuine, but there is no such attempt here any more.")
    return _("Not genuine: signed by no key of ours, or altered.")
