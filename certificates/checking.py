"""What a paper is worth: what its file proves, together with what the register says today."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings

from lms.kernel.commitments import commitment
from lms.kernel.ledger import statement
from lms.kernel.models import LedgerEntry

from .agency import Examined, examined, roots_in
from .documents import stands_in_ledger
from .keys import known_keys, ledger_keys, stolen_keys
from .models import Certificate, SignedPaper
from .offline import verify
from .queries import by_link, last_day_of, state_of
from .words import check_words

LINK = re.compile(r"/verify/([A-Za-z0-9_-]{22})/$")
CONCLUSIVE = {"unreadable", "unknown_key", "altered"}
"""States in which nothing that the file says can be believed."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer to a file. `paper` is empty where nothing in it is ours.

    `state`: valid, expired, revoked, altered, unknown_key, not_in_ledger, added_to, unreadable.
    """

    state: str
    on: date
    paper: dict[str, Any]
    findings: tuple[verify.Finding, ...]
    revoked_on: date | None = None
    revocation_reason: str = ""
    last_day: date | None = None
    agency: Examined | None = None
    """The signature that was added to our file, if there is one that can be read."""
    words: str = ""
    """Four syllables that stand on the paper too."""


def judged(data: bytes, on: date) -> Judged:
    """Check a PDF or JSON that somebody brings against our keys, the register and the ledger."""
    report = verify.check(data, known_keys(), ledger_keys(), on, stolen_keys())
    ours = any(finding == ("signature", True) for finding in report.findings)
    paper = report.paper if ours else {}
    if report.state in CONCLUSIVE:
        return Judged(report.state, on, paper, report.findings)
    row = _row(report)
    stands = row is not None and _is_the_paper(row, report.document)
    agency = _agency(data, row) if report.state == "added_to" else None
    known = {
        "ledger": stands,
        "revocation": row.revoked_on is None if row else None,
        "additions": _found(agency),
    }
    findings = tuple(
        verify.Finding("agency" if agency and code == "additions" else code, known.get(code, good))
        for code, good in report.findings
    )
    if row is None or not stands:
        return Judged("not_in_ledger", on, paper, findings)
    answer = Judged(state_of(row, on), on, paper, findings, last_day=last_day_of(row), agency=agency)
    answer = replace(answer, words=check_words(report.document["signature"]))
    if answer.state == "valid" and report.state == "added_to" and not _found(agency):
        answer = replace(answer, state="added_to")
    return replace(answer, revoked_on=row.revoked_on, revocation_reason=row.get_revocation_reason_display())


def row_of(data: bytes, on: date) -> tuple[Certificate | None, str]:
    """The register's line of a file that carries our seal; else None, and why."""
    report = verify.check(data, known_keys(), ledger_keys(), on, stolen_keys())
    if report.state in CONCLUSIVE:
        return None, report.state
    row = _row(report)
    if row is None or not _is_the_paper(row, report.document) or not data.startswith(b"%PDF-"):
        return None, "not_here"
    return row, ""


def sealed_part(data: bytes) -> bytes:
    """Our own file, which everything that was added follows."""
    return data[: data.find(b"%%EOF") + 5]


def _row(report: verify.Report) -> Certificate | None:
    found = LINK.search(report.paper.get("url", ""))
    return by_link(found[1]) if found else None


def _agency(data: bytes, row: Certificate | None) -> Examined | None:
    """What was found when a signed paper was taken in; of any other what can be seen now."""
    kept = SignedPaper.objects.filter(certificate=row, sha256=hashlib.sha256(data).hexdigest())
    if row is not None and (stored := kept.only("signer", "signed_at").first()):
        return Examined("", stored.signer, stored.signed_at)
    found = examined(data, sealed_part(data), roots_in(settings.KEY_DIR))
    return None if found.fault == "none" or not found.signer else found


def _found(agency: Examined | None) -> bool | None:
    """True: a good signature; None: nothing that could be judged here; False: a broken one."""
    if agency is None or agency.fault == "unknown":
        return None
    return not agency.fault


def _is_the_paper(row: Certificate, document: dict[str, Any]) -> bool:
    """Whether the register's line is this very paper, and the ledger commits to it.

    Of an erased line the register knows only the entry; the salt is then on the paper.
    """
    if not row.erased_on:
        return bool(row.payload == document["payload"] and stands_in_ledger(row) is not None)
    try:
        salt = bytes.fromhex(document["ledger"]["salt"])
        fact = {name: document[at] for name, at in FACT.items()}
        entry = LedgerEntry.objects.get(pk=row.ledger_entry)
        return bool(
            commitment(statement(fact), salt) == bytes(entry.commitment) and entry.subject == row.public_id
        )
    except (KeyError, TypeError, ValueError):
        return False


FACT = {"payload": "payload", "key": "key_id", "signature": "signature"}
