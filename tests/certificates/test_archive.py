"""PDF/A-2 and tags, read out of the file by pikepdf, since veraPDF comes from none of the usual registries.

What is looked at: version and kind in the metadata, the output intent, that every font is embedded, nothing
that PDF/A forbids, and a tree of tags in which the words stand in reading order with their language.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from certificates import agency
from certificates.layouts import Layout
from certificates.printing import pdf
from certificates.signing import load_key
from tests.factories import agencies

from .test_printing import document

BASES = ["classic", "upright"]
XMP = {"pdfaid": "http://www.aiim.org/pdfa/ns/id/"}


@pytest.fixture(params=BASES)
def paper(request: pytest.FixtureRequest, tmp_path: Path) -> pikepdf.Pdf:
    return opened(pdf(document(), key=load_key(tmp_path), layout=Layout(base=request.param)))


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def tags(node: Any) -> Iterator[Any]:
    """The structure elements below a node, in reading order."""
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from tags(kid)


def fonts(paper: pikepdf.Pdf) -> list[Any]:
    return [
        one for one in paper.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"
    ]


def test_the_metadata_says_which_kind_of_archive_it_is(paper: pikepdf.Pdf) -> None:
    with paper.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert meta["dc:title"].startswith("Giấy chứng nhận")


def test_colours_have_their_profile(paper: pikepdf.Pdf) -> None:
    intents = paper.Root.OutputIntents
    assert [str(intent.S) for intent in intents] == ["/GTS_PDFA1"]
    assert intents[0].DestOutputProfile.read_bytes()[36:40] == b"acsp"  # the signature of an ICC profile


def test_every_font_is_embedded_and_says_its_letters(paper: pikepdf.Pdf) -> None:
    whole = [font for font in fonts(paper) if font.Subtype == "/Type0"]
    assert len(whole) >= 3
    for font in whole:
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())
        assert "/ToUnicode" in font
    assert {str(font.Subtype) for font in fonts(paper)} <= {"/Type0", "/CIDFontType0", "/CIDFontType2"}


def test_nothing_stands_in_it_that_an_archive_forbids(paper: pikepdf.Pdf) -> None:
    assert not paper.is_encrypted
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(paper.Root.keys())
    forbidden = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ImportData", "/ResetForm", "/GoTo3DView"}
    for one in paper.objects:
        if isinstance(one, pikepdf.Dictionary):
            assert str(one.get("/S", "")) not in forbidden
            assert "/LZWDecode" not in str(one.get("/Filter", ""))


def test_a_screen_reader_is_told_language_and_order(paper: pikepdf.Pdf) -> None:
    assert paper.Root.MarkInfo.Marked is True
    assert str(paper.Root.Lang).startswith("vi")
    kinds = [str(tag.S) for tag in tags(paper.Root.StructTreeRoot)]
    assert "/H1" in kinds
    assert kinds.count("/Figure") >= 1
    assert kinds.count("/P") + kinds.count("/Span") + kinds.count("/Div") >= 4


def test_pictures_are_told_in_words(paper: pikepdf.Pdf) -> None:
    figures = [tag for tag in tags(paper.Root.StructTreeRoot) if tag.S == "/Figure"]
    assert "Mã QR" in " ".join(str(figure.Alt) for figure in figures)


@pytest.mark.parametrize("name", ["Lê An", "Nguyễn " + "Phương Thảo " * 9 + "Vy"], ids=["short", "120"])
def test_a_paper_is_of_a_size_to_be_mailed(name: str, tmp_path: Path) -> None:
    assert 30_000 <= len(pdf(document(holder=name[:120]), key=load_key(tmp_path))) <= 150_000


def test_the_agencys_signature_takes_nothing_of_it_away(tmp_path: Path) -> None:
    agencies.signs_here(tmp_path, agencies.agency())
    signer = agency.signing_key(tmp_path, "CAHP")
    assert signer is not None
    signed = opened(agency.signed(pdf(document(), key=load_key(tmp_path)), signer, reason="x", location="y"))
    test_the_metadata_says_which_kind_of_archive_it_is(signed)
    test_every_font_is_embedded_and_says_its_letters(signed)
    field = signed.Root.AcroForm.Fields[0]
    assert int(field.F) & 4  # printed: what PDF/A asks of an annotation
    assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
