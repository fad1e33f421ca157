"""Courses that are not on the platform: code, title, level, hours."""

from pathlib import Path
from typing import IO

from django.db import transaction

from content.queries import course_anchors
from content.services import state_course
from lms.kernel.cells import decimal, text
from lms.kernel.faults import Faults
from lms.kernel.queries import ledger_size
from lms.kernel.tables import Column, Table
from lms.kernel.tally import Tally

from .cells import level

COURSES = Table(
    Column("code", "mã khóa học", text(longest=32), required=True),
    Column("title", "tên khóa học", text(longest=255), required=True),
    Column("level", "trình độ", level, default=""),
    Column("hours", "số giờ", decimal(places=2), default=None),
)


@transaction.atomic
def import_courses(source: Path | IO[bytes], *, name: str, dry_run: bool = False) -> Tally:
    """State courses by their codes. Raises FileRefused with all that is wrong; then nothing is written."""
    faults = Faults(name)
    rows = list(COURSES.read(source, faults))
    faults.check()
    tally = Tally()
    known = course_anchors({row["code"] for row in rows})
    for row in rows:
        before = known.get(row["code"])
        if before is None:
            tally.created += 1
        elif (before.title, before.level, before.hours) == (row["title"], row["level"], row["hours"]):
            tally.unchanged += 1
            continue
        else:
            tally.corrected += 1
        if not dry_run:
            state_course(code=row["code"], title=row["title"], level=row["level"], hours=row["hours"])
    tally.ledger = ledger_size()
    return tally
