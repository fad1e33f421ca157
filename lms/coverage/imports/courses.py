"""Courses that are not on the platform: code, title, level, hours."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from content.queries import CourseAnchor, course_anchors, taught_here
from content.services import state_course
from lms.kernel.cells import decimal, text
from lms.kernel.faults import Faults
from lms.kernel.queries import ledger_size
from lms.kernel.services import Actor
from lms.kernel.tables import Column, Row, Table
from lms.kernel.tally import Tally

from .cells import level

COURSES = Table(
    Column("code", "mã khóa học", text(longest=32), required=True),
    Column("title", "tên khóa học", text(longest=255), required=True),
    Column("level", "trình độ", level, default=""),
    Column("hours", "số giờ", decimal(places=2), default=None),
)
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One course that the file adds or corrects, and what was recorded of it."""

    line: int
    stated: Row
    before: CourseAnchor | None


@dataclass(slots=True)
class Read(Tally):
    """Counts of an import of courses, and the first changes line by line."""

    changes: list[Change] = field(default_factory=list)


@transaction.atomic
def import_courses(
    source: Path | IO[bytes],
    *,
    name: str,
    by: Actor,
    only_elsewhere: bool = False,
    may_correct: bool = True,
    dry_run: bool = False,
    most_rows: int | None = None,
) -> Read:
    """State courses by their codes. Raises FileRefused with all that is wrong; then nothing is written.

    With `only_elsewhere` the file changes no course that has pages here. Without `may_correct` it only adds.
    """
    faults = Faults(name)
    rows = list(COURSES.read(source, faults, most_rows=most_rows))
    _once_each(rows, faults)
    known = course_anchors({row["code"] for row in rows})
    here = taught_here(known) if only_elsewhere else set()
    read = Read()
    changes: list[Change] = []
    for row in rows:
        before = known.get(row["code"])
        if before is not None and _same(before, row):
            read.unchanged += 1
            continue
        if before is not None and before.code in here:
            faults.add(row.line, "code", _("this course is taught here; its pages say what it is"))
        elif before is not None and not may_correct:
            faults.add(
                row.line, "code", _("is recorded otherwise; who administers the whole country corrects it")
            )
        changes.append(Change(row.line, row, before))
    faults.check()
    read.changes = changes[:_SHOWN]
    read.created = sum(change.before is None for change in changes)
    read.corrected = len(changes) - read.created
    if not dry_run:
        for change in changes:
            state_course(**change.stated, by=by)
    read.ledger = ledger_size()
    return read


def _once_each(rows: list[Row], faults: Faults) -> None:
    stated: dict[str, int] = {}
    for row in rows:
        other = stated.setdefault(row["code"], row.line)
        if other != row.line:
            faults.add(row.line, "code", _("states the same course as line {other}").format(other=other))


def _same(before: CourseAnchor, row: Row) -> bool:
    return (before.title, before.level, before.hours) == (row["title"], row["level"], row["hours"])
