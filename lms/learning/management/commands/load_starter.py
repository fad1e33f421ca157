"""manage.py load_starter: the courses that ship, from their files into the CMS."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from content import queries as content
from content.records.files import Curriculum, Fault, Module

from ... import services
from ...records import LoadedCourse

SHOWN = 1000


class Command(BaseCommand):
    help = "Load the courses that ship, and publish an edition of each that has changed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--course", metavar="CODE", help="only this course")
        parser.add_argument("--root", type=Path, help="another folder of the same form")
        parser.add_argument("--check", action="store_true", help="only read the files and tell every fault")
        parser.add_argument("--review", action="store_true", help="only write REVIEW.md anew")

    def handle(self, *args: Any, **options: Any) -> None:
        found = content.curriculum(options["root"])
        if options["review"]:
            (found.root / "REVIEW.md").write_text(content.review_list(found), encoding="utf-8")
            self.stdout.write(
                _("REVIEW.md written: {number} claims").format(number=len(list(found.claims())))
            )
            return
        self.tell(found)
        if options["check"]:
            self.stdout.write(_summary(found))
            for module in found.modules:
                self.stdout.write(_read(module))
            return
        wanted = options["course"]
        if wanted and wanted not in {course.code for course in found.courses}:
            raise CommandError(_("There is no course {course}.").format(course=wanted), returncode=2)
        for course in found.courses:
            if wanted in (None, course.code):
                self.stdout.write(_loaded(services.load_starter_course(found, course)))

    def tell(self, found: Curriculum) -> None:
        """Every fault to standard error; refuse if there is one."""
        for fault in found.faults[:SHOWN]:
            self.stderr.write(_fault(fault, found.root))
        for course, module in content.missing_modules(found):
            text = _("Course {course}: module {module} is not written yet")
            self.stderr.write(text.format(course=course, module=module))
        if found.faults:
            text = _("{number} faults; nothing was loaded")
            raise CommandError(text.format(number=len(found.faults)), returncode=1)


def _loaded(loaded: LoadedCourse) -> str:
    text = _(
        "{code}: {created} pages new, {changed} changed, {unchanged} unchanged, {kept} edited by people and "
        "left alone; edition {edition}"
    )
    return text.format(**asdict(loaded.pages), edition=loaded.edition or "–")


def _fault(fault: Fault, root: Path) -> str:
    text = _(fault.text).format(**dict(fault.details))
    return f"{fault.path.relative_to(root)}:{fault.line}: {text}"


def _read(module: Module) -> str:
    """The proxy of reading level, by module: how long its sentences are."""
    measured = content.readability_of(module)
    return _("{code}: {number} syllables a sentence, {share} % of sentences long").format(
        code=module.code, number=f"{measured.per_sentence:.1f}", share=f"{100 * measured.long_share:.1f}"
    )


def _summary(found: Curriculum) -> str:
    modules = found.modules
    return _(
        "{courses} courses, {modules} modules, {lessons} lessons, "
        "{scenarios} scenarios, {questions} questions"
    ).format(
        courses=len(found.courses),
        modules=len(modules),
        lessons=sum(len(module.lessons) for module in modules),
        scenarios=sum(len(module.scenarios) for module in modules),
        questions=sum(len(module.questions) for module in modules),
    )
