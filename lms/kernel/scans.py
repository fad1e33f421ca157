"""Scans and photographs that prove something: told by their bytes, made anew without what was hidden in them.

A photograph is drawn anew from its dots, upright and no wider than a sheet of paper needs; so place, time and
camera stay with whoever took it. A PDF is written anew from its pages, without scripts, attachments and
properties; one that is signed is kept byte for byte, since another would no longer bear the signature.
"""

import io
import warnings
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from .errors import Refused
from .filenames import clean_name

LARGEST = 10 * 1024 * 1024
ACCEPT = "application/pdf,image/jpeg,image/png"
"""For the browser's chooser: iPhones turn their HEIC pictures into JPEG where it is asked for so."""
PDF, JPEG = "application/pdf", "image/jpeg"
MOST_PAGES = 50
_MOST_DOTS = {"JPEG": 120_000_000, "PNG": 25_000_000}
"""A JPEG is read at the scale that is needed, a PNG whole."""
_LONGEST_SIDE = 2_200
"""Dots: small print of an A4 sheet can be read."""
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc")
_RUNS = ("/OpenAction", "/AA", "/Names", "/AcroForm", "/Metadata", "/A", "/JS", "/XFA")
"""What could run, fetch, or lie beside the pages."""


class ScanRefused(Refused):
    """The file is not taken; nothing was kept."""

    code = "scan_refused"


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as it is kept."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def scan_of(name: str, content: bytes) -> Scan:
    """The file made anew, told by its bytes and not by its name. Raises ScanRefused."""
    if not content:
        raise ScanRefused(_("The file is empty."))
    if len(content) > LARGEST:
        raise ScanRefused(_("The file is larger than {size} MB.").format(size=LARGEST // 1024 // 1024))
    if content[4:12] in _HEIC:
        raise ScanRefused(_("This is an HEIC picture. Send it as JPEG, or a screenshot of it."))
    if content.startswith(b"%PDF-"):
        kind, kept, ending = PDF, _pdf(content), ".pdf"
    else:
        kind, kept, ending = JPEG, _picture(content), ".jpg"
    stem = PurePosixPath(clean_name(name, otherwise="minh-chung")).stem
    return Scan(f"{stem}{ending}", kind, kept)


def thumbnail(content: bytes, side: int) -> bytes:
    """A small JPEG of a picture that `scan_of` has made."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as opened:
        return _jpeg(opened, side, quality=70)


def _picture(content: bytes) -> bytes:
    unreadable = _("This is not a file that can be read here. Send a PDF, or a picture as JPEG or PNG.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=list(_MOST_DOTS))
        with opened:
            if opened.width * opened.height > _MOST_DOTS[opened.format or "PNG"]:
                raise ScanRefused(_("The picture has too many dots. Take it again at a smaller size."))
            return _jpeg(opened, _LONGEST_SIDE, quality=82)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ScanRefused(unreadable) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise ScanRefused(_("The picture is damaged.")) from error


def _jpeg(opened: Image.Image, side: int, *, quality: int) -> bytes:
    opened.draft("RGB", (side, side))
    upright = ImageOps.exif_transpose(opened) or opened
    upright.thumbnail((side, side))
    if upright.mode in ("RGBA", "LA", "P"):  # what is see-through lies on white paper
        layered = upright.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        upright = Image.alpha_composite(paper, layered)
    drawn = Image.new("RGB", upright.size)
    drawn.paste(upright.convert("RGB"))
    buffer = io.BytesIO()
    drawn.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()


def _pdf(content: bytes) -> bytes:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise ScanRefused(_("The PDF is locked with a password. Send it without one."))
        if not 0 < len(reader.pages) <= MOST_PAGES:
            raise ScanRefused(_("The PDF must have 1 to {most} pages.").format(most=MOST_PAGES))
        if not _is_signed(reader):
            return _rewritten(reader)
        if _is_armed(reader):
            raise ScanRefused(
                _("The PDF holds programs or attachments. Print it to a new PDF and send that.")
            )
        return content
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ScanRefused(_("The PDF is damaged.")) from error


def _is_signed(reader: PdfReader) -> bool:
    return any(field.get("/FT") == "/Sig" and "/V" in field for field in (reader.get_fields() or {}).values())


def _is_armed(reader: PdfReader) -> bool:
    """Whether a PDF that must stay as it is could run something, or brings other files along."""
    root = reader.root_object
    names, opens = root.get("/Names", {}), root.get("/OpenAction", {})
    acts = opens.get_object() if hasattr(opens, "get_object") else opens
    does = acts.get("/S") if isinstance(acts, DictionaryObject) else None
    kept = names.get_object() if hasattr(names, "get_object") else names
    return (
        "/AA" in root
        or does in ("/JavaScript", "/Launch")
        or bool({"/JavaScript", "/EmbeddedFiles"} & set(kept))
    )


def _rewritten(reader: PdfReader) -> bytes:
    writer = PdfWriter()
    writer.metadata = None
    for page in reader.pages:
        added = writer.add_page(page)
        _disarm(added)
        for note in added.get("/Annots") or ():
            inner = note.get_object()
            if isinstance(inner, DictionaryObject):
                _disarm(inner)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _disarm(part: DictionaryObject) -> None:
    for key in _RUNS:
        part.pop(key, None)
