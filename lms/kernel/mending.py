"""Faulty lines of a table: given out with what is wrong, mended by hand, put back in their places.

So the sender need not look for eleven lines among three thousand, and the rest of the file stays as it was
sent: a list of the whole staff stays whole.
"""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext_lazy as _

from lms.kernel.faults import Faults, FileRefused
from lms.kernel.folding import clean_text
from lms.kernel.inert import inert
from lms.kernel.tables import Column, Table, header_key

LINE = Column("line", "dòng")
WRONG = Column("what is wrong", "sai ở đâu")
_LINES, _WRONGS = ({header_key(column.name), header_key(column.vietnamese)} for column in (LINE, WRONG))


@dataclass(frozen=True, slots=True)
class FaultyLines:
    """A table for the sender: the number of each line, what is wrong with it, and its cells as they came."""

    header: list[str]
    lines: list[int]
    rows: Sequence[Sequence[str | int]]


def faulty_lines(
    table: Table, source: IO[bytes], faults: Faults, called: Mapping[str, str] | None = None
) -> FaultyLines | None:
    """The lines of the file that have a fault; None where mending them alone would not mend the file.

    That is so where the header or a line as such cannot be read, and where not every fault was kept in words.
    `called`: what the sender calls a column, for its English name.
    """
    if not faults or faults.count > len(faults.listed):
        return None
    try:
        records = dict(table.records(source, Faults(faults.file)))
    except FileRefused:
        return None
    first = next(iter(records), None)
    if first is None:
        return None
    wrong: dict[int, list[str]] = {}
    for fault in faults.listed:
        if fault.line is None or fault.line == first or fault.line not in records:
            return None
        column = (called or {}).get(fault.column or "", fault.column)
        wrong.setdefault(fault.line, []).append(f"{column}: {fault.message}" if column else fault.message)
    names = _names(records[first])
    english = all(name in {column.name for column in table.columns} for name in names)
    before = [column.name if english else column.vietnamese for column in (LINE, WRONG)]
    lines = sorted(wrong)
    rows: list[list[str | int]] = [
        [line, "; ".join(wrong[line]), *_as_wide(records[line], len(names))] for line in lines
    ]
    return FaultyLines([*before, *names], lines, rows)


def put_back(
    table: Table, source: IO[bytes], mended: IO[bytes], lines: Collection[int], faults: Faults
) -> bytes:
    """The file as CSV, with the mended lines in the places of the faulty ones; every line keeps its number.

    `mended` holds each of `lines` once. One of which nothing is left but its number is left out. Raises
    FileRefused with all that does not fit.
    """
    records = dict(table.records(source, Faults(faults.file)))
    first, *_lines = records
    names = _names(records[first])
    records[first] = names
    records |= _mended(table, mended, names, lines, faults)
    return _written(records.items())


def _mended(
    table: Table, mended: IO[bytes], names: list[str], lines: Collection[int], faults: Faults
) -> dict[int, list[str]]:
    rows = table.records(mended, faults)
    at, header = next(rows, (1, []))
    places = _places(at, _names(header), names, faults)
    found: dict[int, list[str]] = {}
    for number, record in rows:
        cells = _as_wide(record, len(header))
        said = cells[places[0]].strip()
        line = int(said) if said.isascii() and said.isdigit() else None
        if line is None or line not in lines:
            faults.add(number, header[places[0]], _("say here which of the faulty lines this is"))
        elif line in found:
            faults.add(number, header[places[0]], _("line %(line)d is there twice") % {"line": line})
        else:
            found[line] = [cells[place] for place in places[1:]]
    for line in sorted(set(lines) - set(found)):
        missing = _("line %(line)d is missing; to leave it out, empty its cells but not its number")
        faults.add(None, None, missing % {"line": line})
    faults.check()
    return found


def _places(at: int, header: list[str], names: list[str], faults: Faults) -> list[int]:
    """Where the number of the line stands among the mended cells, and then each column of the file."""
    keys = [header_key(name) for name in header]
    found = []
    for name, wanted in [(LINE.vietnamese, _LINES), *((name, {header_key(name)}) for name in names)]:
        place = next((place for place, key in enumerate(keys) if key in wanted), None)
        if place is None:
            faults.add(at, name, _("the column is missing"))
        else:
            found.append(place)
    for name, key in zip(header, keys, strict=True):
        if key not in {*_LINES, *_WRONGS, *map(header_key, names)}:
            faults.add(at, name, _("unknown column"))
    faults.check()
    return found


def _names(header: Iterable[str]) -> list[str]:
    names = [clean_text(name) for name in header]
    while names and not names[-1]:
        names.pop()
    return names


def _as_wide(cells: list[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _written(records: Iterable[tuple[int, list[str]]]) -> bytes:
    """Each record on the line where it stood; a line with nothing on it is passed over when it is read."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    at = 1
    for line, cells in sorted(records):
        file.write("\n" * (line - at))
        if any(cell.strip() for cell in cells):
            writer.writerow([inert(" ".join(cell.splitlines())) for cell in cells])
        else:
            file.write("\n")
        at = line + 1
    return file.getvalue().encode()
