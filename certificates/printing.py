"""The paper: PDF/A from a document. A PDF is a view of its row, so no file can be lost."""

import base64
import io
import json
import threading
from pathlib import Path
from typing import Any, cast

import segno
import typst

from .layouts import Layout
from .offline.verify import BLANK, canonical, seal_message
from .signing import SigningKey, armoured
from .words import check_words

HERE = Path(__file__).resolve().parent
_LOCAL = threading.local()
QR_MASK = 0
PPI = 96
SHIPPED = Layout()
NO_COPY = {"copy_title": "", "copy_line": ""}


def pdf(
    document: dict[str, Any],
    *,
    key: SigningKey,
    copy: dict[str, str] | None = None,
    layout: Layout = SHIPPED,
) -> bytes:
    """The certificate as PDF/A-2a with embedded fonts, tagged for screen readers; about 8 ms.

    The document (certificates.documents) lies in the metadata, so that the file proves itself, and a seal by
    `key` over every byte of the file. `copy` holds what a copy from the register says besides.
    """
    embedded = base64.urlsafe_b64encode(canonical({**document, **({"copy": copy} if copy else {})}))
    inputs = {
        **_inputs(document, copy, layout),
        "document": f"vung1.{embedded.rstrip(b'=').decode()}",
        "seal": f"seal.{key.key_id}.{BLANK.decode()}",
    }
    blanked = _compiler().compile(
        str(_design(layout)), format="pdf", sys_inputs=inputs, pdf_standards=["a-2a"]
    )
    return sealed(cast(bytes, blanked), key)


def picture_of(document: dict[str, Any], *, layout: Layout) -> bytes:
    """The paper as a PNG of about 1,000 pixels each way, to look at. It proves nothing."""
    inputs = {**_inputs(document, None, layout), "document": "", "seal": ""}
    return cast(bytes, _compiler().compile(str(_design(layout)), format="png", ppi=PPI, sys_inputs=inputs))


def _inputs(document: dict[str, Any], copy: dict[str, str] | None, layout: Layout) -> dict[str, str]:
    words = check_words(document["signature"])
    return {
        "payload": json.dumps(
            {**NO_COPY, **document["payload"], **(copy or {}), "words": words}, ensure_ascii=False
        ),
        "layout": json.dumps(layout.filled(document["payload"]), ensure_ascii=False),
        "qr": qr_svg(f"{document['payload']['url']}?s={document['signature']}"),
    }


def _design(layout: Layout) -> Path:
    return HERE / "designs" / f"{layout.base}.typ"


def sealed(blanked: bytes, key: SigningKey) -> bytes:
    """The file with its seal in the place that was kept for it."""
    place = f"seal.{key.key_id}.".encode()
    seal = armoured(key.sign_bytes(seal_message(blanked))).encode()
    return blanked.replace(place + BLANK, place + seal)


def qr_svg(url: str) -> str:
    """A QR code that survives folding and stains (error correction M).

    The mask is fixed: weighing all eight, as the standard advises, costs more than the rest of the paper.
    """
    out = io.BytesIO()
    segno.make(url, error="m", micro=False, mask=QR_MASK).save(
        out, kind="svg", border=0, dark="#12282b", xmldecl=False, svgns=True
    )
    return out.getvalue().decode()


def _compiler() -> Any:
    """One for each thread, since it keeps what it has read of the fonts."""
    if not hasattr(_LOCAL, "compiler"):
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")]
        )
        _LOCAL.compiler = typst.Compiler(root=str(HERE), font_paths=fonts, ignore_system_fonts=True)
    return _LOCAL.compiler
