"""Tables that go out: CSV and XLSX, in flat memory, with formulas inert."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import IO

import xlsxwriter

from lms.kernel.inert import inert

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")

Cell = str | int | float | Decimal | date | bool | None


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
    with xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    ) as book:
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True})
        dated = book.add_format({"num_format": "dd/mm/yyyy"})
        for column, title in enumerate(header):
            page.write_string(0, column, title, bold)
        page.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if cell is None or cell == "":
                    continue
                if isinstance(cell, bool):
                    page.write_boolean(number, column, cell)
                elif isinstance(cell, date):
                    page.write_datetime(number, column, cell, dated)
                elif isinstance(cell, int | float | Decimal):
                    page.write_number(number, column, cell)
                else:
                    page.write_string(number, column, _printable(cell))


def _printable(cell: str) -> str:
    """Without the controls that XML cannot hold; at most what a cell can hold."""
    return _CONTROLS.sub("", cell)[:32_767]
