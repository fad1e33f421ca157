"""What a written report says of itself: read back from an XLSX or a PDF, nothing trusted, no database."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from python_calamine import CalamineError, CalamineWorkbook

from lms.kernel.archives import ArchiveRefused, Limits, entries_of

from .documents.pdf import ATTACHED
from .documents.xlsx import FIRST, STATED
from .letters import WIDTHS_MM

FORMAT = "vung/report-file/1"
LIMITS = Limits(entries=200, total=50_000_000)
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file states, and, of a workbook, the rows that people see in each annex."""

    format: str
    stated: Mapping[str, Any]
    annexes: Sequence[Sequence[Sequence[Any]]] = ()


def read_file(content: bytes) -> FileRead | None:
    """The report that an XLSX or PDF holds; None if it holds none."""
    if len(content) > MOST_BYTES:
        return None
    if content.startswith(b"PK"):
        return _read_xlsx(content)
    if content.startswith(b"%PDF"):
        return _read_pdf(content)
    return None


def _read_xlsx(content: bytes) -> FileRead | None:
    try:
        entries_of(io.BytesIO(content), LIMITS)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except (ArchiveRefused, CalamineError, ValueError, KeyError):
        return None
    rows = sheets.pop(STATED, [])
    stated = _stated(str(rows[-1][0])) if rows and rows[-1] else None
    if stated is None:
        return None
    annexes = [[list(row[: len(WIDTHS_MM)]) for row in sheet[FIRST:]] for sheet in sheets.values()]
    return FileRead("xlsx", stated, annexes)


def _read_pdf(content: bytes) -> FileRead | None:
    try:
        attachments = PdfReader(io.BytesIO(content)).attachments
        held = attachments.get(ATTACHED, [])
    except (PyPdfError, ValueError, KeyError, RecursionError):
        return None
    stated = _stated(held[0].decode("utf-8", "replace")) if held else None
    return FileRead("pdf", stated) if stated else None


def _stated(text: str) -> Mapping[str, Any] | None:
    try:
        stated = json.loads(text)
    except ValueError:
        return None
    if not isinstance(stated, dict) or stated.get("format") != FORMAT:
        return None
    figures = stated.get("figures")
    if not isinstance(figures, list) or not all(isinstance(one, dict) for one in figures):
        return None
    return stated
