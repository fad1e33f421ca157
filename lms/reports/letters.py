"""A report as a letter of the administration: its parts, whatever it is written as (no Django, no database).

The parts and their order are those of Nghị định 30/2020/NĐ-CP, Phụ lục I: names of the bodies, number and
sign, place and day, kind and subject, «Kính gửi», body, signature, «Nơi nhận», annexes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Heading:
    """«I. CÔNG TÁC CHỈ ĐẠO» is of level 1, «1. Đánh giá nhu cầu» of level 2."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around the body."""

    superior: str
    issuer: str
    symbol: str
    place: str
    day: date | None
    """The day on which it was signed; None: left for whoever gives it its number."""
    recipients: Sequence[str]
    authority: str
    signatory_title: str
    signatory: str
    copies: Sequence[str]
    filing: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the annex, without its number at the left."""

    name: str
    required: int
    new: int
    classes: int
    attendances: int
    trained: int
    basic: int
    advanced: int
    passed: int
    certified: int
    note: str = ""
    late: int = 0
    """Of the trained: only by what was told late."""


@dataclass(frozen=True, slots=True)
class Annex:
    """One target's table. The lines sum to `total`."""

    target: str
    title: str
    demand: str
    """«trên 80 %»."""
    operator: str
    value: str
    lines: Sequence[Line]
    total: Line
    verdict: str
    notes: Sequence[str]
    """What stands under the table: the excluded, lists not confirmed, who has not reported."""
    of_units: bool = False
    """Units are counted by what they held, and not people by their training."""

    @property
    def heading(self) -> str:
        what = "KẾT QUẢ THỰC HIỆN THEO ĐƠN VỊ" if self.of_units else "KẾT QUẢ TẬP HUẤN THEO ĐƠN VỊ"
        return f"{what}: {self.title}".upper()

    @property
    def headers(self) -> Sequence[str]:
        return HEADERS_OF_UNITS if self.of_units else HEADERS

    def numbers(self, line: "Line") -> list[str]:
        """Columns 3 to 10 of a line; a dash where a column means nothing for units."""
        return [
            "–" if self.of_units and field in OF_PEOPLE_ALONE else dotted(getattr(line, field))
            for field in FIELDS
        ]


@dataclass(frozen=True, slots=True)
class Seal:
    """By what anyone can tell that the figures are those that were closed."""

    target: str
    sha256: str
    ledger: int
    root: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole report."""

    head: Head
    subject: str
    on: date
    """The day that was counted."""
    body: Sequence[Heading | Paragraph]
    annexes: Sequence[Annex]
    seals: Sequence[Seal]
    verify_url: str
    draft: bool = False
    """Not signed yet: every page says so."""
    stated: dict[str, object] = field(default_factory=dict)
    """What a program reads: lies in the file beside what people read."""


HEADERS = (
    "TT",
    "Đơn vị",
    "Tổng số cán bộ thuộc diện",
    "Trong đó: cán bộ mới",
    "Số lớp, khóa đã tổ chức",
    "Lượt người tham gia",
    "Số người đã được tập huấn",
    "Trong đó: cơ bản / nâng cao",
    "Đạt bài kiểm tra",
    "Được cấp giấy chứng nhận (còn hiệu lực)",
    "Tỷ lệ (%)",
    "Chỉ tiêu",
    "Đạt / Chưa đạt; ghi chú",
)
"""The thirteen columns of the form."""
HEADERS_OF_UNITS = (
    *("TT", "Đơn vị", "Tổng số đơn vị thuộc diện", "(không áp dụng)", "Số hoạt động đã tổ chức"),
    *("Lượt người tham gia", "Số đơn vị đã tổ chức", "(không áp dụng)", "(không áp dụng)", "(không áp dụng)"),
    *HEADERS[10:],
)
"""The same where units are counted."""
OF_PEOPLE_ALONE = frozenset({"new", "basic", "advanced", "passed", "certified"})
NUMBERS = tuple(f"({number})" for number in range(1, len(HEADERS) + 1))
DOUBLE = 7
"""The place of the column, counted from nought, that holds two numbers side by side: each can be summed."""
WIDTHS_MM = (10, 42, 16, 14, 15, 16, 17, 13, 13, 15, 20, 13, 20, 33)
"""Of the cells beneath: together the 257 mm between the margins of a page across."""
FIELDS = ("required", "new", "classes", "attendances", "trained", "basic", "advanced", "passed", "certified")
"""Of a `Line`, in the order of columns 3 to 10."""


def rate_in_tenths(line: Line) -> int | None:
    """The rate in tenths of a per cent, rounded down; None where nobody must be trained."""
    return line.trained * 1000 // line.required if line.required else None


def rate_words(line: Line) -> str:
    """«80,0»; «–» where nobody must be trained."""
    return tenths_in_words(rate_in_tenths(line))


def verdict_of(line: Line, operator: str, value: str) -> str:
    """«Đạt» or «Chưa đạt», on the exact fraction; nothing where nobody must be trained."""
    if line.required <= 0:
        return ""
    have, want = line.trained * 1000, line.required * int(Decimal(value) * 10)
    return "Đạt" if {">": have > want, ">=": have >= want, "=": have == want}[operator] else "Chưa đạt"


def tenths_in_words(tenths: int | None) -> str:
    return "–" if tenths is None else f"{tenths // 10},{tenths % 10}"


def dotted(number: int) -> str:
    """«1.924», as the administration writes it."""
    return f"{number:,}".replace(",", ".")


def number_line(symbol: str) -> str:
    """The number is the văn thư's to give."""
    return f"Số:         /{symbol}"


def annex_line(symbol: str) -> str:
    """What stands under an annex's title."""
    return f"(Kèm theo Báo cáo số         /{symbol})"


def day_line(place: str, day: date | None) -> str:
    """A day below ten and the months 1 and 2 take a leading nought."""
    if day is None:
        return f"{place}, ngày      tháng      năm"
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"{place}, ngày {day.day:02} tháng {month} năm {day.year}"


def copies(head: Head) -> list[str]:
    """«Nơi nhận» as it is printed: first «Như trên», last where it is filed."""
    return ["- Như trên;", *(f"- {line.rstrip(' ;.')};" for line in head.copies), f"- Lưu: {head.filing}."]


def recipients(head: Head) -> list[str]:
    """«Kính gửi» as it is printed: one in its line, several below it."""
    if len(head.recipients) == 1:
        return [f"Kính gửi: {head.recipients[0].rstrip(' ;.')}"]
    *most, last = [one.rstrip(" ;.") for one in head.recipients] or [""]
    return ["Kính gửi:", *(f"- {one};" for one in most), f"- {last}."]
