"""Five bad papers, each named rightly by page and program; by the static page in test_offline_page."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from certificates.documents import document_of
from certificates.keys import known_keys, ledger_keys, stolen_keys
from certificates.offline import verify
from certificates.printing import pdf
from certificates.services import set_rule
from certificates.signing import armoured, load_key
from certificates.views.papers import paper_of
from tests.factories import certificates as make
from tests.factories import learning

pytestmark = pytest.mark.django_db
DAY = make.DAY


def bad(kind: str, elsewhere: Path) -> bytes:
    """A file of this kind."""
    if kind == "expired":
        what = learning.course()
        set_rule(course_id=what.pk, issuer=make.issuer(), validity_months=1)
        return paper_of(make.certificate(what=what, on=date(2026, 1, 5)))
    paper = make.certificate()
    if kind == "revoked":
        make.revoked(paper)
        return paper_of(paper)
    document = document_of(paper)
    if kind == "altered":
        words = {**document["payload"], "holder": document["payload"]["holder"].replace("Vân", "Văn")}
        return json.dumps({**document, "payload": words}).encode()
    key = load_key(elsewhere if kind == "unknown_key" else settings.KEY_DIR)
    words = {**document["payload"], "holder": "Kẻ Giả Mạo"}
    forged = {**document, "payload": words, "key_id": key.key_id, "signature": armoured(key.sign(words))}
    return pdf(forged, key=key)


@pytest.mark.parametrize(
    ("kind", "said", "offline"),
    [
        ("altered", "Đã bị sửa", "altered"),
        ("unknown_key", "Tệp được ký bằng khóa không thuộc hệ thống này", "unknown_key"),
        ("not_in_ledger", "sổ gốc và sổ ghi của hệ thống không có giấy này", "valid"),
        ("revoked", "Đã thu hồi", "valid"),
        ("expired", "Giấy thật, đã hết hiệu lực", "expired"),
    ],
)
def test_a_bad_paper_is_named_rightly(
    client: Client, tmp_path: Path, kind: str, said: str, offline: str
) -> None:  # C3, C4, C5
    file = bad(kind, tmp_path / "elsewhere")
    name = "giay.json" if file.startswith(b"{") else "giay.pdf"
    text = client.post("/verify/", {"paper": SimpleUploadedFile(name, file)}).text
    assert said in text
    report = verify.check(file, known_keys(), ledger_keys(), DAY, stolen_keys())
    assert report.state == offline
    if offline == "valid":  # no network, and no checkpoint yet: it says what it could not check
        assert {finding.code for finding in report.findings if finding.good is None} >= {
            "revocation",
            "ledger",
        }
