"""A letter written as a file: DOCX to edit and sign, PDF to read, XLSX to go on calculating."""

from collections.abc import Callable, Mapping

from lms.reports.enums import FileFormat
from lms.reports.letters import Letter

from .docx import write_docx
from .pdf import write_pdf
from .xlsx import write_annex

WRITERS: Mapping[str, Callable[[Letter], bytes]] = {
    FileFormat.DOCX: write_docx,
    FileFormat.PDF: write_pdf,
    FileFormat.XLSX: write_annex,
}
"""Each takes a letter and gives the bytes of a file."""

MEDIA_TYPES: Mapping[str, str] = {
    FileFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileFormat.PDF: "application/pdf",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

__all__ = ["MEDIA_TYPES", "WRITERS", "write_annex", "write_docx", "write_pdf"]
