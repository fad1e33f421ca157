"""manage.py verify_report FILE: is an exported report still what the facts give?"""

import json
import sys
from typing import Any

from lms.kernel.commands import Act, file_argument
from lms.reports.checking import checked
from lms.reports.errors import NotAReport


class Command(Act):
    help = "Compute an exported report anew from the facts; says `same`, or what differs (exit 1)."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=file_argument)

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = checked(options["file"].read_bytes())
        if verdict is None:
            self._refuse(NotAReport(options["file"].name), as_json=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(verdict.as_json(), ensure_ascii=False))
        else:
            self.stdout.write("same" if verdict.same else "\n".join(("differs", *verdict.differences)))
        if not verdict.same:
            sys.exit(1)
