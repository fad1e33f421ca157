"""The annex as a workbook: figures from the closing, sums and rates as live formulas."""

import io
import json
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from lms.kernel.inert import inert
from lms.reports.letters import (
    DOUBLE,
    FIELDS,
    NUMBERS,
    WIDTHS_MM,
    Annex,
    Letter,
    Line,
    annex_line,
    rate_in_tenths,
)

from .docx import roman, seal_lines

FIRST = 5
"""The row of the first line, counted from nought."""
REQUIRED, TRAINED, RATE, VERDICT = 2, 6, 11, 13
STATED = "Đối chiếu"
"""The sheet by which `verify_report` recognises the file."""


def write_annex(letter: Letter) -> bytes:
    """One sheet a target, and one that says from which closings the figures are."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = _formats(book)
        for number, annex in enumerate(letter.annexes, start=1):
            _sheet(book.add_worksheet(f"Phụ lục {roman(number)}"), annex, number, letter, formats)
        _stated(book.add_worksheet(STATED), letter, formats)
        book.set_properties({"title": letter.subject, "company": letter.head.issuer})
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
    framed = {**base, "border": 1}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 13, "align": "center"}),
        "soft": book.add_format({**base, "italic": True, "align": "center"}),
        "head": book.add_format({**framed, "bold": True, "align": "center", "text_wrap": True}),
        "text": book.add_format({**framed, "text_wrap": True}),
        "number": book.add_format({**framed, "align": "center", "num_format": "#,##0"}),
        "rate": book.add_format({**framed, "align": "center", "num_format": "0.0"}),
        "total": book.add_format({**framed, "bold": True, "align": "center", "num_format": "#,##0"}),
        "total_rate": book.add_format({**framed, "bold": True, "align": "center", "num_format": "0.0"}),
        "plain": book.add_format(base),
    }


def _sheet(page: Any, annex: Annex, number: int, letter: Letter, formats: dict[str, Any]) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(FIRST - 2, FIRST - 1)
    page.freeze_panes(FIRST, 2)
    for column, width in enumerate(WIDTHS_MM):
        page.set_column(column, column, width / 2)
    last = len(WIDTHS_MM) - 1
    page.merge_range(0, 0, 0, last, f"Phụ lục {roman(number)}", formats["title"])
    page.merge_range(1, 0, 1, last, annex.heading, formats["title"])
    page.merge_range(2, 0, 2, last, annex_line(letter.head.symbol), formats["soft"])
    for row, texts in ((FIRST - 2, annex.headers), (FIRST - 1, NUMBERS)):
        for place, text in enumerate(texts):
            if place == DOUBLE:
                page.merge_range(row, place, row, place + 1, text, formats["head"])
            else:
                page.write_string(row, place + (place > DOUBLE), text, formats["head"])
    for place, line in enumerate(annex.lines, start=1):
        _line(page, FIRST + place - 1, str(place), line, formats)
    _total(page, FIRST + len(annex.lines), annex, formats)
    for offset, note in enumerate(annex.notes, start=FIRST + len(annex.lines) + 2):
        page.write_string(offset, 1, note, formats["plain"])


def _line(page: Any, row: int, place: str, line: Line, formats: dict[str, Any]) -> None:
    page.write_string(row, 0, place, formats["number"])
    page.write_string(row, 1, inert(line.name), formats["text"])
    for column, field in enumerate(FIELDS, start=2):
        page.write_number(row, column, getattr(line, field), formats["number"])
    _rate(page, row, line, formats["rate"])
    page.write_blank(row, RATE + 1, None, formats["text"])
    page.write_string(row, VERDICT, line.note, formats["text"])


def _total(page: Any, row: int, annex: Annex, formats: dict[str, Any]) -> None:
    """Sums of what stands above; the lines were made so that they sum to the closed figure."""
    page.write_blank(row, 0, None, formats["total"])
    page.write_string(row, 1, "Tổng cộng", formats["total"])
    for column, field in enumerate(FIELDS, start=2):
        first, last = xl_rowcol_to_cell(FIRST, column), xl_rowcol_to_cell(row - 1, column)
        page.write_formula(
            row, column, f"=SUM({first}:{last})", formats["total"], getattr(annex.total, field)
        )
    _rate(page, row, annex.total, formats["total_rate"])
    page.write_string(row, RATE + 1, annex.demand, formats["total"])
    page.write_formula(row, VERDICT, _verdict(row, annex), formats["total"], annex.verdict)


def _rate(page: Any, row: int, line: Line, form: Any) -> None:
    """Rounded down, so that 79,99 % never looks like 80,0 %."""
    required, trained = xl_rowcol_to_cell(row, REQUIRED), xl_rowcol_to_cell(row, TRAINED)
    tenths = rate_in_tenths(line) if line.required > 0 else None
    value = "–" if tenths is None else tenths / 10
    page.write_formula(row, RATE, f'=IF({required}>0,INT({trained}*1000/{required})/10,"–")', form, value)


def _verdict(row: int, annex: Annex) -> str:
    """Whether the target is met, on the exact fraction and not on the rounded rate."""
    required, trained = xl_rowcol_to_cell(row, REQUIRED), xl_rowcol_to_cell(row, TRAINED)
    tenths = int(float(annex.value) * 10)
    return f'=IF({required}=0,"–",IF({trained}*1000{annex.operator}{required}*{tenths},"Đạt","Chưa đạt"))'


def _stated(page: Any, letter: Letter, formats: dict[str, Any]) -> None:
    page.set_column(0, 0, 110)
    lines = ["Đối chiếu số liệu", *(line for seal in letter.seals for line in seal_lines(seal))]
    lines += [f"Kiểm tra tệp tại {letter.verify_url}", "Dành cho máy đọc, đừng sửa:"]
    lines += [json.dumps(letter.stated, ensure_ascii=False, sort_keys=True)]
    for row, line in enumerate(lines):
        page.write_string(row, 0, line, formats["plain"])
