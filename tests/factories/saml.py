"""A provider that answers by SAML: its key, and assertions that it signs."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ENTITY = "https://idp.example/metadata"
_FORM = """\
<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
 ID="{response}" Version="2.0" IssueInstant="{now}" Destination="{acs}" InResponseTo="{asked}">
<saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="{assertion}" Version="2.0" IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">{subject}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData NotOnOrAfter="{later}" Recipient="{acs}" InResponseTo="{asked}"/>
</saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{before}" NotOnOrAfter="{later}">
<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="{assertion}"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
</saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>{attributes}</saml:AttributeStatement>
</saml:Assertion></samlp:Response>"""
_ATTRIBUTE = (
    '<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
)


@lru_cache
def key(name: str) -> tuple[str, str]:
    """A private key and its certificate, both PEM."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def provider(slug: str = "bo") -> dict[str, Any]:
    """As `SOCIALACCOUNT_PROVIDERS` names it."""
    app = {
        "provider_id": ENTITY,
        "client_id": slug,
        "name": "Tài khoản Bộ",
        "settings": {
            "officer_code": "employeeNumber",
            "attribute_mapping": {},
            "idp": {
                "entity_id": ENTITY,
                "sso_url": "https://idp.example/sso",
                "x509cert": key("idp.example")[1],
            },
            "advanced": {"want_assertion_signed": True, "reject_idp_initiated_sso": True},
        },
    }
    return {"saml": {"APPS": [app]}}


def answer(
    told: dict[str, str],
    *,
    asked: str,
    site: str = "http://localhost",
    slug: str = "bo",
    audience: str = "",
    minutes: int = 5,
    signer: str = "idp.example",
    signed: bool = True,
) -> str:
    """The `SAMLResponse` that the provider has the browser bring: `told` are its attributes."""
    from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
    from onelogin.saml2.utils import OneLogin_Saml2_Utils

    now = datetime.now(UTC)
    here = f"{site}/accounts/saml/{slug}"
    text = _FORM.format(
        response=f"_{uuid4()}",
        assertion=f"_{uuid4()}",
        subject=f"_{uuid4()}",
        issuer=ENTITY,
        asked=asked,
        acs=f"{here}/acs/",
        audience=audience or f"{here}/metadata/",
        now=_time(now),
        before=_time(now - timedelta(minutes=10)),
        later=_time(now + timedelta(minutes=minutes)),
        attributes="".join(_ATTRIBUTE.format(name=name, value=value) for name, value in told.items()),
    )
    if not signed:
        return b64encode(text.encode()).decode()
    start, end = text.index("<saml:Assertion "), text.index("</samlp:Response>")
    names = ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
    alone = text[start:end].replace("<saml:Assertion", "<saml:Assertion" + names, 1)
    private, certificate = key(signer)
    sealed = OneLogin_Saml2_Utils.add_sign(
        alone, private, certificate, sign_algorithm=Names.RSA_SHA256, digest_algorithm=Names.SHA256
    )
    return b64encode(
        (text[:start] + sealed.decode().removeprefix('<?xml version="1.0"?>\n') + text[end:]).encode()
    ).decode()


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
