"""manage.py import_course FILE [--code CODE] [--by CODE]."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from content import services
from lms.kernel.commands import Act


class Command(Act):
    help = "Make a draft of a course that another installation has exported."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--code", default="", help="another code, where the course's own is taken")

    def act(self, **options: Any) -> Mapping[str, Any]:
        by = get_user_model().objects.filter(username=options["by"]).first() if options["by"] else None
        if options["by"] and by is None:
            self.wrong_usage(_("Nobody signs in as {code}.").format(code=options["by"]))
        path = Path(options["file"])
        if not path.is_file():
            self.wrong_usage(_("There is no file {name}.").format(name=path.name))
        with path.open("rb") as file:
            page, left = services.import_course(file=file, by=by, code=options["code"])
        return {"course": page.code, "title": page.title, "quizzes_left_as_they_are": left}
