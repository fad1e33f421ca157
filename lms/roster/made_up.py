"""Draws the demonstration's staff: real units of Hải Phòng, made-up people, their postings and absences.

The same seed and day give the same people. Nothing is written here; `services.load_demonstration` does that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from lms.kernel.faults import Faults

from .imports.tables import UNITS
from .names import Names
from .records import MadeUpPerson

PROVINCE: Final = "31"
COMMUNE: Final = "11443"
"""Phường Kiến An: forty people count for target T1 there, thirty-one of them trained."""
REFORM = date(2025, 7, 1)
HANDOVER = date(2025, 3, 1)
"""Rehabilitation went from the labour department to the police."""
T1_AUDIENCES = frozenset({"QLNN", "TTCN", "TTSC"})
REAL_UNITS = Path(__file__).resolve().parent / "data" / "units.csv"
_COUNTED = 40

_COMMUNE_STAFF = (
    ("Chủ tịch Ủy ban nhân dân", "LD;QLNN;BCD"),
    ("Phó Chủ tịch Ủy ban nhân dân", "LD;QLNN;BCD"),
    ("Trưởng phòng Văn hóa – Xã hội", "LD;QLNN"),
    ("Công chức phòng Văn hóa – Xã hội", "QLNN;TTSC"),
    ("Trưởng Công an", "CA;QLNN;LD"),
    ("Cán bộ Công an", "CA;TTSC"),
    ("Cán bộ Công an", "CA;QLNN"),
    ("Cộng tác viên công tác xã hội", "CTXH"),
    ("Chủ tịch Hội Liên hiệp Phụ nữ", "DT"),
    ("Bí thư Đoàn Thanh niên", "DT"),
    ("Tổ trưởng tổ dân phố", "BCD"),
    ("Công chức thống kê", "QLNN;TK"),
    ("Công chức phòng Văn hóa – Xã hội", "QLNN"),
    ("Chủ tịch Hội Cựu chiến binh", "DT"),
    ("Tổ trưởng tổ dân phố", "BCD"),
)
_ORDINARY = (_COMMUNE_STAFF[3], _COMMUNE_STAFF[5], _COMMUNE_STAFF[6], _COMMUNE_STAFF[12])
_CENTRE_STAFF = (
    ("Giám đốc", "LD;QLNN", 1),
    ("Phó Giám đốc", "LD;QLNN", 2),
    ("Cán bộ quản lý, giáo dục", "TTCN", 24),
    ("Y sĩ", "YT;TTCN", 7),
    ("Bác sĩ", "YT", 2),
    ("Nhân viên công tác xã hội", "CTXH;TTCN", 6),
    ("Nhân viên bảo vệ", "BV", 10),
    ("Nhân viên thống kê", "TK", 2),
)
_HIGH_SCHOOLS = (
    "Kiến An", "Trần Phú", "Ngô Quyền", "Lê Hồng Phong", "Thái Phiên", "Đồng Hòa", "Hồng Bàng", "Hải An",
    "An Dương", "Vĩnh Bảo", "Tiên Lãng", "Cát Bà", "Nguyễn Trãi", "Hồng Quang", "Chí Linh", "Nam Sách",
    "Kinh Môn", "Gia Lộc", "Ninh Giang", "Thanh Hà",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Human:
    code: str
    full_name: str
    birth_date: date


class Staff:
    """Draws people and gives them postings; nothing is written here."""

    def __init__(self, random: Random, today: date) -> None:
        self.random = random
        self.today = today
        self.names = Names(random)
        self.units: list[tuple[object, ...]] = []
        self.postings: list[tuple[object, ...]] = []
        self.people: list[MadeUpPerson] = []
        self.sign_ins: dict[str, str] = {}
        self.learner = self.next_learner = self.on_leave = ""
        self._drawn = 0
        self._read_communes()

    def _read_communes(self) -> None:
        """The communes of the city today, and those that went into each."""
        rows = list(UNITS.read(REAL_UNITS, Faults()))
        self.communes = {
            row["code"]: row["name"] for row in rows if row["parent"] == PROVINCE and row["kind"] == "commune"
        }
        self.before: dict[str, list[str]] = {}
        for row in rows:
            if row["kind"] == "commune" and row["until"] == REFORM:
                self.before.setdefault(row["successor"] or row["code"], []).append(row["code"])
        self.before[COMMUNE] = ["11431", "11434", "11437", COMMUNE]

    # Units --------------------------------------------------------------------------------------

    def found_units(self) -> None:
        long_ago = date(2020, 1, 1)
        self._unit("HP-SYT", "Sở Y tế thành phố Hải Phòng", "department", PROVINCE, "y tế", long_ago)
        self._unit(
            "HP-SGDDT", "Sở Giáo dục và Đào tạo thành phố Hải Phòng", "department", PROVINCE, "giáo dục",
            long_ago,
        )  # fmt: skip
        self._unit("HP-CATP", "Công an thành phố Hải Phòng", "department", PROVINCE, "công an", long_ago)
        self._unit(
            "HP-PC04", "Phòng Cảnh sát điều tra tội phạm về ma túy", "department", "HP-CATP", "công an",
            long_ago,
        )  # fmt: skip
        self._unit(
            "HP-SLDTBXH", "Sở Lao động – Thương binh và Xã hội", "department", PROVINCE, "lao động", long_ago,
            HANDOVER,
        )  # fmt: skip
        for number in (1, 2, 3):
            code, name = f"HP-CSCN{number}", f"Cơ sở cai nghiện ma túy số {number}"
            self._unit(code, name, "facility", "HP-SLDTBXH", "lao động", long_ago, HANDOVER)
            self._unit(code, name, "facility", "HP-CATP", "công an", HANDOVER)
        for number in range(1, 5):
            name = f"Tòa án nhân dân khu vực {number} – Hải Phòng"
            self._unit(f"HP-TA{number}", name, "department", PROVINCE, "tòa án", REFORM)
        for number in range(1, 7):
            name = f"Công ty may xuất khẩu số {number}"
            self._unit(f"HP-DN{number}", name, "company", PROVINCE, "doanh nghiệp", long_ago)
        for number, name in enumerate(_HIGH_SCHOOLS, start=1):
            code = f"HP-THPT{number:02}"
            self._unit(code, f"Trường THPT {name}", "school", "HP-SGDDT", "giáo dục", long_ago)
        for number, (code, name) in enumerate(self.communes.items()):
            short = name.split(" ", 1)[1]
            if code == COMMUNE or not number % 3:
                self._unit(f"{code}-TYT", f"Trạm Y tế {_lower(name)}", "facility", code, "y tế", REFORM)
            if code == COMMUNE or not number % 6:
                self._unit(f"{code}-THCS", f"Trường THCS {short}", "school", code, "giáo dục", REFORM)

    def _unit(
        self,
        code: str,
        name: str,
        kind: str,
        parent: str,
        sector: str,
        since: date,
        until: date | None = None,
    ) -> None:
        self.units.append((code, name, kind, parent, sector, since, until))

    # People -------------------------------------------------------------------------------------

    def employ(self) -> None:
        self._employ_chosen_commune()
        for code in self.communes:
            if code != COMMUNE:
                for title, audiences in _COMMUNE_STAFF[: self.random.randint(10, len(_COMMUNE_STAFF))]:
                    self._employ_in_commune(code, title, audiences)
        for unit in self.units:
            self._employ_in(str(unit[0]), since=unit[5], until=unit[6])
        self._twins()

    def _employ_chosen_commune(self) -> None:
        """Forty whom T1 counts and who stay put, one on long study leave, and some whom T1 does not name."""
        counted = [staff for staff in _COMMUNE_STAFF if T1_AUDIENCES & set(staff[1].split(";"))]
        for number in range(_COUNTED + 1):
            title, audiences = counted[number] if number < len(counted) else _ORDINARY[number % 4]
            human = self._human(women=0.3 if "CA" in audiences else 0.55)
            former = self.before[COMMUNE][number % 4]
            start = date(2023, 1, 9) + timedelta(days=self.random.randrange(700))
            if number == 11:
                self.learner = human.code
            elif number == 19:
                self.next_learner = human.code
            elif number == _COUNTED:
                self.on_leave = human.code
            if number % 5 == 4:  # came after the reform
                self._post(
                    human, COMMUNE, title, audiences, self._between(date(2025, 8, 1), date(2026, 4, 1))
                )
            else:
                self._post_through_reform(human, former, COMMUNE, title, audiences, start)
        for title, audiences in (*_COMMUNE_STAFF[8:11], _COMMUNE_STAFF[14], _COMMUNE_STAFF[14]):
            human = self._human(women=float("Phụ nữ" in title))
            self._post(human, COMMUNE, title, audiences, self._between(REFORM, date(2026, 3, 1)))

    def _employ_in_commune(self, code: str, title: str, audiences: str) -> None:
        random = self.random
        human = self._human(women=1.0 if "Phụ nữ" in title else 0.2 if "CA" in audiences else 0.5)
        former = self.before.get(code, [])
        chance = random.random()
        if former and chance < 0.62:
            start = date(2023, 1, 9) + timedelta(days=random.randrange(850))
            since = self._post_through_reform(human, random.choice(former), code, title, audiences, start)
        elif chance < 0.88:
            since = self._between(REFORM, date(2025, 11, 1))
            self._post(human, code, title, audiences, since)
        else:  # new to this work
            since = self.today - timedelta(days=random.randrange(3, 340))
            self._post(human, code, title, audiences, since)
        fate = random.random()
        if fate < 0.03:
            self._move(human, title, audiences, since)
        elif fate < 0.06:
            self._end(self._between(max(since, REFORM) + timedelta(days=1), self.today + timedelta(days=1)))
        elif fate < 0.09:
            other = self._another_commune(code)
            self._post(human, other, "Kiêm nhiệm", audiences, max(since, REFORM) + timedelta(days=1))

    def _employ_in(self, code: str, *, since: object, until: object) -> None:
        """The staff of departments, centres, courts, schools and companies."""
        for title, audiences, count in _staff_of(code):
            for _ in range(count):
                human = self._human(women=0.7 if "THPT" in code or "THCS" in code else 0.4)
                first = max(since, date(2023, 1, 9)) if isinstance(since, date) else REFORM
                if code.startswith("HP-CSCN"):
                    if until is None:
                        continue  # employed with the unit's first span
                    start = self._between(date(2023, 1, 9), date(2026, 6, 1))
                    self._post(human, code, title, audiences, start)
                else:
                    last = until if isinstance(until, date) else date(2026, 6, 1)
                    start = self._between(first, last)
                    self._post(
                        human, code, title, audiences, start, until if isinstance(until, date) else None
                    )
                self._offer_sign_in(code, title, human)

    def _offer_sign_in(self, code: str, title: str, human: Human) -> None:
        wanted = {
            ("HP-PC04", "Trưởng phòng"): "lanh-dao",
            ("HP-PC04", "Cán bộ tổng hợp"): "bao-cao",
            ("HP-CSCN1", "Bác sĩ"): "giang-vien",
            ("HP-SYT", "Trưởng phòng"): "tham-dinh",
            ("HP-CATP", "Thanh tra"): "kiem-toan",
            ("HP-CATP", "Quản trị hệ thống"): "quan-tri",
            ("HP-THPT01", "Hiệu trưởng"): "hieu-truong",
        }
        if username := wanted.get((code, title)):
            self.sign_ins.setdefault(username, human.code)

    def _twins(self) -> None:
        """Two officers whom the personnel office has given a second code: found by name and day of birth."""
        chosen = [row for row in self.postings if row[3] in ("11446", "11383") and row[7] is None][:2]
        for row in chosen:
            human = Human(self._code(), str(row[1]).replace("òa", "oà"), row[2])  # type: ignore[arg-type]
            unit = self._another_commune(str(row[3]))
            self._post(human, unit, "Kiêm nhiệm", str(row[5]), self._between(REFORM, date(2026, 6, 1)))

    def _human(self, *, women: float = 0.5) -> Human:
        name = self.names.draw(women=women)
        born = date(1967, 1, 1) + timedelta(days=self.random.randrange(12_500))
        return Human(self._code(), name.full_name, born)

    def _code(self) -> str:
        self._drawn += 1
        return f"HP{self._drawn:05}"

    def _post_through_reform(
        self, human: Human, former: str, code: str, title: str, audiences: str, start: date
    ) -> date:
        """In a commune until the reform and from then on in the one that followed it."""
        if former == code:
            self._post(human, code, title, audiences, start)
        else:
            self._row(human, former, title, audiences, start, REFORM)
            self._post(human, code, title, audiences, REFORM)
        return start

    def _move(self, human: Human, title: str, audiences: str, since: date) -> None:
        last = self.postings[-1]
        day = self._between(max(since, date(2026, 1, 5)) + timedelta(days=1), self.today + timedelta(days=1))
        self._end(day)
        self._post(human, self._another_commune(str(last[3])), title, audiences, day)

    def _end(self, day: date) -> None:
        """End the posting that was given last."""
        *row, _until, decision = self.postings[-1]
        self.postings[-1] = (*row, day, decision)
        self.people.pop()

    def _post(
        self, human: Human, code: str, title: str, audiences: str, since: date, until: date | None = None
    ) -> None:
        self._row(human, code, title, audiences, since, until)
        if until is None:
            self.people.append(MadeUpPerson(human.code, code, tuple(audiences.split(";")), since))

    def _row(
        self, human: Human, code: str, title: str, audiences: str, since: date, until: date | None
    ) -> None:
        decision = f"{self.random.randrange(10, 990)}/QĐ-UBND"
        self.postings.append(
            (human.code, human.full_name, human.birth_date, code, title, audiences, since, until, decision)
        )

    def _another_commune(self, code: str) -> str:
        others: list[str] = [other for other in self.communes if other not in (code, COMMUNE)]
        return self.random.choice(others)

    def _between(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randrange(max(1, (last - first).days)))

    # Absences -----------------------------------------------------------------------------------

    def absences(self) -> list[tuple[object, ...]]:
        """One in forty is away; in the chosen commune nobody but the one on long study leave."""
        rows: list[tuple[object, ...]] = [
            (self.on_leave, "di_hoc", date(2026, 1, 5), None, "88/QĐ-UBND"),
        ]
        for person in self.people:
            if person.unit.startswith(COMMUNE) or self.random.random() > 0.025:
                continue
            reason, days = self.random.choice(
                (("thai_san", 180), ("om_dai", 90), ("biet_phai", 365), ("di_hoc", 300))
            )
            since = max(self.today - timedelta(days=self.random.randrange(days)), person.since)
            rows.append((person.code, reason, since, since + timedelta(days=days), "QĐ tạm vắng"))
        return _once(rows)


def _once(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Whoever holds two postings is away once."""
    return list({row[0]: row for row in rows}.values())


def _staff_of(code: str) -> Sequence[tuple[str, str, int]]:
    """Titles, audiences and how many of each."""
    if code.startswith("HP-CSCN"):
        return _CENTRE_STAFF
    if code.startswith("HP-THPT"):
        return (
            ("Hiệu trưởng", "LDNT", 1), ("Phó Hiệu trưởng", "LDNT", 1), ("Giáo viên tư vấn", "GVPN", 2),
        )  # fmt: skip
    if code.endswith("-THCS"):
        return (("Hiệu trưởng", "LDNT", 1), ("Giáo viên tư vấn", "GVPN", 1))
    if code.endswith("-TYT"):
        return (("Trưởng trạm", "YT;LD", 1), ("Y sĩ", "YT", 1))
    if code.startswith("HP-TA"):
        return (("Chánh án", "TA;LD", 1), ("Thẩm phán", "TA", 4))
    if code.startswith("HP-DN"):
        return (("Giám đốc", "LDDN", 1), ("Trưởng phòng Nhân sự", "LDDN", 1), ("Nhân viên bảo vệ", "BV", 2))
    return {
        "HP-SYT": (("Trưởng phòng", "LD;QLNN", 1), ("Chuyên viên", "QLNN;YT", 9)),
        "HP-SGDDT": (("Trưởng phòng", "LD;QLNN", 1), ("Chuyên viên", "QLNN;GVPN", 9)),
        "HP-CATP": (("Thanh tra", "CA", 1), ("Quản trị hệ thống", "CA", 1), ("Cán bộ", "CA;QLNN", 8)),
        "HP-PC04": (
            ("Trưởng phòng", "CA;QLNN;LD", 1),
            ("Cán bộ tổng hợp", "CA;QLNN", 2),
            ("Cán bộ", "CA;TTSC", 22),
        ),
        "HP-SLDTBXH": (("Chuyên viên", "QLNN;TTSC", 10),),
    }.get(code, ())


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]
