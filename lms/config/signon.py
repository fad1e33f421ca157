"""Single sign-on: the providers that a file of the operator names (docs/sign-on.example.toml)."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_COMMON = {"id", "name", "officer_code", "origins"}
_KEYS = {
    "openid": _COMMON | {"issuer", "client_id", "secret_file", "scopes"},
    "saml": _COMMON | {"entity_id", "sso_url", "certificate_file"},
}
_OPTIONAL = {"origins", "scopes"}


@dataclass(frozen=True)
class SignOn:
    """What Django and allauth are told of the providers."""

    providers: dict[str, Any] = field(default_factory=dict)
    """As `SOCIALACCOUNT_PROVIDERS`."""
    apps: tuple[str, ...] = ()
    """The provider apps that are installed: none is loaded that no provider needs."""
    origins: tuple[str, ...] = ()
    """Where the buttons of the sign-in page lead; the browser asks before it follows a form there."""


def read(file: Path) -> SignOn:
    """The providers of the file. ImproperlyConfigured names all its faults at once."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"SINGLE_SIGN_ON: {error}") from error
    faults = [f"{kind}: neither [[openid]] nor [[saml]]" for kind in told.keys() - _KEYS.keys()]
    entries = [(kind, entry) for kind in _KEYS for entry in told.get(kind, [])]
    for kind, entry in entries:
        faults += [f"{entry.get('id', kind)}: {fault}" for fault in _faults(kind, entry, file.parent)]
    named = [entry.get("id") for _kind, entry in entries]
    faults += [f"{name}: stands twice" for name in sorted({name for name in named if named.count(name) > 1})]
    if faults:
        raise ImproperlyConfigured(f"SINGLE_SIGN_ON: {file.name}: " + "; ".join(faults))
    return _assembled(entries, file.parent)


def _faults(kind: str, entry: dict[str, Any], folder: Path) -> list[str]:
    faults = [f"{key} is missing" for key in sorted(_KEYS[kind] - _OPTIONAL - entry.keys())]
    faults += [f"{key} is unknown" for key in sorted(entry.keys() - _KEYS[kind])]
    for key in {"issuer", "sso_url"} & entry.keys():
        address = urlsplit(entry[key])
        if address.scheme != "https" and address.hostname not in _LOCAL:
            faults.append(f"{key} must begin with https://")
    for key in {"secret_file", "certificate_file"} & entry.keys():
        if not (folder / entry[key]).is_file():
            faults.append(f"{key}: there is no {entry[key]} beside the file")
    return faults


def _assembled(entries: list[tuple[str, dict[str, Any]]], folder: Path) -> SignOn:
    told: dict[str, list[dict[str, Any]]] = {"openid_connect": [], "saml": []}
    origins: list[str] = []
    for kind, entry in entries:
        provider, app, address = _WRITTEN[kind](entry, folder)
        told[provider].append(app)
        origins += [_origin(address), *entry.get("origins", [])]
    return SignOn(
        {provider: {"APPS": apps, "OAUTH_PKCE_ENABLED": True} for provider, apps in told.items() if apps},
        tuple(f"allauth.socialaccount.providers.{provider}" for provider, apps in told.items() if apps),
        tuple(dict.fromkeys(origins)),
    )


def _openid(entry: dict[str, Any], folder: Path) -> tuple[str, dict[str, Any], str]:
    app = {
        "provider_id": entry["id"],
        "name": entry["name"],
        "client_id": entry["client_id"],
        "secret": (folder / entry["secret_file"]).read_text(encoding="utf-8").strip(),
        "settings": {
            "server_url": entry["issuer"],
            "officer_code": entry["officer_code"],
            "scope": entry.get("scopes", ["openid", "profile"]),
        },
    }
    return "openid_connect", app, entry["issuer"]


def _saml(entry: dict[str, Any], folder: Path) -> tuple[str, dict[str, Any], str]:
    app = {
        "provider_id": entry["entity_id"],
        "client_id": entry["id"],
        "name": entry["name"],
        "settings": {
            "officer_code": entry["officer_code"],
            "attribute_mapping": {},
            "idp": {
                "entity_id": entry["entity_id"],
                "sso_url": entry["sso_url"],
                "x509cert": (folder / entry["certificate_file"]).read_text(encoding="ascii"),
            },
            # An answer to nobody's question is refused: it could be somebody else's (login CSRF).
            "advanced": {"want_assertion_signed": True, "reject_idp_initiated_sso": True},
        },
    }
    return "saml", app, entry["sso_url"]


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


_WRITTEN: dict[str, Callable[[dict[str, Any], Path], tuple[str, dict[str, Any], str]]] = {
    "openid": _openid,
    "saml": _saml,
}
