"""Papers of this room, as PDF."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import typst
from django.conf import settings

HERE = Path(__file__).resolve().parent


def my_data_pdf(data: Mapping[str, Any]) -> bytes:
    """The person's data as PDF with embedded fonts; PDF/A-2a, tagged for screen readers."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(settings.ROOT / "certificates" / "fonts")],
    )
    compiler = typst.Compiler(root=str(HERE), font_paths=fonts, ignore_system_fonts=True)
    return cast(
        bytes,
        compiler.compile(
            str(HERE / "my_data.typ"),
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["a-2a"],
        ),
    )
