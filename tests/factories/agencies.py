"""An agency with its own key, under a root that somebody believes in."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "mật khẩu"


class Agency(NamedTuple):
    root: x509.Certificate
    certificate: x509.Certificate
    key: RSAPrivateKey


def _name(person: str, body: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, person), x509.NameAttribute(NameOID.ORGANIZATION_NAME, body)]
    )


def _issued(
    subject: x509.Name, public: RSAPublicKey, issuer: x509.Name, by: RSAPrivateKey, *, authority: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=365))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .sign(by, hashes.SHA256())
    )


@cache
def agency(person: str = "Trần Quang Minh") -> Agency:
    """One with a root of its own; the same for the same name."""
    authority, own = (generate_private_key(65537, 2048) for _ in range(2))
    name = _name(f"Root of {person}", "Ban Cơ yếu Chính phủ")
    root = _issued(name, authority.public_key(), name, authority, authority=True)
    subject = _name(person, "Công an thành phố Hải Phòng")
    return Agency(root, _issued(subject, own.public_key(), name, authority, authority=False), own)


def believed(folder: Path, who: Agency) -> None:
    """Put the root where the operator puts it."""
    roots = folder / "agency" / "roots"
    roots.mkdir(parents=True, exist_ok=True)
    (roots / "root.pem").write_bytes(who.root.public_bytes(serialization.Encoding.PEM))


def signs_here(folder: Path, who: Agency, issuer: str = "CAHP") -> None:
    """Put the agency's key where the platform signs with it."""
    place = folder / "agency"
    place.mkdir(parents=True, exist_ok=True)
    (place / "own.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"own",
            who.key,
            who.certificate,
            [who.root],
            serialization.BestAvailableEncryption(PASSWORD.encode()),
        )
    )
    (place / "own.password").write_text(PASSWORD + "\n", encoding="utf-8")
    (place / f"{issuer}.json").write_text(json.dumps({"pkcs12": "own.p12", "password_file": "own.password"}))
