"""Papers checked without a network: the program of one file, on its own."""

import base64
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.offline import downloads, verify
from certificates.printing import pdf
from certificates.signing import SigningKey, armoured, load_key
from lms.kernel.checkpoints import Checkpoint
from lms.kernel.commitments import canonical, commitment
from lms.kernel.keys import made
from lms.kernel.merkle import TilesInMemory, Tree, leaf_hash

from .test_payload import paper

TODAY = date(2026, 11, 22)
LEDGER = made("vung.example/ledger")
LEDGER_KEYS = [str(LEDGER.verifier)]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return load_key(tmp_path_factory.mktemp("keys"))


def document(key: SigningKey, **more: Any) -> dict[str, Any]:
    """A paper with a proof in a ledger of five entries."""
    payload = paper(**more)
    signature = armoured(key.sign(payload))
    salt = bytes(16)
    fact = {"payload": payload, "key": key.key_id, "signature": signature}
    entry = {
        "actor": "platform",
        "commitment": commitment({"fact": fact}, salt).hex(),
        "id": "5f1e5a86-0f6c-4d7e-9d0a-6a7d2f6f3c11",
        "number": 3,
        "subject": "5f1e5a86-0f6c-4d7e-9d0a-6a7d2f6f3c12",
        "time": "2026-11-22T00:00:00.000000Z",
        "type": "certificate.issued",
        "version": 1,
    }
    tree = Tree(TilesInMemory())
    tree.append(
        [leaf_hash(b"1"), leaf_hash(b"2"), leaf_hash(canonical(entry)), leaf_hash(b"4"), leaf_hash(b"5")]
    )
    return {
        "format": "vung/certificate/1/document",
        "payload": payload,
        "key_id": key.key_id,
        "signature": signature,
        "ledger": {
            "entry": entry,
            "salt": salt.hex(),
            "size": 5,
            "root": tree.root().hex(),
            "path": [step.hex() for step in tree.inclusion(2)],
            "checkpoint": Checkpoint(LEDGER.name, 5, tree.root()).signed(LEDGER),
        },
    }


def by_another_ledger() -> str:
    return Checkpoint(LEDGER.name, 5, bytes(32)).signed(made(LEDGER.name))


def checked(data: bytes, key: SigningKey, on: date = TODAY) -> verify.Report:
    return verify.check(data, {key.key_id: key.raw_public.hex()}, LEDGER_KEYS, on)


def as_json(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def good(report: verify.Report) -> dict[str, bool | None]:
    return dict(report.findings)


@pytest.fixture(scope="module")
def file(key: SigningKey) -> bytes:
    return pdf(document(key), key=key)


def test_a_genuine_pdf_is_valid_and_what_could_not_be_checked_is_said(file: bytes, key: SigningKey) -> None:
    report = checked(file, key)
    assert (report.state, report.paper["holder"]) == ("valid", "Nguyễn Thị Hồng Vân")
    assert good(report) == {
        "form": True,
        "key": True,
        "signature": True,
        "file": True,
        "ledger": True,
        "revocation": None,
    }


def test_a_genuine_json_is_valid_in_whatever_order_it_is_written(key: SigningKey) -> None:
    turned = dict(reversed(document(key).items()))
    assert checked(json.dumps(turned, indent=3).encode(), key).state == "valid"


def test_a_pdf_altered_in_any_one_byte_is_not_genuine(file: bytes, key: SigningKey) -> None:  # C3
    for at in range(10, len(file) - 6, len(file) // 25):
        altered = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
        assert checked(altered, key).state != "valid", at


def test_a_forged_page_around_a_genuine_document_is_altered(key: SigningKey) -> None:  # C3
    genuine = document(key)
    forged = pdf({**genuine, "payload": {**genuine["payload"], "holder": "Trần Văn Giả"}}, key=key)
    embedded = base64.urlsafe_b64encode(canonical(genuine)).rstrip(b"=")
    swapped = verify.DOCUMENT.sub(b"vung1." + embedded, forged)
    assert checked(swapped, key).state == "altered"


@pytest.mark.parametrize("field", ["holder", "details", "issued_on", "course"])
def test_a_json_altered_in_one_letter_is_altered(key: SigningKey, field: str) -> None:  # C3
    changed = document(key)
    changed["payload"][field] += "."
    assert checked(as_json(changed), key).state == "altered"


def test_a_paper_signed_by_an_unknown_key_is_named_so(key: SigningKey, tmp_path: Path) -> None:
    other = load_key(tmp_path)
    assert checked(pdf(document(other), key=other), key).state == "unknown_key"


def test_a_seal_by_an_unknown_key_does_not_hold(key: SigningKey, tmp_path: Path) -> None:
    assert checked(pdf(document(key), key=load_key(tmp_path)), key).state == "altered"


@pytest.mark.parametrize(
    "break_it",
    [
        lambda ledger: ledger.update(salt="00" * 15 + "01"),
        lambda ledger: ledger["entry"].update(number=2),
        lambda ledger: ledger["entry"].update(type="certificate.copied"),
        lambda ledger: ledger["path"].pop(),
        lambda ledger: ledger.update(path=["zz"]),
        lambda ledger: ledger.update(checkpoint=ledger["checkpoint"].replace("\n5\n", "\n6\n")),
        lambda ledger: ledger.update(
            checkpoint=Checkpoint(LEDGER.name, 5, bytes(32)).signed(made(LEDGER.name))
        ),
        lambda ledger: ledger.update(entry=None),
    ],
)
def test_a_paper_whose_proof_does_not_hold_is_not_in_the_ledger(key: SigningKey, break_it: Any) -> None:
    broken = document(key)
    break_it(broken["ledger"])
    assert checked(as_json(broken), key).state == "not_in_ledger"


def test_a_paper_without_a_proof_is_valid_with_that_left_open(key: SigningKey) -> None:
    report = checked(as_json({**document(key), "ledger": {}}), key)
    assert (report.state, good(report)["ledger"]) == ("valid", None)


def test_a_paper_expires_on_the_day_after_its_last(key: SigningKey) -> None:
    data = as_json(document(key, valid_until=date(2028, 2, 3)))
    assert checked(data, key, date(2028, 2, 2)).state == "valid"
    assert checked(data, key, date(2028, 2, 3)).state == "expired"


def test_what_was_added_to_a_pdf_is_not_vouched_for(file: bytes, key: SigningKey) -> None:
    assert checked(file + b"\n% incremental update\n%%EOF\n", key).state == "added_to"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-",
        b"%PDF-1.7 nothing %%EOF",
        b"{",
        b"{}",
        b"[]",
        b'{"payload": 1, "key_id": "x", "signature": "y"}',
        b'{"payload": {"number": 1}, "key_id": "x", "signature": "y"}',
        b'{"payload": {"number": "1"}, "payload": {"number": "2"}, "key_id": "x", "signature": "y"}',
        b'{"payload": {"number": "1"}, "key_id": [], "signature": "y"}',
        b"{" * 100_000,
        b"\xff\xfe",
        b"PK\x03\x04",
        "Giấy chứng nhận".encode(),
    ],
)
def test_what_is_no_certificate_is_unreadable(key: SigningKey, data: bytes) -> None:
    assert checked(data, key).state == "unreadable"


def test_an_endless_file_is_not_looked_at(key: SigningKey) -> None:
    assert checked(b"%PDF-" + b" " * verify.LARGEST, key).state == "unreadable"


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(data: bytes) -> None:
    assert verify.check(data, {}, [], TODAY).state == "unreadable"


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=100), st.integers(0, 63), st.integers(1, 255))
def test_our_own_ed25519_agrees_with_the_library(message: bytes, at: int, flip: int) -> None:
    signature = LEDGER.key.sign(message)
    public = LEDGER.verifier.public
    changed = signature[:at] + bytes([signature[at] ^ flip]) + signature[at + 1 :]
    assert verify._accepts(public, message, signature)
    assert not verify._accepts(public, message, changed)
    assert not verify._accepts(public, message + b"!", signature)


def test_ed25519_refuses_a_signature_made_longer_by_the_order() -> None:
    signature = LEDGER.key.sign(b"x")
    s = int.from_bytes(signature[32:], "little") + verify._L
    malleable = signature[:32] + s.to_bytes(32, "little")
    assert not verify._accepts(LEDGER.verifier.public, b"x", malleable)


@pytest.fixture
def program(key: SigningKey, tmp_path: Path) -> Path:
    text = downloads.program("https://vung.example", {key.key_id: key.raw_public.hex()}, LEDGER_KEYS)
    path = tmp_path / "kiem-tra.py"
    path.write_text(text, encoding="utf-8")
    return path


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", str(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={"PYTHONUTF8": "1"})


def test_the_program_needs_nothing_but_python(program: Path, file: bytes, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(file)
    answer = run(program, str(tmp_path / "paper.pdf"))
    assert answer.returncode == 0, answer.stderr
    assert "GIẤY THẬT" in answer.stdout
    assert "Nguyễn Thị Hồng Vân" in answer.stdout
    assert "[chưa kiểm tra được khi không có mạng] Chưa bị thu hồi" in answer.stdout


def test_the_program_names_an_altered_paper_and_says_so_to_scripts(
    program: Path, file: bytes, tmp_path: Path
) -> None:
    (tmp_path / "paper.pdf").write_bytes(file[:20000] + b"x" + file[20001:])
    answer = run(program, "--en", str(tmp_path / "paper.pdf"))
    assert (answer.returncode, "it was altered" in answer.stdout) == (1, True)
    assert run(program).returncode == 2


def test_the_program_as_it_is_in_the_source_knows_no_key(file: bytes) -> None:
    assert verify.check(file, verify.KEYS, verify.LEDGER_KEYS, TODAY).state == "unknown_key"


def test_the_page_holds_its_keys_and_asks_nobody(key: SigningKey) -> None:
    page = downloads.page("https://vung.example</script>", {key.key_id: key.raw_public.hex()}, LEDGER_KEYS)
    assert key.raw_public.hex() in page
    assert '</script>"' not in page
    assert [
        word for word in ("fetch(", "XMLHttpRequest", "src=", "@import", "/*KEYS*/{}") if word in page
    ] == []
