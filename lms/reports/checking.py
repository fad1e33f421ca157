"""Is a written report still what was closed, and what the facts give? For JSON, XLSX and PDF."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from .letters import FIELDS, Annex, Line
from .models import ClosedReport, WrittenFile
from .queries import exported, read_export, verified
from .reading import FileRead, read_file
from .records import Verdict
from .writing import letter_of_figure

COLUMNS = {field: str(number) for number, field in enumerate(FIELDS, start=3)} | {
    "basic": "8",
    "advanced": "8",
    "passed": "9",
    "certified": "10",
}
"""The number that stands above each figure's column."""


def checked(content: bytes) -> Verdict | None:
    """Go over a file; None if it is no report that was written or exported here."""
    try:
        stated = read_export(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        stated = None
    if stated is not None:
        return verified(stated)
    read = read_file(content)
    return None if read is None else Verdict(tuple(_differences(read, content)))


def _differences(read: FileRead, content: bytes) -> Iterator[str]:
    known = WrittenFile.objects.filter(sha256=sha256(content).hexdigest()).exists()
    if read.format == "pdf" and not known:
        yield "file: these are not the bytes that were written here; the document was altered afterwards"
    for place, figure in enumerate(read.stated["figures"]):
        closed = _closed(figure)
        if closed is None:
            yield f"{figure.get('target')}: no report with this SHA-256 was closed here"
            continue
        yield from (f"{closed.target.code}: {line}" for line in verified(exported(closed)).differences)
        if read.format == "xlsx" and not known:
            rows = read.annexes[place] if place < len(read.annexes) else []
            yield from (f"{closed.target.code}: {line}" for line in _altered(closed, rows))


def _closed(figure: Mapping[str, Any]) -> ClosedReport | None:
    rows = ClosedReport.objects.select_related("target__unit", "unit", "document", "replaces")
    return rows.filter(sha256=str(figure.get("sha256"))).first()


def _altered(closed: ClosedReport, rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Cells of the table that do not say what the closing says."""
    (annex,) = letter_of_figure(closed).annexes
    for place, line in enumerate([*annex.lines, annex.total]):
        if place >= len(rows):
            yield f"({line.name}): the row is missing"
            continue
        yield from _cells(annex, line, rows[place])


def _cells(annex: Annex, line: Line, row: Sequence[Any]) -> Iterator[str]:
    name = "Tổng cộng" if line is annex.total else line.name
    said = str(row[1]) if len(row) > 1 else ""
    if said != name:
        yield f"({name}): «{said}» → «{name}»"
    for column, field in enumerate(FIELDS, start=2):
        expected, found = getattr(line, field), row[column] if column < len(row) else None
        if not isinstance(found, int | float) or found != expected:
            yield f"({name}, {COLUMNS[field]}): {_plain(found)} → {expected}"


def _plain(found: Any) -> str:
    return str(int(found)) if isinstance(found, float) and found.is_integer() else str(found)
