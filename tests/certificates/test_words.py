"""Words for comparing a paper by eye or over the telephone. C9 of docs/trust.md."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from certificates.models import Certificate
from certificates.signing import armoured
from certificates.views.papers import paper_of
from certificates.words import ONSETS, RIMES, check_words
from tests.factories import certificates as make


def test_every_byte_has_a_syllable_of_its_own() -> None:
    assert len({onset + rime for onset in ONSETS for rime in RIMES}) == 256


def test_words_are_the_same_for_ever() -> None:
    assert check_words("A" * 86) == "gam nhong dai gu"


@pytest.mark.django_db
def test_the_paper_and_the_page_show_the_same_words_and_the_host(
    client: Client, tmp_path: Path
) -> None:  # C9
    paper = make.certificate()
    words = check_words(armoured(bytes(paper.signature)))
    page = client.get(f"/verify/{paper.link}/", headers={"host": "testserver"}).text
    assert f"<strong>{words}</strong>" in page
    assert "<strong>testserver</strong>" in page
    assert f"Từ kiểm tra: {words}" in text_of(paper, tmp_path)


@pytest.mark.django_db
def test_another_paper_has_other_words() -> None:
    first, second = make.certificate(), make.certificate()
    assert check_words(armoured(bytes(first.signature))) != check_words(armoured(bytes(second.signature)))


def text_of(paper: Certificate, folder: Path) -> Any:
    (folder / "paper.pdf").write_bytes(paper_of(paper))
    run = subprocess.run(
        ["pdftotext", "-layout", str(folder / "paper.pdf"), "-"], capture_output=True, text=True, check=True
    )
    return " ".join(run.stdout.split())
