"""Tables that go out: CSV and XLSX, in flat memory, with formulas inert."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from lms.kernel.inert import inert
from lms.kernel.xlsx_pieces import Cell, xlsx_pieces

__all__ = ["XLSX", "Cell", "csv_lines", "write_xlsx", "xlsx_pieces"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The kind of file that a workbook is, as a browser is told."""


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a CSV file, with a BOM for Excel's sake.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; ``Table.read`` takes it
    off again, so a file that was exported can be imported.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    yield "\ufeff" + _drained(buffer)
    for row in rows:
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
        yield _drained(buffer)


def _drained(buffer: io.StringIO) -> str:
    line = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return line


def write_xlsx(
    file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str = "Sheet1"
) -> None:
    """One sheet in flat memory; texts are written as texts, so nothing is a formula or a link.

    Days are written as days. A sheet holds 1,048,575 rows beneath its header.
    """
    for piece in xlsx_pieces(header, rows, sheet=sheet):
        file.write(piece)
