"""Draws the training of the demonstration's staff, and the targets that it is measured by.

In the chosen commune exactly 31 of the 40 whom target T1 counts are trained; the demonstration's learner and
the officer after them are among the other nine. The rows go in by the import commands, as everywhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from lms.roster.records import Demonstration, MadeUpPerson

PLATFORM_COURSES = ("A", "B", "B5", "C")
"""Courses that ship; until they are loaded their codes stand for themselves."""
CLASS_COURSES = (
    ("TH-CB", "Tập huấn cơ bản về tư vấn, cai nghiện và quản lý sau cai", "co_ban", "16"),
    ("TH-NC", "Tập huấn nâng cao: can thiệp và quản lý trường hợp", "nang_cao", "24"),
    ("TH-PN", "Tập huấn phòng ngừa ma túy trong trường học, nơi làm việc", "co_ban", "8"),
    ("NG-TV", "Tư vấn điều trị nghiện (nơi khác cấp)", "co_ban", "40"),
)
_LEVELS = {code: level for code, _title, level, _hours in CLASS_COURSES}
_HOURS = {code: hours for code, _title, _level, hours in CLASS_COURSES}
_T1 = frozenset({"QLNN", "TTCN", "TTSC"})
_T1_SINCE = date(2024, 1, 1)
_SCHOOLS = frozenset({"LDNT", "GVPN", "LDDN"})
_REASONS = ["thai_san", "om_dai", "biet_phai", "di_hoc"]

EVIDENCE_HEADER = (
    "person", "course", "level", "source", "completed_on", "hours", "score", "outcome", "valid_until",
    "reference", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Class:
    course: str
    number: int
    day: date


def targets(staff: Demonstration) -> list[dict[str, object]]:
    """T1–T4 of the four plans, for the city; T5 counts its communes."""
    year = staff.today.year
    common = {
        "issuer": "UBND thành phố Hải Phòng (trình diễn)",
        "unit": "31",
        "excluded_reasons": _REASONS,
        "period_start": _T1_SINCE.isoformat(),
        "period_end": date(year, 12, 31).isoformat(),
    }
    return [
        {
            **common,
            "code": "T1",
            "name": "Trên 80% cán bộ, công chức làm công tác quản lý nhà nước, người trực tiếp làm công tác "
            "cai nghiện ma túy, quản lý sau cai được tập huấn",
            "document": "Kế hoạch trình diễn số 01/KH-UBND",
            "operator": ">",
            "value": 80,
            "audiences": sorted(_T1),
            "courses": ["A", "B", "B5", "TH-CB", "TH-NC", "NG-TV"],
            "course_rule": "any",
        },
        {
            **common,
            "code": "T2",
            "name": "Trên 80% cán bộ cấp xã và cơ sở cai nghiện có ghi nhận tập huấn còn hiệu lực",
            "document": "Kế hoạch trình diễn số 02/KH-UBND",
            "operator": ">",
            "value": 80,
            "audiences": sorted(_T1),
            "unit_kinds": ["commune", "facility"],
            "courses": ["A", "B", "B5", "TH-CB", "TH-NC", "NG-TV"],
            "course_rule": "any",
            "must_be_valid": True,
            "window": "months:24",
        },
        {
            **common,
            "code": "T3",
            "name": "100% cán bộ quản lý và trực tiếp làm công tác cai nghiện tại cơ sở cai nghiện và cấp xã "
            "được đào tạo cơ bản và nâng cao",
            "document": "Kế hoạch trình diễn số 03/KH-UBND",
            "operator": "=",
            "value": 100,
            "audiences": ["LD", "TTCN", "TTSC"],
            "unit_kinds": ["commune", "facility"],
            "courses": ["A", "B", "TH-CB", "TH-NC", "NG-TV"],
            "course_rule": "levels",
            "levels": ["co_ban", "nang_cao"],
        },
        {
            **common,
            "code": "T4",
            "name": "100% cán bộ mới tham gia công tác trong 12 tháng qua được tập huấn kiến thức cơ bản",
            "document": "Kế hoạch trình diễn số 04/KH-UBND",
            "operator": "=",
            "value": 100,
            "audiences": [*sorted(_T1), "CTXH", "BCD", "YT"],
            "new_within_months": 12,
            "grace_days": 0,
            "courses": ["A", "B", "B5", "TH-CB", "NG-TV"],
            "course_rule": "any",
        },
        {
            "issuer": common["issuer"],
            "unit": common["unit"],
            "code": "T5",
            "name": "100% xã, phường, đặc khu có trường học tổ chức hoạt động phòng ngừa tại trường học",
            "document": "Kế hoạch trình diễn số 05/KH-UBND",
            "counts": "units",
            "operator": "=",
            "value": 100,
            "unit_kinds": ["commune"],
            "having": "school",
            "activities": ["phong_ngua_truong_hoc"],
            "period_start": date(year, 1, 1).isoformat(),
            "period_end": date(year, 12, 31).isoformat(),
        },
    ]


@dataclass(frozen=True, slots=True)
class MadeUpActivity:
    """What a commune held; `waits`: nobody has approved it yet."""

    unit: str
    day: date
    title: str
    place: str
    participants: int
    waits: bool


_HELD = (
    "Nói chuyện chuyên đề: kỹ năng từ chối cho học sinh lớp 8, 9",
    "Ngoại khóa phòng ngừa ma túy, thuốc lá điện tử",
    "Sinh hoạt dưới cờ: nhận biết và phòng tránh chất gây nghiện",
    "Tập huấn giáo viên chủ nhiệm về phát hiện sớm, hỗ trợ học sinh",
)


def activities(units: Sequence[str], today: date, *, seed: int) -> list[MadeUpActivity]:
    """Most of these units held something at a school this year, a few wait for approval, some not."""
    random = Random(seed)  # noqa: S311 — communes, not keys
    first = max(date(today.year, 1, 5), date(2025, 7, 2))  # communes of today exist from then on
    found = []
    for unit in units:
        chance = random.random()
        if chance > 0.8:
            continue
        day = first + timedelta(days=random.randrange(max((today - first).days, 1)))
        found.append(
            MadeUpActivity(
                unit, day, random.choice(_HELD), "Trường THCS trên địa bàn", random.randrange(60, 420),
                waits=chance > 0.74,
            )
        )  # fmt: skip
    return found


def evidence(staff: Demonstration, *, seed: int) -> list[tuple[Any, ...]]:
    """Records of classes and of training elsewhere, in the columns of EVIDENCE_HEADER."""
    return list(_Training(staff, Random(seed)).rows())  # noqa: S311 — people, not keys


Row = tuple[Any, ...]


def with_papers(rows: Sequence[Row], most: int) -> tuple[list[Row], list[Row]]:
    """Those who declare their own training with its paper, so many at most; and all others."""
    waiting = [row for row in rows if row[-1] == "declared" and row[1] == "TH-CB"][:most]
    return waiting, [row for row in rows if row not in waiting]


class _Training:
    def __init__(self, staff: Demonstration, random: Random) -> None:
        self.staff = staff
        self.random = random
        self.classes = {
            course: [_Class(course, n, day) for n, day in enumerate(self._days(count), start=1)]
            for course, count in (("TH-CB", 16), ("TH-NC", 8), ("TH-PN", 8))
        }
        self.zeal: dict[str, float] = {}

    def _days(self, count: int) -> list[date]:
        span = (self.staff.today - date(2024, 3, 4)).days
        return [date(2024, 3, 4) + timedelta(days=span * n // count + n % 3) for n in range(count)]

    def rows(self) -> Iterable[tuple[object, ...]]:
        people = {person.code: person for person in self.staff.people}
        chosen = self._counted()
        yield from self._chosen_commune(chosen)
        for person in people.values():
            if person not in chosen and person.code != self.staff.on_leave:
                yield from self._elsewhere(person)

    def _counted(self) -> list[MadeUpPerson]:
        """Whom T1 counts in the chosen commune."""
        return [
            person
            for person in self.staff.people
            if person.unit == self.staff.commune
            and _T1 & set(person.audiences)
            and person.code != self.staff.on_leave
        ]

    def _chosen_commune(self, counted: list[MadeUpPerson]) -> Iterable[tuple[object, ...]]:
        waiting = {self.staff.learner, self.staff.next_learner}
        others = [person for person in counted if person.code not in waiting]
        untrained, trained = others[:7], others[7:]
        for number, person in enumerate(trained):
            if number % 8 == 5:
                yield self._outside(person)
            else:
                yield self._attended_class(person, "TH-CB")
            if number % 3 == 0:
                yield self._attended_class(person, "TH-NC")
        yield self._attended_class(untrained[0], "TH-CB", status="declared")
        for person in untrained[1:3]:
            yield self._long_ago(person)
        yield self._attended_class(untrained[3], "TH-CB", outcome="attended")

    def _elsewhere(self, person: MadeUpPerson) -> Iterable[tuple[object, ...]]:
        random = self.random
        zeal = self.zeal.setdefault(person.unit, 0.45 + 0.55 * random.random())
        course = "TH-PN" if _SCHOOLS & set(person.audiences) else "TH-CB"
        chance = random.random() / zeal
        if chance < 0.08:
            yield self._outside(person)
        elif chance < 0.82:
            yield self._attended_class(person, course)
        elif chance < 0.88:
            yield self._attended_class(person, course, status="declared")
        elif chance < 0.93:
            yield self._long_ago(person)
        elif chance < 0.97:
            yield self._attended_class(person, course, outcome="attended")
        if chance < 0.3 and course == "TH-CB":
            yield self._attended_class(person, "TH-NC")

    def _attended_class(
        self, person: MadeUpPerson, course: str, *, outcome: str = "passed", status: str = "approved"
    ) -> tuple[object, ...]:
        held = [each for each in self.classes[course] if each.day >= person.since] or self.classes[course][
            -1:
        ]
        chosen = self.random.choice(held)
        score = "" if outcome == "attended" else f"{5 + self.random.randrange(11) / 2:.1f}"
        reference = f"QĐ {200 + chosen.number}/QĐ-CATP, lớp {course}-{chosen.number:02}"
        return self._row(person, course, "class", chosen.day, score, outcome, reference, status)

    def _outside(self, person: MadeUpPerson) -> tuple[object, ...]:
        day = self.staff.today - timedelta(days=self.random.randrange(20, 500))
        return self._row(
            person, "NG-TV", "external", day, "8.0", "passed", f"GCN {person.code}/TV", "approved"
        )

    def _long_ago(self, person: MadeUpPerson) -> tuple[object, ...]:
        """Before the period that T1 looks at."""
        day = date(2023, 2, 1) + timedelta(days=self.random.randrange(300))
        return self._row(
            person, "TH-CB", "class", day, "7.0", "passed", f"GCN {person.code}/2023", "approved"
        )

    def _row(
        self,
        person: MadeUpPerson,
        course: str,
        source: str,
        day: date,
        score: str,
        outcome: str,
        reference: str,
        status: str,
    ) -> tuple[object, ...]:
        valid = date(day.year + 3, day.month, min(day.day, 28))
        level, hours = _LEVELS[course], _HOURS[course]
        return person.code, course, level, source, day, hours, score, outcome, valid, reference, status
