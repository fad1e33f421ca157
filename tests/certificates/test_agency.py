"""The agency's own signature: made here with its key, or outside and brought back."""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from certificates import agency, services
from certificates.checking import judged, sealed_part
from certificates.documents import document_of
from certificates.models import Certificate, SignedPaper
from certificates.offline import verify
from certificates.printing import pdf
from certificates.signing import armoured, load_key
from certificates.views.papers import paper_of, unsigned_paper_of
from lms.kernel.models import LedgerEntry
from tests.factories import agencies
from tests.factories import certificates as make

from .conftest import SignIn

pytestmark = pytest.mark.django_db
DAY = make.DAY


@pytest.fixture
def outside(tmp_path: Path) -> signers.SimpleSigner:
    """The agency's tool, away from the platform, under a root that the operator believes in."""
    agencies.believed(settings.KEY_DIR, agencies.agency())
    return tool(tmp_path / "outside", agencies.agency())


def tool(folder: Path, who: agencies.Agency) -> signers.SimpleSigner:
    agencies.signs_here(folder, who)
    signer = signers.SimpleSigner.load_pkcs12(
        str(folder / "agency" / "own.p12"), passphrase=agencies.PASSWORD.encode()
    )
    assert signer is not None
    return signer


def signed(data: bytes, signer: signers.SimpleSigner) -> bytes:
    return agency.signed(data, signer, reason="Ký số", location="Hải Phòng")


def upload(client: Client, files: dict[str, bytes]) -> Any:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return client.post(
        "/desk/certificates/signing/", {"file": SimpleUploadedFile("da-ky.zip", buffer.getvalue())}
    )


# Signed here --------------------------------------------------------------------------------------


def test_a_paper_is_signed_where_the_agency_has_put_its_key(client: Client) -> None:
    paper = make.certificate()
    agencies.signs_here(settings.KEY_DIR, agencies.agency())
    agencies.believed(settings.KEY_DIR, agencies.agency())
    file = paper_of(paper)
    answer = judged(file, DAY)
    assert (answer.state, answer.agency.fault, answer.agency.signer) == (
        "valid",
        "",
        "Trần Quang Minh, Công an thành phố Hải Phòng",
    )
    text = client.post("/verify/", {"paper": SimpleUploadedFile("giay.pdf", file)}).text
    assert "Cơ quan đã ký số tệp PDF: Trần Quang Minh" in text


def test_our_own_file_stands_unchanged_before_the_agencys_signature() -> None:
    paper = make.certificate()
    before = unsigned_paper_of(paper)
    agencies.signs_here(settings.KEY_DIR, agencies.agency())
    assert paper_of(paper).startswith(before)
    assert len(paper_of(paper)) < 150_000


def test_the_offline_program_knows_the_paper_and_says_that_it_cannot_check_the_addition(
    outside: signers.SimpleSigner,
) -> None:
    key = load_key(settings.KEY_DIR)
    file = signed(unsigned_paper_of(make.certificate()), outside)
    report = verify.check(file, {key.key_id: key.raw_public.hex()}, [], DAY)
    assert report.state == "added_to"
    assert verify.Finding("file", True) in report.findings
    assert verify.Finding("additions", None) in report.findings


def test_another_issuers_papers_are_not_signed_with_this_key() -> None:
    make.certificate()
    agencies.signs_here(settings.KEY_DIR, agencies.agency(), issuer="KHAC")
    assert agency.examined(*twice(paper_of(Certificate.objects.get())), []).fault == "none"


def twice(data: bytes) -> tuple[bytes, bytes]:
    return data, sealed_part(data)


def test_a_copy_from_the_register_is_signed_too() -> None:
    paper = make.certificate()
    agencies.signs_here(settings.KEY_DIR, agencies.agency())
    agencies.believed(settings.KEY_DIR, agencies.agency())
    copy = services.copy_from_register(certificate=paper, by=make.keeper(), on=DAY)
    assert judged(paper_of(paper, copy), DAY).agency.fault == ""


@pytest.mark.parametrize("broken", ["password", "file", "json"])
def test_a_key_that_cannot_be_opened_makes_no_unsigned_paper(sign_in: SignIn, broken: str) -> None:
    paper = make.certificate()
    agencies.signs_here(settings.KEY_DIR, agencies.agency())
    place = settings.KEY_DIR / "agency"
    if broken == "password":
        (place / "own.password").write_text("sai")
    elif broken == "file":
        (place / "own.p12").unlink()
    else:
        (place / "CAHP.json").write_text("{}")
    answer = sign_in(make.keeper()).get(f"/desk/certificates/{paper.public_id}.pdf")
    assert answer.status_code == 503
    assert b"%PDF" not in answer.content


def test_the_password_of_a_key_stands_in_no_error(caplog: Any, sign_in: SignIn) -> None:  # G5
    paper = make.certificate()
    agencies.signs_here(settings.KEY_DIR, agencies.agency())
    (settings.KEY_DIR / "agency" / "own.password").write_text("bi-mat-cua-co-quan")
    sign_in(make.keeper()).get(f"/desk/certificates/{paper.public_id}.pdf")
    assert "could not be signed" in caplog.text
    assert "bi-mat-cua-co-quan" not in caplog.text


SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.mark.skipif(
    not (SOFTHSM.exists() and shutil.which("softhsm2-util")), reason="no token here: apt install softhsm2"
)
def test_a_token_signs_as_a_file_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who = agencies.agency()
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))
    subprocess.run(
        [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "co-quan",
            "--pin",
            "123456",
            "--so-pin",
            "654321",
        ],
        check=True,
        capture_output=True,
    )
    token = pkcs11.lib(str(SOFTHSM)).get_token(token_label="co-quan")
    with token.open(user_pin="123456", rw=True) as session:
        private = who.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        own = {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: "giam-doc", pkcs11.Attribute.ID: b"1"}
        session.create_object({**decode_rsa_private_key(private), **own, pkcs11.Attribute.SIGN: True})
        der = who.certificate.public_bytes(serialization.Encoding.DER)
        session.create_object({**decode_x509_certificate(der), **own})
    place = settings.KEY_DIR / "agency"
    agencies.believed(settings.KEY_DIR, who)
    (place / "pin").write_text("123456\n")
    told = {"pkcs11": str(SOFTHSM), "token": "co-quan", "pin_file": "pin", "certificate": "giam-doc"}
    (place / "CAHP.json").write_text(json.dumps(told))
    assert judged(paper_of(make.certificate()), DAY).agency.fault == ""


# Signed outside -----------------------------------------------------------------------------------


def test_a_batch_goes_out_is_signed_and_comes_back(sign_in: SignIn, outside: signers.SimpleSigner) -> None:
    papers = [make.certificate() for _ in range(3)]
    client = sign_in(make.keeper())
    answer = client.get("/desk/certificates/signing/papers.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        batch = {
            f"đã ký/{name}_signed.pdf": signed(archive.read(name), outside) for name in archive.namelist()
        }
    assert len(batch) == 3
    text = upload(client, batch).text
    assert "3 giấy đã ký số" in text
    assert "Trần Quang Minh, Công an thành phố Hải Phòng" in text
    assert set(SignedPaper.objects.values_list("certificate", flat=True)) == {paper.pk for paper in papers}
    kept = SignedPaper.objects.get(certificate=papers[0])
    assert paper_of(papers[0]) == bytes(kept.file)
    assert (judged(paper_of(papers[0]), DAY).state, judged(paper_of(papers[0]), DAY).agency.signer) == (
        "valid",
        kept.signer,
    )
    assert LedgerEntry.objects.filter(type="certificate.signed_outside").count() == 3
    assert "Cơ quan đã ký số tệp PDF" in client.get(f"/verify/{papers[0].link}/").text


def test_what_is_signed_goes_out_no_more(sign_in: SignIn, outside: signers.SimpleSigner) -> None:
    paper, waits = make.certificate(), make.certificate()
    client = sign_in(make.keeper())
    upload(client, {"a.pdf": signed(unsigned_paper_of(paper), outside)})
    answer = client.get("/desk/certificates/signing/papers.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.namelist() == [f"{waits.number_text.replace('/', '-')}.pdf"]


def judged_file(data: bytes, among: Any = None) -> str:
    rows = Certificate.objects.all() if among is None else among
    taken = services.take_signed_papers(files=[("x.pdf", data)], among=rows, by=make.keeper(), on=DAY)
    return taken[0].state


def with_page_drawn_over(data: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    stream = generic.StreamObject(stream_data=b"BT /F1 40 Tf (Ke Gia Mao) Tj ET")
    writer.add_stream_to_page(0, writer.add_object(stream))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_a_note(data: bytes) -> bytes:
    """A free text over the page, as any reader adds it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 800, 500))),
        }
    )
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_files_that_are_not_good_are_told_one_by_one(outside: signers.SimpleSigner, tmp_path: Path) -> None:
    paper = make.certificate()
    plain = unsigned_paper_of(paper)
    good = signed(plain, outside)
    assert judged_file(b"%PDF-1.7 nothing of ours") == "unreadable"
    assert judged_file(plain[:9000] + bytes([plain[9000] ^ 1]) + plain[9001:]) == "altered"
    assert judged_file(plain) == "none"
    assert judged_file(good + b"\n% more") == "not_all"
    assert judged_file(good.replace(b"PPKLite", b"PPKLitf")) == "broken"
    assert judged_file(signed(with_page_drawn_over(plain), outside)) == "changed"
    assert judged_file(signed(with_a_note(plain), outside)) == "changed"
    stranger = tool(tmp_path / "stranger", agencies.agency("Kẻ Giả Mạo"))
    assert judged_file(signed(plain, stranger)) == "unknown"
    assert SignedPaper.objects.count() == 0
    assert judged_file(good) == "taken"
    assert judged_file(good) == "unchanged"
    assert judged_file(agency.signed(plain, outside, reason="Lần hai", location="")) == "signed_before"


def test_a_forged_paper_signed_by_an_agency_is_in_no_register(outside: signers.SimpleSigner) -> None:  # C4
    paper = make.certificate()
    key = load_key(settings.KEY_DIR)
    words = {**paper.payload, "holder": "Kẻ Giả Mạo"}
    forged = {**document_of(paper), "payload": words, "signature": armoured(key.sign(words)), "ledger": {}}
    assert judged_file(signed(pdf(forged, key=key), outside)) == "not_here"


def test_a_paper_of_another_register_is_not_here(outside: signers.SimpleSigner) -> None:  # A2
    file = signed(unsigned_paper_of(make.certificate()), outside)
    assert judged_file(file, Certificate.objects.none()) == "not_here"


def test_a_revoked_paper_is_not_taken(outside: signers.SimpleSigner) -> None:
    paper = make.certificate()
    file = signed(unsigned_paper_of(paper), outside)
    make.revoked(paper)
    assert judged_file(file) == "revoked"
    assert judged(file, DAY).state == "revoked"


def test_a_stranger_who_signs_makes_no_paper_better_or_worse(
    outside: signers.SimpleSigner, tmp_path: Path
) -> None:
    stranger = tool(tmp_path / "stranger", agencies.agency("Kẻ Giả Mạo"))
    answer = judged(signed(unsigned_paper_of(make.certificate()), stranger), DAY)
    assert (answer.state, answer.agency.fault) == ("added_to", "unknown")
    assert verify.Finding("agency", None) in answer.findings


def test_a_signed_file_of_an_erased_holder_is_gone(outside: signers.SimpleSigner) -> None:  # C11
    paper = make.certificate()
    judged_file(signed(unsigned_paper_of(paper), outside))
    services.erase_holder(person_id=paper.person_id, by="platform", on=DAY)
    assert SignedPaper.objects.count() == 0


def test_the_database_keeps_no_signed_paper_without_who_signed() -> None:
    paper = make.certificate()
    with pytest.raises(IntegrityError, match="signed_paper_says_who_signed"), transaction.atomic():
        SignedPaper.objects.create(
            certificate=paper, file=b"x", sha256="0", signer="", taken_by=make.keeper(), taken_on=DAY
        )


@pytest.mark.parametrize("data", [b"PK\x03\x04broken", b"", b"x"])
def test_an_upload_that_is_nothing_breaks_nothing(sign_in: SignIn, data: bytes) -> None:
    answer = sign_in(make.keeper()).post(
        "/desk/certificates/signing/", {"file": SimpleUploadedFile("x.zip", data)}
    )
    assert answer.status_code in (200, 422)


def test_an_archive_without_a_paper_says_so(sign_in: SignIn) -> None:  # E5
    client = sign_in(make.keeper())
    assert "không có tệp PDF nào" in upload(client, {"a.txt": b"x"}).text
    assert upload(client, {"../a.pdf": b"x"}).status_code == 422


def test_the_page_takes_the_same_queries_for_one_and_for_three(
    sign_in: SignIn,
) -> None:
    client = sign_in(make.keeper())
    client.get("/desk/certificates/signing/")
    counts = []
    for count in (1, 3):
        while Certificate.objects.count() < count:
            make.certificate()
        with CaptureQueriesContext(connection) as captured:
            client.get("/desk/certificates/signing/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
