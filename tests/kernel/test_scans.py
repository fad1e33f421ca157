"""Scans and photographs: told by their bytes, made anew, nothing hidden kept."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from lms.kernel.scans import LARGEST, ScanRefused, scan_of, thumbnail


def picture(kind: str = "JPEG", size: tuple[int, int] = (600, 400), **more) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, (200, 30, 30)).save(buffer, kind, **more)
    return buffer.getvalue()


def paper(pages: int = 1, *, script: bool = False, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.add_metadata({"/Author": "Nguyễn Văn Bí Mật"})
    if script:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        )
        writer.add_attachment("virus.exe", b"MZ")
        note = DictionaryObject(
            {
                NameObject("/Subtype"): NameObject("/Link"),
                NameObject("/A"): DictionaryObject({NameObject("/S"): NameObject("/Launch")}),
            }
        )
        writer.add_annotation(0, note)
    if password:
        writer.encrypt(password)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_photograph_is_drawn_anew_upright_and_says_nothing_of_where_it_was_taken() -> None:  # E12, E14
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Máy ảnh của tôi"
    exif.get_ifd(0x8825)[1] = "N"
    scan = scan_of("GCN của tôi.JPEG", picture(exif=exif))
    drawn = Image.open(io.BytesIO(scan.content))
    assert (scan.name, scan.media_type, drawn.size) == ("GCN của tôi.jpg", "image/jpeg", (400, 600))
    assert dict(drawn.getexif()) == {}
    assert b"exif" not in scan.content.lower()


def test_a_large_photograph_becomes_no_wider_than_a_sheet_needs_and_a_thumbnail_is_small() -> None:
    scan = scan_of("a.jpg", picture(size=(4000, 3000)))
    assert Image.open(io.BytesIO(scan.content)).size == (2200, 1650)
    assert Image.open(io.BytesIO(thumbnail(scan.content, 320))).size == (320, 240)


def test_what_is_see_through_lies_on_white_paper() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(buffer, "PNG")
    drawn = Image.open(io.BytesIO(scan_of("dấu.png", buffer.getvalue()).content))
    assert drawn.getpixel((10, 10)) == (255, 255, 255)


def test_a_pdf_keeps_its_pages_and_loses_author_scripts_attachments_and_launches() -> None:  # E12
    scan = scan_of("quyet-dinh.pdf", paper(2, script=True))
    reader = PdfReader(io.BytesIO(scan.content))
    assert (scan.media_type, len(reader.pages)) == ("application/pdf", 2)
    assert "/Author" not in (reader.metadata or {})
    assert list(reader.attachments) == []
    for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", "Bí Mật".encode("utf-16-be")):
        assert word not in scan.content


def signed(*, script: bool) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper(script=script))))
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject("ky"),
            NameObject("/V"): DictionaryObject({NameObject("/Type"): NameObject("/Sig")}),
        }
    )
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/Fields"): ArrayObject([writer._add_object(field)])}
    )
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_signed_pdf_is_kept_byte_for_byte_and_refused_where_it_could_run_something() -> None:
    content = signed(script=False)
    assert scan_of("ky-so.pdf", content).content == content
    with pytest.raises(ScanRefused, match="programs or attachments"):
        scan_of("ky-so.pdf", signed(script=True))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\xff\xd8" + b"0" * LARGEST, "larger than 10 MB"),
        (b"\x00\x00\x00\x18ftypheic" + b"0" * 40, "HEIC"),
        (b"MZ\x90\x00", "PDF, or a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "PDF, or a picture"),
        (picture()[:400], "damaged"),
        (picture("GIF"), "PDF, or a picture"),
        (b"%PDF-1.7 nothing more", "damaged"),
        (paper(51), "1 to 50 pages"),
        (paper(password="x"), "password"),
        (picture("PNG", size=(5001, 5000)), "too many dots"),
    ],
    ids=["empty", "large", "heic", "program", "svg", "cut", "gif", "no-pdf", "long", "locked", "dots"],
)
def test_what_is_no_scan_is_refused_with_the_reason(content: bytes, why: str) -> None:  # E11, E12
    with pytest.raises(ScanRefused, match=why):
        scan_of("a.pdf", content)
