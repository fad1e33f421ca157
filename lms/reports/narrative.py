"""Sentences made from the figures: what a report says where nobody has written anything else.

Pure: figures in, Vietnamese out. A report is a document of the Vietnamese administration, whatever language
its author reads the pages in, so these sentences are not translated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .letters import Line, dotted, rate_words


@dataclass(frozen=True, slots=True)
class TargetTold:
    """What is told of one target: its figure, the people by state, and how fresh the lists are."""

    name: str
    document: str
    demand: str
    """«trên 80 %»."""
    total: Line
    met: bool | None
    short_by: int | None
    pending: int
    expired: int
    in_progress: int
    not_started: int
    excluded: int
    in_grace: int
    units: int
    confirmed: int
    contests: int = 0
    """Requests for review that had no answer yet."""
    of_units: bool = False
    """Units are counted by what they held."""


DEMANDS = {">": "trên {value} %", ">=": "từ {value} % trở lên", "=": "{value} %"}


def demand(operator: str, value: str) -> str:
    """«trên 80 %», «100 %»."""
    return DEMANDS[operator].format(value=value.replace(".", ","))


def verdict(met: bool | None) -> str:
    return {True: "Đạt", False: "Chưa đạt", None: "–"}[met]


def sentences(
    unit: str, since: date, on: date, targets: Sequence[TargetTold], awaited: Sequence[str] = ()
) -> Mapping[str, str]:
    """By section: its text, paragraphs apart by a line break. `awaited`: who has not reported."""
    return {
        "direction": _direction(unit, targets),
        "needs": "\n".join(_need(unit, on, target) for target in targets),
        "classes": "\n".join(_classes(since, on, target, targets) for target in targets),
        "people": "\n".join(_people(target, targets) for target in targets),
        "material": "",
        "difficulties": "\n".join(
            [*_missing(targets), *_lists(targets), *_contested(targets), *_awaited(awaited)]
        ),
        "plans": "\n".join(_plans(targets)),
        "proposals": "",
    }


def _direction(unit: str, targets: Sequence[TargetTold]) -> str:
    grounds = list(dict.fromkeys(target.document for target in targets if target.document))
    if not grounds:
        return f"{unit} đã tổ chức đào tạo, tập huấn cho cán bộ thuộc diện trong kỳ báo cáo."
    return (
        f"Thực hiện {_listed(grounds)}, {unit} đã tổ chức đào tạo, tập huấn cho cán bộ thuộc diện "
        "trong kỳ báo cáo."
    )


def _need(unit: str, on: date, target: TargetTold) -> str:
    total = target.total
    if target.of_units:
        return (
            f"Tính đến ngày {_day(on)}, {unit} có {dotted(total.required)} đơn vị thuộc diện theo chỉ tiêu "
            f"“{target.name}”."
        )
    if not total.required:
        return f"Theo chỉ tiêu “{target.name}”, {unit} không có cán bộ thuộc diện phải tập huấn."
    new = f", trong đó có {dotted(total.new)} cán bộ mới" if total.new else ""
    return (
        f"Tính đến ngày {_day(on)}, {unit} có {dotted(total.required)} cán bộ thuộc diện phải tập huấn theo "
        f"chỉ tiêu “{target.name}”{new}.{_left_out(target)}"
    )


def _left_out(target: TargetTold) -> str:
    parts = []
    if target.excluded:
        parts.append(f"{dotted(target.excluded)} người tạm vắng có lý do được duyệt")
    if target.in_grace:
        parts.append(f"{dotted(target.in_grace)} người mới nhận nhiệm vụ")
    return f" Chưa tính {_listed(parts)}." if parts else ""


def _classes(since: date, on: date, target: TargetTold, targets: Sequence[TargetTold]) -> str:
    total = target.total
    span = f"Từ ngày {_day(since)} đến ngày {_day(on)}"
    kind = "hoạt động" if target.of_units else "lớp, khóa"
    if not total.classes:
        return f"{span}, chưa có {kind} nào được tính vào chỉ tiêu{_which(target, targets)}."
    return (
        f"{span}, đã có {dotted(total.classes)} {kind} được tính vào chỉ tiêu{_which(target, targets)}, "
        f"với {dotted(total.attendances)} lượt người tham gia."
    )


def _people(target: TargetTold, targets: Sequence[TargetTold]) -> str:
    total = target.total
    who, done, one = (
        ("đơn vị", "đã tổ chức hoạt động", "đơn vị")
        if target.of_units
        else ("cán bộ", "đã được tập huấn", "người")
    )
    if not total.required:
        return f"Không có {who} thuộc diện theo chỉ tiêu{_which(target, targets)}; không tính tỷ lệ."
    parts = [
        f"{dotted(total.trained)}/{dotted(total.required)} {who} thuộc diện {done}, đạt tỷ lệ "
        f"{rate_words(total)} %; chỉ tiêu{_which(target, targets)} là {target.demand}: "
        f"{verdict(target.met).lower()} chỉ tiêu."
    ]
    if target.short_by:
        parts.append(f"Còn thiếu {dotted(target.short_by)} {one} so với chỉ tiêu.")
    if total.basic or total.advanced:
        parts.append(
            f"Có {dotted(total.basic)} người đã học trình độ cơ bản, {dotted(total.advanced)} người đã học "
            "trình độ nâng cao."
        )
    if total.passed or total.certified:
        parts.append(
            f"{dotted(total.passed)} người đạt bài kiểm tra; {dotted(total.certified)} người có giấy chứng "
            "nhận còn hiệu lực."
        )
    return " ".join(parts)


def _missing(targets: Sequence[TargetTold]) -> list[str]:
    lines = []
    for target in targets:
        states = [
            (target.not_started, "chưa học"),
            (target.in_progress, "đang học"),
            (target.pending, "đã học, chờ duyệt minh chứng"),
            (target.expired, "có kết quả đã hết hạn"),
        ]
        who, one, done = "cán bộ", "người", "đã tập huấn"
        if target.of_units:
            states = [
                (target.not_started, "chưa tổ chức"),
                (target.in_progress, "mới tổ chức một phần"),
                (target.pending, "đã tổ chức, chờ duyệt"),
                (target.expired, "chỉ tổ chức ngoài thời gian tính"),
            ]
            who, one, done = "đơn vị", "đơn vị", "đã tổ chức"
        parts = [f"{dotted(count)} {one} {words}" for count, words in states if count]
        if parts:
            missing = target.total.required - target.total.trained
            lines.append(
                f"Còn {dotted(missing)} {who} chưa được tính là {done}"
                f"{_for(target, targets)}: {_listed(parts)}."
            )
    return lines


def _lists(targets: Sequence[TargetTold]) -> list[str]:
    stale = [target for target in targets if target.confirmed < target.units]
    if not stale:
        return []
    worst = min(stale, key=lambda target: target.confirmed)
    return [
        f"{dotted(worst.confirmed)}/{dotted(worst.units)} đơn vị đã xác nhận danh sách cán bộ trong kỳ; số "
        "liệu của các đơn vị còn lại tính theo danh sách chưa xác nhận."
    ]


def _contested(targets: Sequence[TargetTold]) -> list[str]:
    """A contest is about a person and not about a target: told once."""
    waiting = max((target.contests for target in targets), default=0)
    if not waiting:
        return []
    return [f"Còn {dotted(waiting)} đề nghị xem xét lại hồ sơ của cán bộ chưa được trả lời."]


def _awaited(awaited: Sequence[str]) -> list[str]:
    if not awaited:
        return []
    return [f"{dotted(len(awaited))} đơn vị chưa gửi báo cáo: {_listed(awaited)}."]


def _plans(targets: Sequence[TargetTold]) -> list[str]:
    lines = []
    for target in targets:
        missing = target.total.required - target.total.trained
        if missing and target.of_units:
            lines.append(
                f"Đôn đốc {dotted(missing)} đơn vị còn lại tổ chức hoạt động{_for(target, targets)}."
            )
        elif missing:
            lines.append(
                f"Tiếp tục tập huấn cho {dotted(missing)} cán bộ còn lại{_for(target, targets)}, ưu tiên "
                "người chưa học và cán bộ mới."
            )
    return lines or ["Duy trì kết quả đã đạt; tập huấn cho cán bộ mới ngay khi nhận nhiệm vụ."]


def _which(target: TargetTold, targets: Sequence[TargetTold]) -> str:
    """Names the target where there are several."""
    return f" “{target.name}”" if len(targets) > 1 else ""


def _for(target: TargetTold, targets: Sequence[TargetTold]) -> str:
    return f" theo chỉ tiêu “{target.name}”" if len(targets) > 1 else ""


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} và {parts[-1]}"
