"""«Việc cần học»: which courses, in which order, and why."""

from datetime import date
from decimal import Decimal
from typing import Any

from lms.coverage.records import Duty, Need, TargetListed
from lms.portal.todo import tasks


def duty(*needs: Need, rule: str = "any", standing: str = "not_started", end: date, **more: Any) -> Duty:
    target = TargetListed(
        "T", 1, more.pop("name", "Chỉ tiêu"), "", "", ">", "80", 1, "31", date(2026, 1, 1), end
    )
    return Duty(target, standing, (), rule, more.pop("levels", ()), needs, (), (), ())


A = Need("A", "Tư vấn", False, "co_ban", Decimal(9))
B = Need("B", "Ma túy tổng hợp", False, "nang_cao", Decimal(8))
B5 = Need("B5", "Cấp cứu", False, "nang_cao", Decimal("1.5"))
ELSEWHERE = Need("X", "Lớp ở tỉnh", False, "co_ban", Decimal(1))
TAUGHT = ["A", "B", "B5"]
SOON, LATE = date(2026, 6, 14), date(2026, 12, 14)


def codes(*duties: Duty) -> list[str]:
    return [task.course_code for task in tasks(duties, [], TAUGHT)]


def test_where_any_course_will_do_the_shortest_that_is_taught_here_is_meant() -> None:
    assert codes(duty(A, B, B5, ELSEWHERE, end=LATE)) == ["B5"]


def test_where_every_level_is_asked_one_course_of_each_is_meant() -> None:
    assert codes(duty(A, B, B5, rule="levels", levels=("co_ban", "nang_cao"), end=LATE)) == ["B5", "A"]


def test_where_all_are_asked_what_is_done_is_left_out() -> None:
    done = Need("A", "Tư vấn", True)
    assert codes(duty(done, B, rule="all", end=LATE)) == ["B"]


def test_the_nearest_deadline_comes_first_and_one_course_for_two_targets_is_one_task() -> None:
    found = tasks(
        [duty(B5, end=LATE, name="Một"), duty(B5, end=SOON, name="Hai"), duty(A, end=SOON)], [], TAUGHT
    )
    assert [(t.course_code, t.due, t.why) for t in found] == [
        ("B5", SOON, ("Một", "Hai")),
        ("A", SOON, ("Chỉ tiêu",)),
    ]


def test_a_duty_that_is_fulfilled_or_excused_or_waits_asks_for_nothing() -> None:
    assert codes(*(duty(A, end=LATE, standing=s) for s in ("trained", "excluded", "pending"))) == []
