"""The least valid rows of learning."""

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from content.models import Course
from lms.learning.models import Completion
from lms.roster.models import Person

_number = itertools.count(1)


def course(
    code: str = "", title: str = "Kỹ năng tư vấn", *, level: str = "co_ban", hours: str = "8"
) -> Course:
    return Course.objects.create(
        code=code or f"K{next(_number)}", title=title, level=level, hours=Decimal(hours)
    )


def completion(
    who: Person, what: Course, *, on: date, edition: int = 1, score: str | None = "90", **more: Any
) -> Completion:
    return Completion.objects.create(
        person=who,
        course=what,
        edition=edition,
        title=what.title,
        level=what.level,
        hours=what.hours,
        score=Decimal(score) if score else None,
        completed_on=on,
        **more,
    )
