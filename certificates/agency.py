"""The agency's digital signature on the PDF (PAdES), made here with its key or outside by its tools. Pure.

This one, unlike the platform's seal, may be a digital signature in the sense of the law: that depends on the
agency's certificate, not on us. It is an incremental update: the sealed file stays as it is, byte for byte.
"""

import io
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from asn1crypto import pem, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

FOLDER = "agency"
"""Within the folder of keys: `CODE.json` of issuers whose papers are signed here, `roots/*.pem` to trust."""
FIELD = "AgencySignature"
RESERVED = 8_192
"""Bytes kept for a signature; without it the library signs once more only to measure."""
FREE = {"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Perms", "/StructTreeRoot", "/Version"}
"""Entries of the catalogue that signing may add to or change; nothing of what is seen hangs on them."""
USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)


class KeyUnusable(Exception):
    """What `CODE.json` names cannot be opened; the argument says why, without the password."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What the signature on a file is worth. `fault` is empty where it is good.

    `none`, `broken`, `not_all` (something was added after it), `changed` (the paper was changed before it),
    `unknown` (no root that we believe stands behind it).
    """

    fault: str
    signer: str = ""
    at: datetime | None = None


def signing_key(folder: Path, issuer: str) -> Signer | None:
    """The agency's key for an issuer's papers, opened once; None where papers are not signed here.

    `{"pkcs12": "file.p12", "password_file": "file"}`, or for a token `{"pkcs11": "/path/of/module.so",
    "token": "label", "pin_file": "file", "certificate": "label"}`; paths are relative to the folder.
    """
    path = folder / FOLDER / f"{quote(issuer, safe='')}.json"
    return _opened(path, path.stat().st_mtime_ns) if path.exists() else None


@lru_cache(maxsize=16)
def _opened(path: Path, _changed: int) -> Signer:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return _token(path.parent, told) if "pkcs11" in told else _file(path.parent, told)
    except KeyUnusable:
        raise
    except Exception as error:  # whatever a driver raises
        raise KeyUnusable(f"{path.name}: {type(error).__name__}") from error


def _file(folder: Path, told: dict[str, str]) -> Signer:
    password = (folder / told["password_file"]).read_text(encoding="utf-8").rstrip("\n")
    path = str(folder / told["pkcs12"])
    read = signers.SimpleSigner.load_pkcs12(path, passphrase=password.encode())  # type: ignore[no-untyped-call]
    if read is None:
        raise KeyUnusable(f"{told['pkcs12']}: wrong password, or no PKCS#12 file")
    return _Held(read)


class _Held(signers.SimpleSigner):
    """A key that was read and checked once: the library does both for each signature, 80 ms with RSA."""

    def __init__(self, read: signers.SimpleSigner) -> None:
        super().__init__(read.signing_cert, read.signing_key, read.cert_registry)
        held = serialization.load_der_private_key(read.signing_key.dump(), password=None)
        if not isinstance(held, RSAPrivateKey | EllipticCurvePrivateKey):
            raise KeyUnusable("neither an RSA key nor one of an elliptic curve")
        self._held = held

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        digest: hashes.HashAlgorithm = getattr(hashes, digest_algorithm.upper())()
        if isinstance(self._held, RSAPrivateKey):
            return self._held.sign(data, PKCS1v15(), digest)
        return self._held.sign(data, ECDSA(digest))


def _token(folder: Path, told: dict[str, str]) -> Signer:
    pin = (folder / told["pin_file"]).read_text(encoding="utf-8").rstrip("\n")
    session = open_pkcs11_session(
        told["pkcs11"], token_criteria=TokenCriteria(label=told["token"]), user_pin=pin
    )
    return PKCS11Signer(session, cert_label=told["certificate"], embed_roots=False)


def signed(pdf: bytes, signer: Signer, *, reason: str, location: str) -> bytes:
    """The file with the agency's signature (PAdES B-B), invisible, appended to what stands."""
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        location=location,
    )
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    pdf_signer = signers.PdfSigner(meta, signer)
    _apart(lambda: pdf_signer.sign_pdf(writer, output=out, bytes_reserved=RESERVED))
    return out.getvalue()


Answer = TypeVar("Answer")


def _apart(work: Callable[[], Answer]) -> Answer:
    """In a thread of its own: pyHanko begins an event loop, which nobody may who already runs in one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def roots_in(folder: Path) -> list[x509.Certificate]:
    """The certificates in which the operator believes: of the Government's own authority, say."""
    found = []
    for path in sorted((folder / FOLDER / "roots").glob("*.pem")):
        for _kind, _headers, der in pem.unarmor(path.read_bytes(), multiple=True):
            found.append(x509.Certificate.load(der))
    return found


def examined(data: bytes, sealed: bytes, roots: Iterable[x509.Certificate]) -> Examined:
    """What the signatures that follow our sealed file are worth. Nothing is fetched.

    Certificates are judged at the time that the signature gives; whether one was revoked cannot be seen here.
    """
    try:
        reader = PdfFileReader(io.BytesIO(data))
        found = list(reader.embedded_regular_signatures)
        if not found:
            return Examined("none")
        own = PdfFileReader(io.BytesIO(sealed)).xrefs.total_revisions
        believed = list(roots)
        states = [_state(one, believed) for one in found]
        changed = _changed(reader, own)
    except (PdfError, SignatureValidationError, ValueError, TypeError, KeyError, RecursionError):
        return Examined("broken")
    return _verdict(states, changed=changed)


def _state(one: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> PdfSignatureStatus:
    at = one.self_reported_timestamp or datetime.now(UTC)
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=min(at, datetime.now(UTC)))
    return _apart(lambda: validate_pdf_signature(one, context, key_usage_settings=USAGE))


def _verdict(states: list[PdfSignatureStatus], *, changed: bool) -> Examined:
    last = states[-1]
    signer = _name(last.signing_cert)
    at = last.signer_reported_dt
    if not all(state.intact and state.valid for state in states):
        return Examined("broken", signer, at)
    if last.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return Examined("not_all", signer, at)
    if changed:
        return Examined("changed", signer, at)
    if not all(state.trusted for state in states):
        return Examined("unknown", signer, at)
    return Examined("", signer, at)


def _name(certificate: x509.Certificate) -> str:
    """Whose it is: its common name, and the body that it stands for."""
    told: dict[str, Any] = certificate.subject.native
    parts = (told.get("common_name"), told.get("organization_name"))
    return ", ".join(dict.fromkeys(str(part) for part in parts if part))


# Whether the paper is still the paper ------------------------------------------------------------


def _changed(reader: PdfFileReader, own: int) -> bool:
    """Whether what was added after our `own` revisions touches what is seen: a page, or what it draws with.

    What signing adds is an annotation with the signature's field, and entries of the catalogue in `FREE`.
    """
    before = reader.get_historical_resolver(own - 1)
    later = range(own, reader.xrefs.total_revisions)
    rewritten = {_place(ref) for number in later for ref in reader.xrefs.explicit_refs_in_revision(number)}
    now = reader.get_historical_resolver(reader.xrefs.total_revisions - 1)
    pages, pages_now = _pages(before), _pages(now)
    if len(pages) != len(pages_now) or _text(before.root, FREE) != _text(now.root, FREE):
        return True
    drawn: set[tuple[int, int]] = set()
    for page in pages:
        for name in ("/Contents", "/Resources"):
            if name in page:
                _gather(page.raw_get(name), before, drawn)
    return bool(drawn & rewritten) or any(
        _text(page, {"/Annots"}) != _text(page_now, {"/Annots"}) or not _only_signatures_added(page, page_now)
        for page, page_now in zip(pages, pages_now, strict=True)
    )


def _pages(at: HistoricalResolver) -> list[generic.DictionaryObject]:
    found: list[generic.DictionaryObject] = []
    waiting = [at.root["/Pages"]]
    while waiting:
        node = waiting.pop()
        if node["/Type"] == "/Pages":
            waiting += reversed(_items(node["/Kids"]))
        else:
            found.append(node)
    return found


def _gather(value: Any, at: HistoricalResolver, into: set[tuple[int, int]]) -> None:
    if isinstance(value, generic.IndirectObject):
        place = _place(value.reference)
        if place not in into:
            into.add(place)
            _gather(at(value.reference), at, into)
    elif isinstance(value, generic.DictionaryObject):
        for name in value:
            if name != "/Parent":
                _gather(value.raw_get(name), at, into)
    elif isinstance(value, generic.ArrayObject):
        for index in range(len(value)):
            _gather(value.raw_get(index), at, into)


def _only_signatures_added(page: generic.DictionaryObject, now: generic.DictionaryObject) -> bool:
    old = [_text(one) for one in _items(page.get("/Annots", ()))]
    new = _items(now.get("/Annots", ()))
    added = [one for one in new if _text(one) not in old]
    return len(new) - len(added) == len(old) and all(
        one.get("/Subtype") == "/Widget" and one.get("/FT") == "/Sig" for one in added
    )


def _items(array: Any) -> list[Any]:
    """The things themselves: to go through an array of the library's gives what points to them."""
    return [array[index] for index in range(len(array))]


def _text(value: generic.DictionaryObject, without: Iterable[str] = ()) -> dict[str, bytes]:
    """The entries as they are written; what they point to is looked at by its place."""
    told = {}
    for name in value:
        if name not in without:
            out = io.BytesIO()
            value.raw_get(name).write_to_stream(out, None)
            told[str(name)] = out.getvalue()
    return told


def _place(ref: generic.Reference) -> tuple[int, int]:
    return (ref.idnum, ref.generation)
