"""Whether a file is what its name says, before anything of it is read."""

import zipfile
from typing import IO

from content.coursefiles.fields import N_
from content.errors import NotAManuscript
from lms.kernel.archives import ArchiveRefused, Limits, entries_of

LIMITS = Limits(entries=5_000, total=300_000_000, nested=True)
MOST_XML = 80_000_000
"""Bytes of one XML part: a book of 2,000 pages has 20 million."""
MAIN_PARTS = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx"}
OTHERS = (
    (b"%PDF", N_("This is a PDF that has been renamed. Please send the Word or PowerPoint file itself.")),
    (
        b"\xd0\xcf\x11\xe0",
        N_("This is a file of an old Word or PowerPoint, or one with a password. Open it, save it as "
           ".docx or .pptx without a password, and send that."),
    ),
    (b"{\\rtf", N_("This is an RTF file. Open it in Word, save it as .docx, and send that.")),
)  # fmt: skip
MACROS = N_(
    "This file holds macros (small programs), which are never taken in. Open it, save it as .docx or .pptx "
    "without macros, and send that."
)
NEITHER = N_("This is neither a Word file (.docx) nor slides (.pptx), whatever its name says.")
BROKEN = N_("The file is damaged and cannot be read. Open it in Word or PowerPoint and save it anew.")


def judge(file: IO[bytes], name: str) -> str:
    """`docx` or `pptx`, by what is inside; NotAManuscript for everything else."""
    file.seek(0)
    head = file.read(8)
    for beginning, text in OTHERS:
        if head.startswith(beginning):
            raise NotAManuscript(text)
    if not head.startswith(b"PK"):
        raise NotAManuscript(NEITHER)
    file.seek(0)
    try:
        entries = entries_of(file, LIMITS)
    except ArchiveRefused as refusal:
        raise NotAManuscript(BROKEN) from refusal
    names = {entry.filename for entry in entries}
    if any(entry.lower().endswith("vbaproject.bin") for entry in names) or name.lower().endswith(
        (".docm", ".dotm", ".pptm", ".potm", ".ppsm")
    ):
        raise NotAManuscript(MACROS)
    kind = next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
    if kind is None:
        raise NotAManuscript(NEITHER)
    _judge_xml(file, entries)
    return kind


def _judge_xml(file: IO[bytes], entries: list[zipfile.ZipInfo]) -> None:
    """Word writes no document type; where one stands, somebody wants an entity to be expanded."""
    file.seek(0)
    archive = zipfile.ZipFile(file)
    for entry in entries:
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        if entry.file_size > MOST_XML:
            raise NotAManuscript(BROKEN)
        try:
            content = archive.read(entry)
        except (zipfile.BadZipFile, RuntimeError, EOFError, OSError) as error:
            raise NotAManuscript(BROKEN) from error
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise NotAManuscript(BROKEN)
