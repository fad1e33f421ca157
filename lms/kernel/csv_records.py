"""The records of a CSV file, with the line where each begins."""

import codecs
import csv
import itertools
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import IO

from django.utils.translation import gettext_lazy as _

from lms.kernel.encodings import encoding_of, garbled_as
from lms.kernel.faults import Faults
from lms.kernel.inert import restored

_PIECE = 1 << 18
_ENCODINGS = {
    "UTF-16": _("The file is written in UTF-16. Save it as CSV UTF-8 or as .xlsx."),
    "Windows-1258": _("The file is written in Windows-1258. Save it as CSV UTF-8 or as .xlsx."),
    "TCVN3": _(
        "The text is written in TCVN3 (fonts .VnTime). Convert it to Unicode first, and save it again."
    ),
    "VNI": _("The text is written in VNI (fonts VNI-Times). Convert it to Unicode first, and save it again."),
    "UTF-8 twice": _(
        "The Vietnamese letters were broken when the file was saved. Save it again from the original."
    ),
}


def csv_records(
    file: IO[bytes], faults: Faults, known: Callable[[Sequence[str]], int]
) -> Generator[tuple[int, list[str]], None, None]:
    """``known`` counts the names of a header that are known; it decides what separates the cells."""
    lines = _sound_lines(file, faults)
    first = next(lines, "")
    # Excel with Vietnamese settings separates by semicolon.
    delimiter = max(",;\t", key=lambda mark: known(next(csv.reader([first], delimiter=mark), [])))
    reader = csv.reader(itertools.chain([first], lines), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            for record in reader:
                yield line, [restored(cell) for cell in record] if "'" in "".join(record) else record
                line = reader.line_num + 1
            return
        except csv.Error as error:
            faults.add(line, None, _broken_line(error))
            line = reader.line_num + 1


def _broken_line(error: csv.Error) -> object:
    if "field larger" in str(error):
        return _("a cell is longer than any cell may be; is a quotation mark not closed?")
    return _("the quotation marks are not right")


def _sound_lines(file: IO[bytes], faults: Faults) -> Iterator[str]:
    """The lines of a UTF-8 file; refused as soon as a piece of it is not what it should be."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    while True:
        piece = file.read(_PIECE)
        try:
            if b"\x00" in piece:
                raise UnicodeDecodeError("utf-8", piece, 0, 1, "NUL")
            part = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError:
            encoding = encoding_of(piece)
            other = _("The file is not text in UTF-8. Save it as CSV UTF-8 or as .xlsx.")
            faults.refuse(_ENCODINGS.get(encoding or "", other))
        if garbled := garbled_as(part):
            faults.refuse(_ENCODINGS[garbled])
        *lines, rest = (rest + part).split("\n")
        for line in lines:
            yield line + "\n"
        if not piece:
            if rest:
                yield rest
            return
