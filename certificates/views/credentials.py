"""Open Badges for machines: the credential, who issued it, what was revoked, and its way into a wallet.

A wallet fetches by OpenID for Verifiable Credential Issuance 1.0, pre-authorized: whoever has the paper's
link may have the credential, so the link is the code. Nothing is kept between the steps.
"""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from .. import limits, queries
from ..badges import badge_of, did_document_of, status_list_of
from ..credentials import BADGES, CREDENTIALS
from ..models import Certificate, Issuer
from .papers import file_name

KIND = "OpenBadgeCredential"
GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
TOKEN_AGE = 300
"""Seconds between the wallet's two requests."""
LAST_PAGE = 10_000
_tokens = signing.TimestampSigner(salt="certificates.wallet")


@login_not_required
@never_cache
@require_safe
def badge(request: HttpRequest, link: str) -> HttpResponse:
    """The certificate as Open Badge 3.0, for whoever has the paper."""
    certificate = _shown(request, link)
    name = f"{file_name(certificate)}.badge.json"
    return _open(badge_of(certificate), "application/vc+ld+json", attachment=name)


@login_not_required
@cache_control(public=True, max_age=300)
@require_safe
def did(request: HttpRequest, code: str) -> HttpResponse:
    """`did:web`: by which keys this issuer's credentials are checked."""
    return _open(did_document_of(get_object_or_404(Issuer, code=code)), "application/did+ld+json")


@login_not_required
@cache_control(public=True, max_age=300)
@require_safe
def status_list(request: HttpRequest, code: str, page: int) -> HttpResponse:
    """Which of a stretch of this issuer's certificates were revoked."""
    if page > LAST_PAGE:
        raise Http404
    return _open(status_list_of(get_object_or_404(Issuer, code=code), page), "application/vc+ld+json")


# Into a wallet ------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_safe
def offer(request: HttpRequest, link: str) -> HttpResponse:
    """What a wallet reads first, led here by the link on the page."""
    certificate = _shown(request, link)
    return _open(
        {
            "credential_issuer": settings.BASE_URL,
            "credential_configuration_ids": [KIND],
            "grants": {GRANT: {"pre-authorized_code": certificate.link}},
        }
    )


@login_not_required
@require_safe
def issuer_metadata(request: HttpRequest) -> HttpResponse:
    """What can be fetched here and where: without a key of the holder's, since a paper has none."""
    return _open(
        {
            "credential_issuer": settings.BASE_URL,
            "credential_endpoint": _address("certificates:wallet_credential"),
            "credential_configurations_supported": {
                KIND: {
                    "format": "ldp_vc",
                    "credential_signing_alg_values_supported": ["DataIntegrityProof"],
                    "credential_definition": {
                        "@context": [CREDENTIALS, BADGES],
                        "type": ["VerifiableCredential", KIND],
                    },
                }
            },
        }
    )


@login_not_required
@require_safe
def authorization_metadata(request: HttpRequest) -> HttpResponse:
    return _open(
        {
            "issuer": settings.BASE_URL,
            "token_endpoint": _address("certificates:wallet_token"),
            "grant_types_supported": [GRANT],
            "response_types_supported": [],
            "pre-authorized_grant_anonymous_access_supported": True,
        }
    )


@login_not_required
@csrf_exempt
@never_cache
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """The link of a paper for a token of five minutes. RFC 6749 says how errors are written."""
    if limits.exhausted(request):
        return _open({"error": "slow_down"}, status=429)
    if request.POST.get("grant_type") != GRANT:
        return _open({"error": "unsupported_grant_type"}, status=400)
    found = queries.by_link(request.POST.get("pre-authorized_code", ""))
    if found is None or found.erased_on is not None:
        limits.missed(request)
        return _open({"error": "invalid_grant"}, status=400)
    limits.found()
    signed = _tokens.sign(found.link)
    return _open({"access_token": signed, "token_type": "Bearer", "expires_in": TOKEN_AGE})


@login_not_required
@csrf_exempt
@never_cache
@require_POST
def wallet_credential(request: HttpRequest) -> HttpResponse:
    """The credential for the token."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    try:
        link = _tokens.unsign(given, max_age=TOKEN_AGE) if scheme.lower() == "bearer" else ""
    except signing.BadSignature:
        link = ""
    found = queries.by_link(link) if link else None
    if found is None or found.erased_on is not None:
        return _open({"error": "invalid_token"}, status=401)
    try:
        asked = json.loads(request.body)
        kind = asked.get("credential_configuration_id")
    except (ValueError, AttributeError):
        return _open({"error": "invalid_credential_request"}, status=400)
    if kind != KIND:
        return _open({"error": "unknown_credential_configuration"}, status=400)
    return _open({"credentials": [{"credential": badge_of(found)}]})


def wallet_link(certificate: Certificate) -> str:
    """What a telephone opens its wallet with."""
    address = _address("certificates:offer", certificate.link)
    return f"openid-credential-offer://?credential_offer_uri={address}"


def _address(name: str, *args: str) -> str:
    path: str = reverse(name, args=args)
    return f"{settings.BASE_URL}{path}"


def _shown(request: HttpRequest, link: str) -> Certificate:
    """The certificate of a link whose holder was not erased; a miss counts as on the page."""
    certificate = queries.by_link(link)
    if certificate is None:
        limits.missed(request)
    if certificate is None or certificate.erased_on is not None:
        raise Http404
    return certificate


def _open(
    value: dict[str, Any], kind: str = "application/json", *, status: int = 200, attachment: str = ""
) -> HttpResponse:
    """JSON that a page of another origin may read: it is asked for without cookies."""
    response = JsonResponse(
        value, status=status, content_type=kind, json_dumps_params={"ensure_ascii": False}
    )
    response["Access-Control-Allow-Origin"] = "*"
    if attachment:
        response["Content-Disposition"] = f'attachment; filename="{attachment}"'
    return response
