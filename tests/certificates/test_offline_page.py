"""The page that checks papers without a network, opened from a disk in a real browser."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from certificates.offline import downloads
from certificates.printing import pdf
from certificates.signing import SigningKey, load_key

from .test_offline import LEDGER_KEYS, as_json, document

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: apt install chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu"]}


def cases(key: SigningKey, other: SigningKey) -> dict[str, list[bytes]]:
    """Files by what the page has to say of them."""
    genuine = document(key)
    file = pdf(genuine, key=key)
    changed, unproven = (json.loads(as_json(genuine)) for _ in range(2))
    changed["payload"]["holder"] += "."
    unproven["ledger"]["path"].pop()
    return {
        "valid": [file, as_json(genuine)],
        "altered": [file[:20_000] + bytes([file[20_000] ^ 1]) + file[20_001:], as_json(changed)],
        "unknown_key": [pdf(document(other), key=other)],
        "not_in_ledger": [as_json(unproven)],
        "added_to": [file + b"\n1 0 obj"],
        "expired": [pdf(document(key, valid_until=date(2026, 3, 3)), key=key)],
        "unreadable": [b"%PDF-", b"{}"],
    }


def test_the_page_names_every_file_rightly_without_a_network(page: Page, tmp_path: Path) -> None:
    key, other = load_key(tmp_path / "a"), load_key(tmp_path / "b")
    text = downloads.page("https://vung.example", {key.key_id: key.raw_public.hex()}, LEDGER_KEYS)
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    address = (tmp_path / "page.html").as_uri()
    for state, files in cases(key, other).items():
        for number, data in enumerate(files):
            page.goto(address)
            path = tmp_path / f"{state}{number}.{'pdf' if data.startswith(b'%') else 'json'}"
            path.write_bytes(data)
            page.set_input_files("#file", str(path))
            expect(page.locator("#answer")).to_have_class(state)
    assert {url for url in requests if not url.startswith("file:")} == set()


def test_the_page_shows_words_and_never_runs_them(page: Page, tmp_path: Path) -> None:
    key = load_key(tmp_path)
    text = downloads.page("https://vung.example", {key.key_id: key.raw_public.hex()}, LEDGER_KEYS)
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    (tmp_path / "x.json").write_bytes(as_json(document(key, holder="<img src=x onerror=alert(1)>")))
    page.goto((tmp_path / "page.html").as_uri())
    page.set_input_files("#file", str(tmp_path / "x.json"))
    expect(page.locator("#answer")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("#answer img").count() == 0
