"""«Việc cần học»: what I must do, by when, why; what I may do besides. Over records of other rooms."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lms.coverage.records import Duty, Need
from lms.learning.records import AssignedToMe, CourseOfMine


@dataclass(frozen=True)
class Task:
    """One course to learn: why, by when, and where the one button leads."""

    course_code: str
    title: str
    why: tuple[str, ...]
    due: date | None
    course: CourseOfMine | None

    @property
    def begun(self) -> bool:
        return self.course is not None


def tasks(
    duties: Iterable[Duty],
    courses: Iterable[CourseOfMine],
    offered: Iterable[str],
    assigned: Iterable[tuple[AssignedToMe, str]] = (),
) -> list[Task]:
    """The courses to take for open duties, of those taught here, and those that the unit has assigned.

    The nearest deadline first, then the short. `assigned` comes with words that say who asks.

    Where any one of several courses will do, the one begun is meant, else the shortest. A course that several
    targets ask for is one task; a course begun by oneself and not finished comes last.
    """
    mine = {course.course_code: course for course in courses}
    begun = {code for code, course in mine.items() if course.completed_on is None}
    taught = set(offered)
    found: dict[str, Task] = {}
    lengths: dict[str, Decimal] = {}
    for duty in duties:
        if not duty.open:
            continue
        due = duty.target.period_end
        for need in chosen([n for n in duty.needs if n.course_code in taught], duty, begun):
            before = found.get(need.course_code)
            lengths[need.course_code] = need.hours or Decimal(0)
            found[need.course_code] = Task(
                need.course_code,
                need.title,
                (*(before.why if before else ()), duty.target.name),
                min(before.due, due) if before and before.due else due,
                mine.get(need.course_code),
            )
    for ask, why in assigned:
        before = found.get(ask.course_code)
        lengths.setdefault(ask.course_code, Decimal(0))
        found[ask.course_code] = Task(
            ask.course_code,
            ask.title,
            (*(before.why if before else ()), why),
            min(filter(None, (before.due if before else None, ask.due)), default=None),
            mine.get(ask.course_code),
        )
    asked = sorted(
        found.values(),
        key=lambda task: (task.due or date.max, not task.begun, lengths[task.course_code], task.course_code),
    )
    own = [
        Task(code, mine[code].title, (), mine[code].due, mine[code]) for code in sorted(begun - found.keys())
    ]
    return [*asked, *own]


def chosen(needs: Sequence[Need], duty: Duty, begun: Set[str]) -> list[Need]:
    """The least to take of these needs for one duty."""
    missing = [need for need in needs if not need.done]

    def easiest(some: Iterable[Need]) -> list[Need]:
        ordered = sorted(
            some, key=lambda n: (n.course_code not in begun, n.hours or Decimal(0), n.course_code)
        )
        return ordered[:1]

    if duty.course_rule == "any":
        return easiest(missing)
    if duty.course_rule == "levels":
        have = {need.level for need in duty.needs if need.done}
        return [
            need
            for level in duty.levels
            if level not in have
            for need in easiest(n for n in missing if n.level == level)
        ]
    return missing
