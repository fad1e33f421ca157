"""Who may begin a course. Learning knows no target; the room that does plugs in what it knows."""

from collections.abc import Callable
from datetime import date

from content import queries as content
from content.enums import Admission
from content.records.editions import EditionListed

from .enums import Reason
from .errors import EnrolmentClosed
from .queries import assignment_of

Duty = Callable[[int, str, date], bool]
"""(person id, course code, day) → whether something demands this course of this person."""

_duties: list[Duty] = []


def add_duty(duty: Duty) -> None:
    """Let in whom `duty` names, however a course is closed: what is demanded must be possible."""
    if duty not in _duties:
        _duties.append(duty)


def require_admission(person_id: int, edition: EditionListed, on: date, reason: Reason) -> None:
    """EnrolmentClosed unless the person may begin the course, asked by themselves or by their unit."""
    admission = content.admission(edition.code)
    if not _admits(admission, person_id, edition, on, reason):
        raise EnrolmentClosed(admission)


def may_begin(person_id: int, edition: EditionListed, on: date) -> bool:
    """Whether the person may begin the course by themselves now."""
    return _admits(content.admission(edition.code), person_id, edition, on, Reason.SELF)


def _admits(admission: Admission, person_id: int, edition: EditionListed, on: date, reason: Reason) -> bool:
    if admission == Admission.OPEN:
        return True
    by_unit = reason == Reason.MANAGER or assignment_of(person_id, edition.course, on) is not None
    if admission == Admission.UNIT and by_unit:
        return True
    return any(duty(person_id, edition.code, on) for duty in _duties)
