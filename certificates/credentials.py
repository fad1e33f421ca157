"""A certificate as an Open Badge 3.0: a W3C verifiable credential with an `eddsa-rdfc-2022` proof. Pure.

The words are the paper's. Contexts lie here and none is ever fetched: what a term means is part of what is
signed.
"""

import base64
import gzip
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from pyld import BUNDLED_CONTEXTS, ContextResolver, FrozenDocumentLoader, jsonld

from .signing import SigningKey

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS = {
    CREDENTIALS: BUNDLED_CONTEXTS[CREDENTIALS],
    BADGES: Path(__file__).resolve().parent / "contexts" / "open-badges-3.0.3.json",
}
MULTIKEY = "https://w3id.org/security/multikey/v1"
LIST_LENGTH = 131_072
"""Certificates in one status list: the least that the Bitstring Status List asks for, so that asking for a
list does not tell about whom somebody asks."""
ED25519 = b"\xed\x01"
"""Multicodec's name of an Ed25519 public key."""
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

_LOADER = FrozenDocumentLoader(CONTEXTS)
_RESOLVER = ContextResolver({}, _LOADER)


# Who issues ---------------------------------------------------------------------------------------


def did(base_url: str, issuer: str) -> str:
    """The decentralised name of an issuer: its document lies at `/issuers/CODE/did.json` of this host."""
    host = urlsplit(base_url).netloc.replace(":", "%3A")
    return f"did:web:{host}:issuers:{quote(issuer, safe='')}"


def method(did: str, key_id: str) -> str:
    """The name of one key of an issuer."""
    return f"{did}#{key_id}"


def did_document(did: str, keys: Mapping[str, bytes]) -> dict[str, Any]:
    """The public keys by which an issuer's credentials are checked: raw Ed25519 keys by id."""
    return {
        "@context": ["https://www.w3.org/ns/did/v1", MULTIKEY],
        "id": did,
        "verificationMethod": [
            {
                "id": method(did, key_id),
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": multibase(ED25519 + raw),
            }
            for key_id, raw in keys.items()
        ],
        "assertionMethod": [method(did, key_id) for key_id in keys],
    }


# What is said -------------------------------------------------------------------------------------


def badge(
    payload: Mapping[str, str], *, did: str, uid: str, course: str, status: Mapping[str, str]
) -> dict[str, Any]:
    """The unsigned credential of a paper. `uid` names the certificate, `course` what was achieved; both URIs.

    Days begin at midnight in Vietnam. The holder is named as on the paper, since a paper has no other name.
    """
    credential: dict[str, Any] = {
        "@context": [CREDENTIALS, BADGES],
        "id": uid,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": payload["title"],
        "issuer": {"id": did, "type": ["Profile"], "name": payload["issuer"]},
        "validFrom": midnight(payload["issued_on"]),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": payload["holder"],
                    "identityType": "name",
                }
            ],
            "licenseNumber": payload["number"],
            "achievement": {
                "id": course,
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "humanCode": payload["course_code"],
                "name": payload["course"],
                "description": payload["details"] or payload["course"],
                "criteria": {"narrative": f"{payload['did']}: {payload['course']}"},
                "inLanguage": "vi",
            },
        },
        "credentialStatus": dict(status),
    }
    if payload["edition"]:
        credential["credentialSubject"]["achievement"]["version"] = payload["edition"]
    if payload.get("valid_until"):
        credential["validUntil"] = midnight(payload["valid_until"])
    if payload.get("completed_on"):
        credential["credentialSubject"]["activityEndDate"] = payload["completed_on"]
    return credential


def status_entry(address: str, index: int) -> dict[str, str]:
    """Where a credential's bit stands."""
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def status_list(address: str, *, did: str, revoked: Iterable[int], since: str) -> dict[str, Any]:
    """The unsigned list of an issuer: one bit for each certificate, set where it was revoked."""
    bits = bytearray(LIST_LENGTH // 8)
    for index in revoked:
        bits[index // 8] |= 128 >> index % 8
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": since,
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{packed}",
        },
    }


# The proof ----------------------------------------------------------------------------------------


def signed(document: Mapping[str, Any], key: SigningKey, *, did: str, at: str) -> dict[str, Any]:
    """The document with its Data Integrity proof (W3C vc-di-eddsa, 3.2); `at`: an xsd:dateTime."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": at,
        "verificationMethod": method(did, key.key_id),
        "proofPurpose": "assertionMethod",
    }
    config = {"@context": document["@context"], **proof}
    digest = hashlib.sha256(canonical(config)).digest() + hashlib.sha256(canonical(document)).digest()
    return {**document, "proof": {**proof, "proofValue": multibase(key.sign_bytes(digest))}}


def canonical(document: Mapping[str, Any]) -> bytes:
    """RDF canonical form (RDFC-1.0) as N-Quads; raises JsonLdError where a context does not lie here."""
    options = {
        "algorithm": "URDNA2015",  # what RDFC-1.0 was called before it was a standard
        "format": "application/n-quads",
        "documentLoader": _LOADER,
        "contextResolver": _RESOLVER,
    }
    return str(jsonld.normalize(dict(document), options)).encode()


def multibase(raw: bytes) -> str:
    """Base 58 as Bitcoin writes it, with the letter that says so."""
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    noughts = len(raw) - len(raw.lstrip(b"\0"))
    return "z" + BASE58[0] * noughts + digits


def midnight(day: str) -> str:
    """The beginning of a day in Vietnam, as an xsd:dateTime."""
    return f"{day}T00:00:00+07:00"
