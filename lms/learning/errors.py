"""Refusals of this room: each has a code for programs and a sentence for people."""

from django.utils.translation import gettext_lazy as _

from content.enums import Admission
from lms.kernel.errors import Refused


class NotEnrolled(Refused):
    code = "not_enrolled"

    def __init__(self, course: str) -> None:
        super().__init__(_("You have not begun the course {course}.").format(course=course))


class DueInThePast(Refused):
    code = "due_in_the_past"

    def __init__(self) -> None:
        super().__init__(_("The deadline lies in the past. Choose today or a later day."))


class NobodyChosen(Refused):
    code = "nobody_chosen"

    def __init__(self) -> None:
        super().__init__(_("Nobody is chosen. Tick at least one name."))


class NotFinished(Refused):
    code = "not_finished"

    def __init__(self) -> None:
        super().__init__(_("Something of the course is still to be done."))


class WordsTooMany(Refused):
    code = "words_too_many"

    def __init__(self, most: int) -> None:
        super().__init__(_("That is longer than {most} letters. Please say it shorter.").format(most=most))


class EnrolmentClosed(Refused):
    code = "enrolment_closed"

    def __init__(self, admission: Admission) -> None:
        super().__init__(CLOSED[admission])


CLOSED = {
    Admission.UNIT: _("This course is given by the unit: ask the head of your unit to assign it to you."),
    Admission.DUTY: _("This course is for those of whom a target demands it."),
}


class AssignedByTargetsAlone(Refused):
    code = "assigned_by_targets_alone"

    def __init__(self) -> None:
        super().__init__(_("This course is for those of whom a target demands it: it needs no assigning."))
