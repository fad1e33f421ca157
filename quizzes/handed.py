"""Files that learners hand in: which are taken, and under which name. Pure: no Django, no database."""

import io
import zipfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import PurePosixPath

LARGEST = 10 * 1024 * 1024
_MOST_ENTRIES = 2_000
_BEGINS = {
    ".pdf": (b"%PDF-",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".pptx": (b"PK\x03\x04",),
    ".odt": (b"PK\x03\x04",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
}
TYPES = (*_BEGINS, ".txt")
"""Kinds of file that can be handed in at all. None of them runs anything when it is opened."""
USUAL = (".docx", ".pdf", ".jpg", ".jpeg", ".png")
"""Those that are taken where the question names none."""


class WrongFile(StrEnum):
    """Why a file is not taken; `quizzes/wordings.py` has the sentences."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OTHER_TYPE = "other_type"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    MACROS = "macros"


def types_taken(asked: Sequence[str]) -> tuple[str, ...]:
    """The kinds that the question asks for, of those that can be taken."""
    return tuple(kind for kind in asked if kind in TYPES) or USUAL


def wrong_with_file(name: str, content: bytes, types: Sequence[str]) -> WrongFile | None:
    """What is wrong with a file, by its name's end and by how it begins; None for one that is taken."""
    kind = PurePosixPath(name.lower()).suffix
    if not content:
        return WrongFile.EMPTY
    if len(content) > LARGEST:
        return WrongFile.TOO_LARGE
    if kind not in types:
        return WrongFile.OTHER_TYPE
    if kind == ".txt":
        return None if b"\x00" not in content else WrongFile.NOT_WHAT_IT_SAYS
    if not content.startswith(_BEGINS[kind]):
        return WrongFile.NOT_WHAT_IT_SAYS
    if content.startswith(b"PK"):
        return _wrong_with_package(content)
    return None


def _wrong_with_package(content: bytes) -> WrongFile | None:
    """Its list of parts is read, no part is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [part.lower() for part in package.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError):
        return WrongFile.NOT_WHAT_IT_SAYS
    if len(parts) > _MOST_ENTRIES:
        return WrongFile.NOT_WHAT_IT_SAYS
    if any(part.endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for part in parts):
        return WrongFile.MACROS
    return None
