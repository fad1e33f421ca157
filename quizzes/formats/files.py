"""Bytes that came in as text: of what length, in what encoding."""

import codecs
import unicodedata
from typing import IO

from lms.kernel.encodings import encoding_of, garbled_as

from .records import Broken, Unreadable

MOST_BYTES = 50_000_000


def content_of(file: IO[bytes], most: int = MOST_BYTES) -> bytes:
    """All of a file that is not larger than `most`; not one byte more is kept."""
    content = file.read(most + 1)
    if len(content) > most:
        raise Unreadable(Broken.TOO_LARGE, str(most // 1_000_000))
    if not content.strip():
        raise Unreadable(Broken.EMPTY)
    return content


def text_of(file: IO[bytes]) -> str:
    """A text file in UTF-8, UTF-16 with its mark, or the Windows encoding of Việt Nam, in NFC.

    TCVN3 and VNI are recognised and refused: letters would be lost.
    """
    content = content_of(file)
    text = _decoded(content)
    if garbled := garbled_as(text):
        raise Unreadable(Broken.GARBLED, garbled)
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Unreadable(Broken.UNKNOWN_ENCODING, "UTF-16") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    found = encoding_of(content)
    if found in ("TCVN3", "VNI"):
        raise Unreadable(Broken.GARBLED, found)
    if found == "Windows-1258":
        return content.decode("cp1258", errors="replace")
    if b"\x00" in content:
        raise Unreadable(Broken.UNKNOWN_ENCODING, found or "?")
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unreadable(Broken.UNKNOWN_ENCODING, "?") from error
