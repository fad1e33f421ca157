"""Requests that leave the house: to public addresses alone, signed, without following anybody anywhere.

An address that somebody types may name a machine inside (SSRF). The name is resolved once, every address that
it has must be public, and the connection goes to the one that was looked at: no second answer of a name
server leads elsewhere. Redirects are answers like any other.
"""

import base64
import hashlib
import hmac
import socket
from collections.abc import Collection, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import urlsplit

TIMEOUT = 10.0
"""Seconds."""


class PrivateAddress(OSError):
    """The name leads to a machine inside, or the address is none that may be asked."""


class _Pinned(HTTPSConnection):
    """Connects to an address that was looked at, and lets the certificate answer for the name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), TIMEOUT)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]


def post(url: str, body: bytes, headers: Mapping[str, str], *, inside: Collection[str] = ()) -> int:
    """The status with which the address answers. `inside` names hosts of our own network that may be asked.

    Raises PrivateAddress, and OSError where nobody answers within ten seconds.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    own = host in inside
    if parts.scheme != "https" and not (own and parts.scheme == "http"):
        raise PrivateAddress(f"not https: {host}")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _address_of(host, port, own)
    if parts.scheme == "https":
        connection: HTTPConnection = _Pinned(host, port, address)
    else:
        connection = HTTPConnection(address, port, timeout=TIMEOUT)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    named = {"Host": parts.netloc.rpartition("@")[2], "Content-Type": "application/json"}
    try:
        connection.request("POST", path, body, {**named, **headers})
        return connection.getresponse().status
    except HTTPException as error:
        raise ConnectionError(type(error).__name__) from error
    finally:
        connection.close()


def _address_of(host: str, port: int, own: bool) -> str:
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not own and not all(_is_public(address) for address in found):
        raise PrivateAddress(f"inside: {host}")
    return found[0]


def _is_public(address: str) -> bool:
    known = ip_address(address.partition("%")[0])
    carried = getattr(known, "ipv4_mapped", None) or getattr(known, "sixtofour", None)
    return known.is_global and not known.is_multicast and (carried is None or carried.is_global)


def signed_headers(secret: str, identity: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers of standardwebhooks.com: whoever shares the secret knows who sent it, what, and when."""
    signed = b".".join([identity.encode(), str(seconds).encode(), body])
    mark = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{mark}",
    }
