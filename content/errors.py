"""Refusals of this room: each has a code for programs and a sentence for people."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lms.kernel.errors import Refused


class NoSuchCourse(Refused):
    code = "no_such_course"

    def __init__(self, course: str) -> None:
        super().__init__(_("There is no course {course}.").format(course=course))


class NoSuchEdition(Refused):
    code = "no_such_edition"

    def __init__(self, course: str) -> None:
        super().__init__(_("The course {course} is not published.").format(course=course))


class NoSuchLesson(Refused):
    code = "no_such_lesson"

    def __init__(self, position: int) -> None:
        super().__init__(_("There is no lesson {position} in this course.").format(position=position))


class NotAManuscript(Refused):
    """The text is English with named placeholders, marked for translation where it is raised."""

    code = "not_a_manuscript"

    def __init__(self, text: str, **details: object) -> None:
        self.text, self.details = text, details
        super().__init__(format_lazy(_(text), **details))


class MayNotWriteHere(Refused):
    code = "may_not_write_here"

    def __init__(self) -> None:
        super().__init__(_("You may write only in your own courses."))


class PackageRefused(Refused):
    """Not a course of this platform, damaged, or altered on the way."""

    code = "package_refused"
