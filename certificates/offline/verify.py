#!/usr/bin/env python3
"""Kiểm tra giấy chứng nhận không cần mạng. / Check a certificate without a network.

    python3 kiem-tra-giay-chung-nhan.py TEP.pdf [TEP.json ...]

One file, nothing but Python 3.9 or later. It holds the public keys of the installation from which it was
downloaded, checks the PDF or JSON of a certificate against them, and says what it could not check. It never
opens a connection. Exit: 0 genuine and not expired, 1 anything else, 2 wrong usage.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

# --- keys -------------------------------------------------------------------------------------
SITE = ""
KEYS: dict[str, str] = {}
LEDGER_KEYS: list[str] = []
STOLEN: list[str] = []
# --- end of keys ------------------------------------------------------------------------------

PAYLOAD_DOMAIN = b"vung certificate v1\n"
SEAL_DOMAIN = b"vung certificate file v1\n"
FACT_DOMAIN = b"vung/fact/1\n"
DOCUMENT = re.compile(rb"vung1\.([A-Za-z0-9_-]{40,200000})")
SEAL = re.compile(rb"seal\.([0-9a-f]{16})\.([A-Za-z0-9_-]{86})")
BLANK = b"0" * 86
LARGEST = 10_000_000


class Finding(NamedTuple):
    """One thing that was looked at. `good` is None where it could not be checked."""

    code: str
    good: bool | None


class Report(NamedTuple):
    """What was found. `state`: valid, expired, altered, unknown_key, not_in_ledger, unreadable."""

    state: str
    paper: dict[str, str]
    findings: tuple[Finding, ...]
    document: dict[str, Any]


def check(
    data: bytes, keys: dict[str, str], ledger_keys: list[str], on: date, stolen: list[str] | None = None
) -> Report:
    """Check a file. `keys`: raw Ed25519 keys in hexadecimal by id; `ledger_keys`: as C2SP writes them.

    What a key signed that was `stolen` is believed only with the ledger's proof.
    """
    document, sealed = _read(data)
    if document is None:
        return Report("unreadable", {}, (Finding("form", False),), {})
    paper = document["payload"]
    findings = [Finding("form", True)]
    raw = keys.get(document["key_id"])
    if raw is None:
        findings.append(Finding("key", False))
        return Report("unknown_key", paper, tuple(findings), document)
    public = bytes.fromhex(raw)
    findings.append(Finding("key", True))
    signed = _accepts(public, PAYLOAD_DOMAIN + canonical(paper), _unarmoured(document["signature"]))
    findings.append(Finding("signature", signed))
    if sealed is not None:
        findings.append(Finding("file", _seal_holds(sealed, keys, stolen or [])))
        rest = data[len(sealed) :].strip()
        if rest:
            findings.append(Finding("additions", None))
    ledger = _in_ledger(document, ledger_keys)
    if ledger is None and document["key_id"] in (stolen or []):
        ledger = False
    findings.append(Finding("ledger", ledger))
    findings.append(Finding("revocation", None))
    failed = {finding.code for finding in findings if finding.good is False}
    if failed & {"signature", "file"}:
        state = "altered"
    elif "ledger" in failed:
        state = "not_in_ledger"
    elif any(finding.code == "additions" for finding in findings):
        state = "added_to"
    elif paper.get("valid_until") and paper["valid_until"] <= on.isoformat():
        state = "expired"
    else:
        state = "valid"
    return Report(state, paper, tuple(findings), document)


def _read(data: bytes) -> tuple[dict[str, Any] | None, bytes | None]:
    """The document in a file, and the part of a PDF that was sealed."""
    if len(data) > LARGEST:
        return None, None
    try:
        if data.lstrip()[:1] == b"{":
            return _document(data), None
        end = data.find(b"%%EOF")
        if not data.startswith(b"%PDF-") or end < 0:
            return None, None
        sealed = data[: end + 5]
        found = set(DOCUMENT.findall(sealed))
        if len(found) != 1:
            return None, None
        return _document(_unarmoured(found.pop().decode())), sealed
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        return None, None


def _document(data: bytes) -> dict[str, Any]:
    document = json.loads(data.decode("utf-8"), object_pairs_hook=_unambiguous)
    payload = document["payload"]
    texts = [document["key_id"], document["signature"], *payload, *payload.values()]
    if not all(isinstance(text, str) for text in texts) or "number" not in payload:
        raise ValueError("not a certificate")
    return dict(document)


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) != len(pairs):
        raise ValueError("a name stands there twice")
    return dict(pairs)


def canonical(value: Any) -> bytes:
    """RFC 8785 for objects of texts, whole numbers and lists with ASCII names: all that a certificate has."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")


def _seal_holds(sealed: bytes, keys: dict[str, str], stolen: list[str]) -> bool | None:
    """Whether every byte of the file is as it was when the seal was set; None: a stolen key set it."""
    seals = set(SEAL.findall(sealed))
    if len(seals) != 1:
        return False
    key_id, armoured = seals.pop()
    raw = keys.get(key_id.decode())
    if raw is None:
        return False
    message = seal_message(sealed.replace(armoured, BLANK))
    holds = _accepts(bytes.fromhex(raw), message, _unarmoured(armoured.decode()))
    return None if holds and key_id.decode() in stolen else holds


def seal_message(blanked: bytes) -> bytes:
    """What a seal signs: the file with noughts where the seal goes."""
    return SEAL_DOMAIN + hashlib.sha256(blanked).digest()


def _in_ledger(document: dict[str, Any], ledger_keys: list[str]) -> bool | None:
    """Whether an entry under a signed checkpoint commits to this paper; None: the file has no proof."""
    ledger = document.get("ledger")
    if not ledger or not ledger.get("checkpoint"):
        return None
    try:
        entry = ledger["entry"]
        fact = {
            "payload": document["payload"],
            "key": document["key_id"],
            "signature": document["signature"],
        }
        committed = FACT_DOMAIN + bytes.fromhex(ledger["salt"]) + canonical({"fact": fact})
        if (
            hashlib.sha256(committed).hexdigest() != entry["commitment"]
            or entry["type"] != "certificate.issued"
        ):
            return False
        size, root = _opened(ledger["checkpoint"], ledger_keys)
        leaf = hashlib.sha256(b"\x00" + canonical(entry)).digest()
        path = [bytes.fromhex(step) for step in ledger["path"]]
        return _included(leaf, entry["number"] - 1, size, path, root)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return False


def _opened(note: str, ledger_keys: list[str]) -> tuple[int, bytes]:
    """Size and root of a checkpoint (C2SP tlog-checkpoint) that one of the keys signed."""
    text, _separator, lines = note.rpartition("\n\n")
    text += "\n"
    for known in ledger_keys:
        name, key_id, encoded = known.split("+", 2)
        public = base64.b64decode(encoded)[1:]
        for line in lines.splitlines():
            dash, signer, signature = line.split(" ")
            blob = base64.b64decode(signature)
            ours = dash == "—" and signer == name and blob[:4].hex() == key_id
            if ours and _accepts(public, text.encode("utf-8"), blob[4:]):
                _origin, size, root = text.split("\n")[:3]
                return int(size), base64.b64decode(root)
    raise ValueError("signed by nobody whom we know")


def _included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    at, last, result = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            result = hashlib.sha256(b"\x01" + step + result).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            result = hashlib.sha256(b"\x01" + result + step).digest()
        at, last = at >> 1, last >> 1
    return last == 0 and result == root


def _unarmoured(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# Ed25519 (RFC 8032, section 6), verification alone ------------------------------------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    g, h = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    i, j, k, m = f - e, h - g, h + g, f + e
    return (i * j % _P, k * m % _P, j * k % _P, i * m % _P)


def _times(scalar: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _point(raw: bytes) -> Point | None:
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


_BASE = _point(bytes.fromhex("58" + "66" * 31))


def _accepts(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message is by this key."""
    if len(public) != 32 or len(signature) != 64 or _BASE is None:
        return False
    a, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= _L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    left, right = _times(s, _BASE), _add(r, _times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % _P == 0


# For people ---------------------------------------------------------------------------------------

WORDS = {
    "valid": ("GIẤY THẬT, còn hiệu lực khi cấp", "GENUINE, valid when issued"),
    "expired": ("GIẤY THẬT, đã hết hiệu lực", "GENUINE, but expired"),
    "altered": ("KHÔNG PHẢI GIẤY THẬT: nội dung đã bị sửa", "NOT GENUINE: it was altered"),
    "unknown_key": (
        "KHÔNG PHẢI GIẤY THẬT: khóa ký không thuộc hệ thống",
        "NOT GENUINE: signed by an unknown key",
    ),
    "not_in_ledger": ("KHÔNG PHẢI GIẤY THẬT: không có trong sổ", "NOT GENUINE: not in the ledger"),
    "added_to": (
        "CHƯA KẾT LUẬN: tệp được thêm dữ liệu sau khi cấp",
        "UNDECIDED: the file was added to after issue",
    ),
    "unreadable": (
        "KHÔNG ĐỌC ĐƯỢC: không phải tệp giấy chứng nhận",
        "UNREADABLE: not a file of a certificate",
    ),
    "form": ("Tệp giấy chứng nhận", "File of a certificate"),
    "key": ("Khóa ký thuộc hệ thống", "Signed with a key of the installation"),
    "signature": ("Nội dung đúng như khi ký", "Words as they were signed"),
    "file": ("Tệp còn nguyên từng byte", "File unchanged, every byte"),
    "additions": (
        "Phần thêm sau khi cấp (có thể là chữ ký số)",
        "Additions after issue (perhaps a digital signature)",
    ),
    "ledger": ("Có trong sổ ghi", "In the ledger"),
    "revocation": ("Chưa bị thu hồi", "Not revoked"),
    "yes": ("đúng", "yes"),
    "no": ("SAI", "NO"),
    "unknown": ("chưa kiểm tra được khi không có mạng", "could not be checked here"),
    "online": ("Kiểm tra việc thu hồi tại: ", "Ask about revocation at: "),
}


SHOWN = ("title", "number", "holder", "holder_line", "course", "details", "place_and_date", "valid_line")


def told(report: Report, language: int = 0) -> str:
    """The report in words: 0 Vietnamese, 1 English."""
    shown = [report.paper.get(name, "") for name in SHOWN]
    lines = [WORDS[report.state][language], *("  " + text for text in shown if text)]
    for finding in report.findings:
        answer = {True: "yes", False: "no", None: "unknown"}[finding.good]
        lines.append(f"  [{WORDS[answer][language]}] {WORDS[finding.code][language]}")
    if report.paper.get("url"):
        lines.append("  " + WORDS["online"][language] + report.paper["url"])
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    language = 1 if "--en" in arguments else 0
    names = [name for name in arguments if name != "--en"]
    if not names:
        sys.stderr.write(__doc__ or "")
        return 2
    good = True
    for name in names:
        with Path(name).open("rb") as file:
            report = check(file.read(LARGEST + 1), KEYS, LEDGER_KEYS, date.today(), STOLEN)
        sys.stdout.write(f"{name}\n{told(report, language)}\n")
        good = good and report.state == "valid"
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
