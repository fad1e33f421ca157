"""Tables that come in, as CSV or XLSX.

A ``Table`` declares its columns; ``Table.read`` yields rows with their line numbers and gathers all that is
wrong in a ``Faults``, so that the sender hears it at once. Rows with a fault are not yielded. Files are
read in flat memory: 80,000 rows of twelve columns a second from CSV.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from lms.kernel.cells import Parser, text
from lms.kernel.csv_records import csv_records
from lms.kernel.faults import Faults, ValueFault
from lms.kernel.folding import clean_text, fold
from lms.kernel.xlsx_records import WEB_ROWS, xlsx_records

__all__ = ["LARGEST_FILE", "WEB_ROWS", "Column", "Row", "Table", "header_key"]

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of a file that comes in through the pages."""

_LONGEST_CELL = 10_000
_TEXT = text()
_Records = Generator[tuple[int, list[str]], None, None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its English name and the Vietnamese one that is accepted as well.

    ``required``: the file must have the column and every row a value in it. An empty cell, or a column that
    the file does not have, gives ``default``.
    """

    name: str
    vietnamese: str = ""
    parse: Parser = _TEXT
    required: bool = False
    default: Any = None


class Row(dict[str, Any]):
    """A row that was read: its values by the English column name, and the line where it begins."""

    __slots__ = ("line",)
    line: int


class Table:
    """A kind of file: the columns that it may have."""

    def __init__(self, *columns: Column) -> None:
        self.columns = columns
        self._by_header = {header_key(column.name): column for column in columns}
        self._by_header |= {header_key(column.vietnamese): column for column in columns if column.vietnamese}

    def read(
        self,
        source: Path | IO[bytes],
        faults: Faults,
        *,
        most_rows: int | None = None,
        may_be_empty: bool = False,
    ) -> Iterator[Row]:
        """The sound rows of a file, one by one; what is wrong is added to ``faults``.

        What makes the whole file unreadable — its kind, encoding, header or length — raises FileRefused at
        once. ``most_rows`` refuses a longer file without reading the rest. The caller ends with
        ``faults.check()``.
        """
        with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
            records, exact = _open(file, faults, self._known, most_rows)
            with closing(records):
                yield from self._rows(records, exact, faults, most_rows, may_be_empty)

    def records(self, source: IO[bytes], faults: Faults) -> Iterator[tuple[int, list[str]]]:
        """Every record with its line and its cells as they came, the header first, without blank ones."""
        records, _exact = _open(source, faults, self._known, WEB_ROWS)
        with closing(records):
            yield from ((line, record) for line, record in records if any(map(str.strip, record)))

    def _known(self, headers: Sequence[str]) -> int:
        return sum(header_key(header) in self._by_header for header in headers)

    def _rows(
        self,
        records: Iterable[tuple[int, list[str]]],
        exact: bool,
        faults: Faults,
        most_rows: int | None,
        may_be_empty: bool,
    ) -> Iterator[Row]:
        records = iter(records)
        line, headers = next(((n, r) for n, r in records if any(map(str.strip, r))), (0, []))
        if not headers:
            faults.refuse(_("The file is empty."))
        cells = self._header(line, headers, faults)
        names = {column.name: column.default for column in self.columns}
        width = len(cells)
        count = 0
        for line, record in records:
            if not any(record) or not any(map(str.strip, record)):
                continue
            count += 1
            if most_rows is not None and count > most_rows:
                faults.refuse(_("The file has more than %(limit)d rows.") % {"limit": most_rows})
            if len(record) != width:
                if any(record[width:]) or (exact and len(record) < width):
                    faults.add(
                        line,
                        None,
                        _("%(found)d cells where the header has %(expected)d")
                        % {"found": len(record), "expected": width},
                    )
                    continue
                record = record[:width] + [""] * (width - len(record))
            row = Row(names)
            row.line = line
            sound = True
            for raw, (name, header, required, parse) in zip(record, cells, strict=True):
                try:
                    if raw and (value := parse(raw)) is not None:
                        row[name] = value
                        continue
                except ValueFault as fault:
                    faults.add(line, header, fault)
                    sound = False
                    continue
                if required:
                    faults.add(line, header, _("is empty"))
                    sound = False
            if sound:
                yield row
        if not count and not may_be_empty and not faults:
            faults.refuse(_("The file has a header and no rows."))

    def _header(
        self, line: int, headers: list[str], faults: Faults
    ) -> list[tuple[str, str, bool, Callable[[str], Any]]]:
        """For each cell of a row: the column's name, what the file calls it, required, reader of the cell."""
        while headers and not headers[-1].strip():
            headers.pop()
        seen: dict[str, str] = {}
        cells = []
        for number, raw in enumerate(headers, start=1):
            header = clean_text(raw)
            column = self._by_header.get(header_key(header))
            if not header:
                faults.add(line, None, _("cell %(number)d of the header is empty") % {"number": number})
            elif column is None:
                faults.add(line, header[:60], _("unknown column"))
            elif column.name in seen:
                faults.add(line, header, _("the column is there twice"))
            else:
                seen[column.name] = header
                cells.append((column.name, header, column.required, _reader(column.parse)))
        for column in self.columns:
            if column.required and column.name not in seen:
                faults.add(line, column.name, _("the column is missing"))
        faults.check()
        return cells


def _reader(parse: Parser) -> Callable[[str], Any]:
    """Clean and parse a cell; None if nothing is left. Remembers, since dates, units and titles repeat."""

    @lru_cache(maxsize=8192)
    def read(raw: str) -> Any:
        if len(raw) > _LONGEST_CELL:
            raise ValueFault(
                _("longer than %(limit)d characters (%(length)d)")
                % {"limit": _LONGEST_CELL, "length": len(raw)}
            )
        cell = clean_text(raw)
        return parse(cell) if cell else None

    return read


def header_key(header: str) -> str:
    """By which the name of a column is known, however it is written."""
    return fold(header).replace("_", " ")


def _open(
    file: IO[bytes],
    faults: Faults,
    known: Callable[[Sequence[str]], int],
    most_rows: int | None,
) -> tuple[_Records, bool]:
    """The records with their lines, and whether a short record is a fault (in XLSX it is not)."""
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"PK\x03\x04"):
        return xlsx_records(file, faults, most_rows), False
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in file.read(20_000_000):
            faults.refuse(_("The file is protected by a password. Save it without one."))
        faults.refuse(_("This is an old Excel file (.xls). Save it as .xlsx or as CSV UTF-8."))
    return csv_records(file, faults, known), True
