"""Question files of other programs: read and written. Pure: no Django, no database."""

from dataclasses import dataclass
from functools import partial

from . import aiken, gift, moodle, moodle_out, qti_in, qti_out, sheets, word
from .records import Reader, Writer


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `suffix` is what its files are called by."""

    read: Reader
    write: Writer
    suffix: str
    media_type: str


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS: dict[str, Format] = {
    "gift": Format(gift.read, gift.write, ".gift", "text/plain; charset=utf-8"),
    "aiken": Format(aiken.read, aiken.write, ".txt", "text/plain; charset=utf-8"),
    "moodlexml": Format(moodle.read, moodle_out.write, ".xml", "text/xml; charset=utf-8"),
    "qti": Format(qti_in.read, qti_out.write, ".zip", "application/zip"),
    "qti22": Format(qti_in.read, partial(qti_out.write, version="2.2"), ".zip", "application/zip"),
    "qti21": Format(qti_in.read, partial(qti_out.write, version="2.1"), ".zip", "application/zip"),
    "csv": Format(sheets.read, sheets.write_csv, ".csv", "text/csv; charset=utf-8"),
    "xlsx": Format(sheets.read, sheets.write_xlsx_sheet, ".xlsx", _XLSX),
    "word": Format(word.read, word.write, ".docx", _DOCX),
}

__all__ = ["FORMATS", "Format"]
