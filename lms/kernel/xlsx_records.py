"""The rows of the first sheet of an XLSX file, which is judged before anything parses it."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _

from lms.kernel.archives import ArchiveRefused, Limits, entries_of, unpacked
from lms.kernel.faults import Faults

# What xlsx_rows says of a file that is no workbook.
_UNREADABLE = 3
# Rows that a page takes; the commands take any number.
WEB_ROWS = 100_000
_NOT_PLAIN = {
    "vba": _("The file holds macros. Save it as an ordinary workbook (.xlsx)."),
    "macrosheets": _("The file holds macros. Save it as an ordinary workbook (.xlsx)."),
    "externallinks": _("The file is linked to other files. Break the links, and save it again."),
    "connections": _("The file holds connections to outside data. Remove them, and save it again."),
    "embeddings": _("The file holds embedded objects. Remove them, and save it again."),
}
_XLSX_WEB = Limits(entries=2_000, total=200_000_000)
_XLSX_COMMAND = Limits(entries=2_000, total=2_000_000_000)
_ERROR_CELL = re.compile(rb"<c\b(?=[^<>]*\bt=[\"']e[\"'])[^<>]*\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")


def xlsx_records(
    file: IO[bytes], faults: Faults, most_rows: int | None
) -> Generator[tuple[int, list[str]], None, None]:
    """Up to WEB_ROWS rows the limits of a page hold; a command may unpack and hold ten times as much."""
    command = most_rows is None or most_rows > WEB_ROWS
    try:
        _check_xlsx(file, faults, _XLSX_COMMAND if command else _XLSX_WEB)
    except ArchiveRefused as refusal:
        faults.refuse(refusal)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.flush()
        program = [sys.executable, "-I", str(Path(__file__).with_name("xlsx_rows.py"))]
        with subprocess.Popen(
            [*program, copy.name, "4000" if command else "400"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
            env={},
        ) as child:
            assert child.stdout is not None
            try:
                for number, line in enumerate(child.stdout, start=1):
                    yield number, json.loads(line)
            finally:
                child.stdout.close()  # ends the child if it is still writing
            code = child.wait()
    if code:
        faults.refuse(
            _("The file is broken: it is not a workbook that can be read.")
            if code == _UNREADABLE
            else _("The file is too large or too unusual to be read.")
        )


def _check_xlsx(file: IO[bytes], faults: Faults, limits: Limits) -> None:
    """Refuse macros, links and bombs; unpack everything once, so that no entry is longer than it says."""
    file.seek(0)
    infos = entries_of(file, limits)
    names = {info.filename.lower() for info in infos}
    if "xl/workbook.xml" not in names:
        faults.refuse(_("This is neither a CSV file nor an Excel workbook (.xlsx)."))
    for name in sorted(names):
        for part, sentence in _NOT_PLAIN.items():
            if name.startswith(f"xl/{part}"):
                faults.refuse(sentence)
    sheet = _first_sheet(file, infos)
    for info in infos:
        tail = b""
        for piece in unpacked(file, info):
            if info.filename == sheet:
                for column, row in _ERROR_CELL.findall(tail + piece):
                    faults.add(
                        int(row),
                        column.decode(),
                        _("the cell holds an error of a formula instead of a value"),
                    )
                # A cell that is cut by the end of the piece is found with the next one.
                cut = piece.rfind(b"<c")
                tail = piece[cut:] if cut >= 0 and b">" not in piece[cut:] else b""
            if info.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in piece:
                faults.refuse(_("The file is broken: it is not a workbook that can be read."))


def _first_sheet(file: IO[bytes], infos: list[zipfile.ZipInfo]) -> str | None:
    """The entry that holds the first sheet of the workbook."""
    parts = {info.filename: info for info in infos}
    contents = [
        b"".join(unpacked(file, parts[name])) if name in parts else b""
        for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    ]
    first = re.search(rb"<sheet\b[^<>]*\br:id=[\"']([^\"']+)[\"']", contents[0])
    for relation in re.findall(rb"<Relationship\b[^<>]*>", contents[1]):
        if first and re.search(rb"\bId=[\"']" + re.escape(first[1]) + rb"[\"']", relation):
            target = re.search(rb"\bTarget=[\"']/?(?:xl/)?([^\"']+)[\"']", relation)
            return "xl/" + target[1].decode("utf-8", "replace") if target else None
    return None
