"""The paper as a file: what is in it, and that a telephone reads its code."""

import io
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image, ImageFilter

from certificates.printing import pdf
from certificates.signing import armoured, load_key

from .test_payload import paper

LINK = "https://vung.example/verify/AAAAAAAAAAAAAAAAAAAAAA/"
LONGEST = [
    "Công Tằng Tôn Nữ Thị Diệu Huyền Khánh Ngọc",
    "Nguyễn Hoàng Phương Trần Thị Bích Nguyệt Minh Châu",
    "H’Hen Niê Kđăm Ayŭn Mlô Duôn Du Êban",
]
poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
zbar = pytest.mark.skipif(
    not (shutil.which("zbarimg") and shutil.which("pdftoppm")), reason="zbar-tools is not installed"
)


def document(**more: Any) -> dict[str, Any]:
    key = load_key(settings.KEY_DIR)
    payload = paper(url=LINK, **more)
    return {
        "payload": payload,
        "key_id": key.key_id,
        "signature": armoured(key.sign(payload)),
        "ledger": {},
    }


def made(**more: Any) -> bytes:
    return pdf(document(**more), key=load_key(settings.KEY_DIR))


def run(*command: str, stdin: bytes = b"") -> str:
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout.decode()


def words(of: bytes, tmp_path: Path) -> str:
    (tmp_path / "paper.pdf").write_bytes(of)
    return " ".join(run("pdftotext", "-layout", str(tmp_path / "paper.pdf"), "-").split())


def test_a_paper_is_archivable_tagged_and_of_a_size_to_be_mailed() -> None:
    file = made()
    assert 20_000 <= len(file) <= 150_000
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>", file)
    assert b"/MarkInfo" in file
    assert b"/Lang" in file


@poppler
def test_all_fonts_are_embedded(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(made())
    table = run("pdffonts", str(tmp_path / "paper.pdf")).splitlines()[2:]
    assert {tuple(line.split()[-5:-2]) for line in table} == {("yes", "yes", "yes")}
    assert {line.split()[0].partition("+")[2].split("-")[0] for line in table} == {
        "BeVietnamPro",
        "DancingScript",
    }


@poppler
@pytest.mark.parametrize("name", LONGEST)
def test_the_longest_real_names_stand_whole_on_one_page(name: str, tmp_path: Path) -> None:
    text = words(made(holder=name), tmp_path)
    assert name in text
    assert "Pages: 1" in " ".join(run("pdfinfo", str(tmp_path / "paper.pdf")).split())


@poppler
def test_the_paper_says_what_the_payload_says(tmp_path: Path) -> None:
    said = words(made(valid_until=date(2028, 2, 3)), tmp_path)
    fact = paper(valid_until=date(2028, 2, 3))
    for field in ("holder", "holder_line", "course", "details", "number_line", "code_line", "valid_line"):
        assert fact[field] in said


def photographs(file: bytes, folder: Path) -> list[Path]:
    """The page as telephones of 9 megapixels see it: from a distance, askew, out of focus, in poor light."""
    (folder / "paper.pdf").write_bytes(file)
    run("pdftoppm", "-r", "300", "-png", "-singlefile", str(folder / "paper.pdf"), str(folder / "page"))
    page = Image.open(io.BytesIO((folder / "page.png").read_bytes())).convert("L")
    shots = {
        "plain": page,
        "far": page.resize((page.width * 2 // 3, page.height * 2 // 3)),
        "askew": page.rotate(17, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC),
        "on_its_side": page.rotate(90, expand=True),
        "out_of_focus": page.filter(ImageFilter.GaussianBlur(1.4)),
        "dim": page.point(lambda grey: 60 + grey * 100 // 255),
    }
    for name, shot in shots.items():
        shot.save(folder / f"{name}.png")
    return [folder / f"{name}.png" for name in shots]


@zbar
def test_the_code_is_read_from_a_photograph_of_the_paper(tmp_path: Path) -> None:
    signed = f"{LINK}?s={document()['signature']}"
    for shot in photographs(made(), tmp_path):
        assert run("zbarimg", "-q", "--raw", str(shot)).strip() == signed, shot.name
