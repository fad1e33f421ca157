"""The letter as PDF/A for reading, set in Tinos, whose letters are as wide as those of Times New Roman."""

import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import segno
import typst
from django.conf import settings

from lms.reports.letters import (
    DOUBLE,
    NUMBERS,
    WIDTHS_MM,
    Annex,
    Heading,
    Letter,
    Line,
    annex_line,
    copies,
    day_line,
    number_line,
    rate_words,
    recipients,
)

from .docx import MOTTO, STATE, roman, seal_lines

HERE = Path(__file__).resolve().parent
ATTACHED = "vung-report.json"
"""The file in the PDF that says from which closings its figures are."""
_LOCAL = threading.local()


def write_pdf(letter: Letter) -> bytes:
    """The letter and its annexes, tagged for screen readers; what a program reads is attached."""
    inputs = {"letter": json.dumps(_plain(letter), ensure_ascii=False)}
    written = _compiler().compile(
        str(HERE / "letter.typ"), format="pdf", sys_inputs=inputs, pdf_standards=["a-3a"]
    )
    return cast(bytes, written)


def _plain(letter: Letter) -> dict[str, Any]:
    """The letter as the template reads it: texts alone."""
    head = asdict(letter.head)
    return {
        "state": STATE,
        "motto": MOTTO,
        "head": {**head, "day": day_line(letter.head.place, letter.head.day)},
        "number": number_line(letter.head.symbol),
        "annex_line": annex_line(letter.head.symbol),
        "recipients": recipients(letter.head),
        "copies": copies(letter.head),
        "subject": letter.subject,
        "dated": [
            (letter.head.day or letter.on).year,
            (letter.head.day or letter.on).month,
            (letter.head.day or letter.on).day,
        ],
        "body": [
            {"level": block.level if isinstance(block, Heading) else 0, "text": block.text}
            for block in letter.body
        ],
        "annexes": [_annex(annex, number) for number, annex in enumerate(letter.annexes, start=1)],
        "numbers": list(NUMBERS),
        "widths": list(WIDTHS_MM),
        "double": DOUBLE,
        "seals": [line for seal in letter.seals for line in seal_lines(seal)],
        "verify": letter.verify_url,
        "qr": segno.make(letter.verify_url, error="m", micro=False).svg_inline(border=0),
        "draft": letter.draft,
        "attached": ATTACHED,
        "stated": json.dumps(letter.stated, ensure_ascii=False, sort_keys=True),
    }


def _annex(annex: Annex, number: int) -> dict[str, Any]:
    return {
        "number": roman(number),
        "title": annex.heading,
        "headers": list(annex.headers),
        "rows": [_cells(str(place), line, annex) for place, line in enumerate(annex.lines, start=1)],
        "total": _cells("", annex.total, annex, total=True),
        "notes": list(annex.notes),
    }


def _cells(place: str, line: Line, annex: Annex, *, total: bool = False) -> list[str]:
    end = [annex.demand, annex.verdict] if total else ["", line.note]
    rate = rate_words(line) if line.required >= 0 else ""
    return [place, "Tổng cộng" if total else line.name, *annex.numbers(line), rate, *end]


def _compiler() -> Any:
    """One for each thread, since it keeps what it has read of the fonts."""
    if not hasattr(_LOCAL, "compiler"):
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(settings.FONT_DIR)]
        )
        _LOCAL.compiler = typst.Compiler(root=str(HERE), font_paths=fonts, ignore_system_fonts=True)
    return _LOCAL.compiler
