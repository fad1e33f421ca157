"""How papers look: words that are never run, pictures that are made anew, letters that can be printed."""

import io
import shutil
import struct
import subprocess
import unicodedata
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from certificates import layouts
from certificates.layouts import Layout, UnusablePicture, picture, unknown_fields, unprintable, with_fields
from certificates.printing import pdf
from certificates.signing import load_key

from .test_printing import LONGEST, document, words

poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")


def png(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), (160, 30, 30, 128)).save(out, "PNG")
    return out.getvalue()


def printed(layout: Layout, **more: str) -> bytes:
    return pdf(document(**more), key=load_key(settings.KEY_DIR), layout=layout)


def pages(file: Path) -> str:
    told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    return next(line.split()[1] for line in told.splitlines() if line.startswith("Pages:"))


@poppler
@pytest.mark.parametrize("base", layouts.BASES)
@pytest.mark.parametrize("name", [*LONGEST, "Nguyễn " * 17 + "An", "Lê An"])
def test_every_form_holds_every_name_on_one_page(base: str, name: str, tmp_path: Path) -> None:
    full = Layout(base=base, emblem=picture(png(), "emblem"), signature=picture(png(), "signature"))
    file = printed(full, holder=name)
    assert name.split()[-1] in words(file, tmp_path)
    info = subprocess.run(
        ["pdfinfo", str(tmp_path / "paper.pdf")], capture_output=True, text=True, check=True
    )
    assert "Pages:           1" in info.stdout


@poppler
def test_a_text_is_words_and_never_a_program(tmp_path: Path) -> None:
    evil = '#read("/etc/passwd") $x$ <script>alert(1)</script> #import "x" {holder.__class__}'
    said = words(printed(Layout(footnote=evil)), tmp_path)
    assert '#read("/etc/passwd") $x$ <script>alert(1)</script>' in said
    assert "root:" not in said


def test_named_fields_are_filled_in_and_nothing_else() -> None:
    paper = {"holder": "Lê An", "course": "A"}
    assert with_fields("Ông/bà {holder}, {course}, {x}, {0}, {", paper) == "Ông/bà Lê An, A, {x}, {0}, {"
    assert unknown_fields("{holder} {x} {holder.name}") == ["x", "holder.name"]


@poppler
def test_every_letter_that_counts_as_printable_is_printed(tmp_path: Path) -> None:
    letters = [chr(code) for code in range(0x21, 0x20AC) if not unprintable(chr(code))]
    letters = [letter for letter in letters if letter.isprintable() and not unicodedata.combining(letter)]
    for at in range(0, len(letters), 60):
        wanted = "".join(letters[at : at + 60])
        assert set(wanted) <= set(words(printed(Layout(footnote=wanted)), tmp_path))


@pytest.mark.parametrize("name", ["សុខ សុភា", "陳文安", "Nguyễn 安", "Ivan Иванов", "An\u200b", "😀"])
def test_letters_that_no_font_has_are_told(name: str) -> None:
    assert unprintable(name) != ""


@pytest.mark.parametrize(
    "name", [*LONGEST, "Nguyễn Ðức Đạt", "Y Krông Ê-ban", "H’Bĕ Niê Siŭ Kbuôr Ŏng Kĭ", "Trần Văn A (Bé)"]
)
def test_names_of_the_country_can_be_printed(name: str) -> None:
    assert unprintable(name) == ""


def test_a_picture_is_made_anew_without_what_came_with_it() -> None:  # E12, E14
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "GPS-BÍ-MẬT"
    Image.new("RGB", (3000, 2000), "white").save(out, "JPEG", exif=exif, comment=b"<script>")
    made = picture(out.getvalue() + b"<html>tail</html>", "background")
    assert made.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 1067">')
    assert len(made) < 60_000
    assert "script" not in made


def bomb(width: int, height: int) -> bytes:
    """A PNG that declares so many pixels and holds none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x89PNG" + b" " * 40_000_000, "size"),
        (bomb(50_000, 50_000), "kind"),
        (bomb(6_000, 5_000), "pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "kind"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "kind"),
        (b"GIF89a", "kind"),
        (b"", "kind"),
        (png()[:40], "kind"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(data: bytes, why: str) -> None:  # E11, E13
    with pytest.raises(UnusablePicture, match=why):
        picture(data, "background")


def noise(width: int, height: int) -> bytes:
    """A photograph of nothing: what compresses worst."""
    grey = Image.effect_noise((width, height), 30).convert("RGB").point(lambda value: 225 + value // 9)
    out = io.BytesIO()
    grey.save(out, "JPEG", quality=95)
    return out.getvalue()


def test_a_paper_with_every_picture_is_still_of_a_size_to_be_mailed() -> None:
    full = Layout(
        background=picture(noise(1600, 1131), "background"),
        emblem=picture(noise(500, 500), "emblem"),
        signature=picture(noise(700, 350), "signature"),
    )
    assert 30_000 <= len(printed(full)) <= 150_000
