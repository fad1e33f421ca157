"""Putting a letter together from closed figures, or, before they are closed, from what would be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from certificates.queries import holders_of
from lms.coverage import queries as coverage
from lms.coverage.records import Annex as Counted
from lms.coverage.records import AnnexRow
from lms.kernel.errors import Refused
from lms.kernel.queries import ledger_tree
from lms.kernel.uncollected import uncollected
from lms.roster import queries as roster

from .closing import digest, document
from .enums import SENT, ReportStatus, SectionKey
from .letters import FIELDS, Annex, Head, Heading, Letter, Line, Paragraph, Seal, dotted, verdict_of
from .models import ClosedReport, Letterhead, Period, UnitReport
from .narrative import TargetTold, demand, sentences, verdict
from .reading import FORMAT

HEADINGS: Mapping[SectionKey, tuple[Heading, ...]] = {
    SectionKey.DIRECTION: (Heading(1, "I. CÔNG TÁC CHỈ ĐẠO"),),
    SectionKey.NEEDS: (Heading(1, "II. KẾT QUẢ THỰC HIỆN"), Heading(2, "1. Đánh giá nhu cầu")),
    SectionKey.CLASSES: (Heading(2, "2. Tổ chức lớp, khóa"),),
    SectionKey.PEOPLE: (Heading(2, "3. Kết quả tính theo người"),),
    SectionKey.MATERIAL: (Heading(2, "4. Tài liệu, truyền thông"),),
    SectionKey.DIFFICULTIES: (Heading(1, "III. TỒN TẠI, KHÓ KHĂN, VƯỚNG MẮC"),),
    SectionKey.PLANS: (Heading(1, "IV. PHƯƠNG HƯỚNG KỲ TỚI"),),
    SectionKey.PROPOSALS: (Heading(1, "V. KIẾN NGHỊ"),),
}
"""The skeleton of a report, in the order of the paper."""
NOTHING = "Không có."
KEPT = 24 * 60 * 60
"""Seconds for which a closed figure's table is kept."""


STATES = ("trained", "pending", "expired", "in_progress", "not_started")
MANY_EXCLUDED = 2
"""Above so many per cent of people left out, the report says so by itself."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Who came into the population and who went, from the period's first day to the day that was counted."""

    since: date
    before: int
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One target's part of a report, closed or not yet."""

    content: Mapping[str, Any]
    """As a closed report freezes it."""
    counted: Counted
    certified: Mapping[str, int]
    """By unit, the whole under its own code and who works in the unit itself under «code/»."""
    closed: ClosedReport | None
    moves: Moves | None = None


def figures_of(report: UnitReport) -> list[Figures]:
    """A sent report's figures are the closed ones; of another, what would be closed now.

    A day that has not come yet is asked as it stands today.
    """
    held = {
        one.target: one.closed for one in report.figures.select_related("closed__target", "closed__document")
    }
    return [
        figures_closed(held[target.code], report.period.since)
        if target.code in held and report.status in SENT
        else figures_now(target.code, report.unit.code, report.period)
        for target in report.period.targets.all()
    ]


def figures_closed(closed: ClosedReport, since: date) -> Figures:
    """A closed figure with its table, as it was known: computed once, since a closing never changes."""
    content = closed.document.content
    key = f"reports.table.{closed.public_id}.{since.isoformat()}"
    kept: tuple[Counted, Moves | None] | None = cache.get(key)
    if kept is None:
        asked = (closed.target.code, closed.unit.code, closed.on, closed.known_at)
        kept = coverage.annex_of(*asked, version=closed.target.version), _moves(content, since)
        cache.set(key, kept, KEPT)
    counted, moves = kept
    return Figures(content, counted, _certified(counted, _courses(content)), closed, moves)


def figures_now(target: str, unit: str, period: Period) -> Figures:
    """What would be closed if it were closed now."""
    receipt = coverage.receipt_of(target, unit, period.on)
    content = document(
        name=period.name,
        figures=receipt.figure.as_json(),
        target=receipt.target,
        people=[person.as_json() for person in receipt.people],
    )
    counted = coverage.annex_of(target, unit, period.on, receipt.figure.ledger)
    certified = _certified(counted, _courses(content))
    return Figures(content, counted, certified, None, _moves(content, period.since))


@uncollected()
def _moves(content: Mapping[str, Any], since: date) -> Moves | None:
    """As the closing knew it; None where the unit did not exist on the period's first day."""
    target = content["target"]
    if target.get("counts") == "units":
        return None
    try:
        first = coverage.coverage_of(
            target["code"],
            content["unit"],
            since,
            content["known_at"],
            version=target["version"],
            people=True,
        )
    except Refused:
        return None
    then = {code for state in STATES for code in first.people.get(state, ())}
    now = {one["person"] for one in content["people"] if one["state"] in STATES}
    return Moves(since, len(then), len(now - then), len(then - now))


def _courses(content: Mapping[str, Any]) -> Sequence[str]:
    """None where units are counted."""
    found: Sequence[str] = content["target"].get("courses", ())
    return found


def _certified(counted: Counted, courses: Sequence[str]) -> dict[str, int]:
    holders = holders_of(courses, counted.on, counted.ledger)
    rows = {row.unit: row for row in counted.children}
    rows[f"{counted.unit}/"] = counted.own
    rows[counted.unit] = counted.whole
    return {code: len(holders.intersection(row.trained_people)) for code, row in rows.items()}


# The letter --------------------------------------------------------------------------------------


def letter_of(report: UnitReport, figures: Sequence[Figures] | None = None) -> Letter:
    """The report as it would be printed now; a draft until it was sent."""
    found = figures_of(report) if figures is None else figures
    head = head_of(report.unit, report.period.on, report.signed_on if report.status in SENT else None)
    awaited = awaited_by(report)
    written = {section.key: section.text for section in report.sections.all()}
    return _letter(
        head,
        report.period.name,
        report.period.since,
        found,
        written=written,
        awaited=awaited,
        draft=report.status not in SENT,
    )


def letter_of_figure(closed: ClosedReport) -> Letter:
    """One closed figure as a letter of its own."""
    head = head_of(closed.unit, closed.on, None)
    found = [figures_closed(closed, closed.target.period_start)]
    return _letter(head, closed.name, closed.target.period_start, found, written={}, awaited=(), draft=False)


def _letter(
    head: Head,
    period: str,
    since: date,
    figures: Sequence[Figures],
    *,
    written: Mapping[str, str],
    awaited: Sequence[str],
    draft: bool,
) -> Letter:
    names = _names(figures)
    unit = names[figures[0].counted.unit] if figures else head.issuer
    annexes = [_annex(one, names) for one in figures]
    told = [_told(one, annex) for one, annex in zip(figures, annexes, strict=True)]
    on = figures[0].counted.on if figures else since
    texts = {**sentences(unit, since, on, told, awaited), **written}
    return Letter(
        head=head,
        on=on,
        subject=f"Kết quả đào tạo, tập huấn ({period})",
        body=list(_body(texts)),
        annexes=annexes,
        seals=[_seal(one) for one in figures],
        verify_url=f"{settings.BASE_URL}{reverse('certificates:check')}",
        draft=draft,
        stated=_stated(period, figures),
    )


def prefilled(report: UnitReport, letter_figures: Sequence[Figures]) -> Mapping[str, str]:
    """By section, the sentences made from the figures."""
    names = _names(letter_figures)
    told = [_told(one, _annex(one, names)) for one in letter_figures]
    unit = names.get(report.unit.code, report.unit.code)
    return sentences(unit, report.period.since, report.period.on, told, awaited_by(report))


def awaited_by(report: UnitReport) -> list[str]:
    """Names of the units that were asked and have not reported, for the report that consolidates them."""
    if not report.consolidates:
        return []
    open_ = report.period.reports.exclude(pk=report.pk).exclude(status__in=SENT).select_related("unit")
    names = roster.last_names(one.unit.code for one in open_)
    return sorted(names.get(one.unit.code, one.unit.code) for one in open_)


def _body(texts: Mapping[str, str]) -> list[Heading | Paragraph]:
    body: list[Heading | Paragraph] = []
    for key, headings in HEADINGS.items():
        body += headings
        body += [Paragraph(line) for line in (texts.get(key) or NOTHING).splitlines() if line.strip()]
    return body


def _names(figures: Sequence[Figures]) -> dict[str, str]:
    codes = {row.unit for one in figures for row in (*one.counted.children, one.counted.whole)}
    return {**{code: code for code in codes}, **roster.last_names(codes)}


def _annex(figures: Figures, names: Mapping[str, str]) -> Annex:
    counted, target, figure = figures.counted, figures.content["target"], figures.content["figures"]
    total = _line(names[counted.unit], counted.whole, figures.certified[counted.unit])
    lines = [_line(names[row.unit], row, figures.certified[row.unit]) for row in counted.children]
    of_units = counted.counts == "units"
    own_name = names[counted.unit] if of_units else f"Làm việc trực tiếp tại {names[counted.unit]}"
    own = _line(own_name, counted.own, figures.certified[f"{counted.unit}/"])
    if counted.own.required or counted.own.excluded or counted.own.in_grace or not lines:
        lines.append(own)
    return Annex(
        target=counted.target,
        title=target["name"],
        demand=demand(target["operator"], target["value"]),
        operator=target["operator"],
        value=target["value"],
        lines=[*(_judged(line, target) for line in lines), *_counted_twice(lines, total)],
        total=total,
        verdict=verdict(figure["met"]),
        notes=_notes(figure, counted, figures.moves),
        of_units=of_units,
    )


def _line(name: str, row: AnnexRow, certified: int) -> Line:
    notes = []
    if row.excluded:
        notes.append(f"{row.excluded} tạm vắng")
    if row.in_grace:
        notes.append(f"{row.in_grace} mới nhận nhiệm vụ")
    if row.late:
        notes.append(f"{row.late} ghi muộn")
    return Line(
        name=name,
        required=row.required,
        new=row.new,
        classes=row.classes,
        attendances=row.attendances,
        trained=row.trained,
        basic=row.basic,
        advanced=row.advanced,
        passed=row.passed,
        certified=certified,
        note=", ".join(notes),
        late=row.late,
    )


def _judged(line: Line, target: Mapping[str, Any]) -> Line:
    """With what the target says of this unit alone before its other remarks."""
    said = verdict_of(line, target["operator"], target["value"])
    return replace(line, note="; ".join(filter(None, (said, line.note))))


def _counted_twice(lines: Sequence[Line], total: Line) -> list[Line]:
    """What the lines count more than once, as a line of its own: with it they sum to the total."""
    over = {name: getattr(total, name) - sum(getattr(line, name) for line in lines) for name in FIELDS}
    if not any(over.values()):
        return []
    return [Line(name="Trừ phần được tính ở nhiều đơn vị", **over)]


def _notes(figure: Mapping[str, Any], counted: Counted, moves: Moves | None) -> list[str]:
    notes = []
    if moves is not None:
        notes.append(
            f"Cán bộ thuộc diện: ngày {moves.since:%d/%m/%Y} có {dotted(moves.before)} người; trong kỳ "
            f"thêm {dotted(moves.joined)}, giảm {dotted(moves.left)}; khi chốt có "
            f"{dotted(figure['required'])} người."
        )
    if figure["excluded"] or figure["in_grace"]:
        notes.append(
            f"Không tính vào cột 3: {figure['excluded']} người tạm vắng có lý do được duyệt, "
            f"{figure['in_grace']} người mới nhận nhiệm vụ."
        )
    everybody = figure["required"] + figure["excluded"]
    if figure["excluded"] * 100 > MANY_EXCLUDED * everybody:
        notes.append(
            f"Lưu ý: số người tạm vắng không tính chiếm hơn {MANY_EXCLUDED} % số cán bộ; từng trường hợp có "
            "lý do, người đề nghị và người duyệt."
        )
    lists = figure["roster"]
    if lists["confirmed"] < lists["units"]:
        notes.append(
            f"Danh sách cán bộ: {lists['confirmed']}/{lists['units']} đơn vị đã xác nhận trong kỳ; các đơn "
            "vị còn lại tính theo danh sách chưa xác nhận."
        )
    if counted.whole.late:
        notes.append(
            f"Ghi muộn: trong {dotted(figure['trained'])} người đã được tập huấn có "
            f"{dotted(counted.whole.late)} người "
            "được tính chỉ nhờ kết quả ghi vào hệ thống khi đã qua ngày hoàn thành hơn một ngày."
        )
    if counted.contests:
        notes.append(f"Khi chốt số liệu, còn {counted.contests} đề nghị xem xét lại hồ sơ chưa được trả lời.")
    return notes


def _told(figures: Figures, annex: Annex) -> TargetTold:
    figure = figures.content["figures"]
    return TargetTold(
        name=annex.title,
        document=figures.content["target"]["document"],
        demand=annex.demand,
        total=annex.total,
        met=figure["met"],
        short_by=figure["short_by"],
        pending=figure["pending"],
        expired=figure["expired"],
        in_progress=figure["in_progress"],
        not_started=figure["not_started"],
        excluded=figure["excluded"],
        in_grace=figure["in_grace"],
        units=figure["roster"]["units"],
        confirmed=figure["roster"]["confirmed"],
        contests=figures.counted.contests,
        of_units=annex.of_units,
    )


def _seal(figures: Figures) -> Seal:
    known = figures.content["known_at"]
    sha256 = figures.closed.sha256 if figures.closed else digest(figures.content)
    root = ledger_tree().root(known).hex() if known else ""
    return Seal(figures.counted.target, sha256, known, root)


def _stated(period: str, figures: Sequence[Figures]) -> dict[str, object]:
    """What lies in the files for `verify_report`: from which closings the figures are."""
    return {
        "format": FORMAT,
        "period": period,
        "figures": [
            {
                "report": one.closed.pk if one.closed else None,
                "sha256": one.closed.sha256 if one.closed else digest(one.content),
                "target": one.counted.target,
                "unit": one.counted.unit,
                "on": one.counted.on.isoformat(),
                "known_at": one.counted.ledger,
            }
            for one in figures
        ],
    }


def head_of(unit: roster.Unit, on: date, day: date | None) -> Head:
    """The unit's letterhead; where none was set, what follows from its name."""
    set_ = Letterhead.objects.filter(unit=unit).first()
    row = set_ or letterhead_for(unit, on)
    return Head(
        superior=row.superior,
        issuer=row.issuer,
        symbol=row.symbol,
        place=row.place,
        day=day,
        recipients=tuple(filter(None, (line.strip() for line in row.recipients.splitlines()))),
        authority=row.authority,
        signatory_title=row.signatory_title,
        signatory=row.signatory,
        copies=tuple(filter(None, (line.strip() for line in row.copies.splitlines()))),
        filing=row.filing,
    )


def letterhead_for(unit: roster.Unit, on: date) -> Letterhead:
    """A letterhead to begin with, from the names of the unit and of the one above it."""
    path = roster.path_of(unit, on)
    own, above = path[-1].name if path else unit.code, path[-2].name if len(path) > 1 else ""
    return Letterhead(
        unit=unit,
        superior=f"ỦY BAN NHÂN DÂN {above}".upper()
        if above and path[-1].kind == "commune"
        else above.upper(),
        issuer=f"ỦY BAN NHÂN DÂN {own}".upper()
        if path and path[-1].kind in ("commune", "province")
        else own.upper(),
        symbol="BC-UBND",
        place=own.removeprefix("Phường ")
        .removeprefix("Xã ")
        .removeprefix("Thành phố ")
        .removeprefix("Tỉnh "),
        recipients=f"Ủy ban nhân dân {above}" if above else "Cơ quan cấp trên",
        authority="TM. ỦY BAN NHÂN DÂN",
        signatory_title="CHỦ TỊCH",
        filing="VT",
    )


def is_draft(report: UnitReport) -> bool:
    return ReportStatus(report.status) not in SENT
