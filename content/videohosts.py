"""Films that lie elsewhere: addresses of the hosts that this installation allows. Pure."""

import re
from urllib.parse import parse_qs, urlsplit

PLAYERS = {"youtube": "www.youtube-nocookie.com", "vimeo": "player.vimeo.com"}
NAMES = {"www.youtube-nocookie.com": "YouTube", "player.vimeo.com": "Vimeo"}
ID = re.compile(r"^[\w-]{1,32}$")


def player_address(url: str, allowed: list[str]) -> str | None:
    """The address to put into a frame; None where the host is not allowed or names no film."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        return None
    host, path = parts.hostname.removeprefix("www.").removeprefix("m."), parts.path.strip("/")
    if host == "youtube.com" and path == "watch":
        return _framed("youtube", "embed", parse_qs(parts.query).get("v", [""])[0], allowed)
    if host == "youtube.com" and path.startswith("shorts/"):
        return _framed("youtube", "embed", path.removeprefix("shorts/"), allowed)
    if host == "youtu.be":
        return _framed("youtube", "embed", path, allowed)
    if host == "vimeo.com":
        return _framed("vimeo", "video", path, allowed)
    return url if parts.hostname in allowed and parts.port in (None, 443) else None


def host_name(address: str) -> str:
    """What people call the place where a film lies."""
    host = urlsplit(address).hostname or ""
    return NAMES.get(host, host)


def _framed(kind: str, folder: str, film: str, allowed: list[str]) -> str | None:
    host = PLAYERS[kind]
    return f"https://{host}/{folder}/{film}" if host in allowed and ID.match(film) else None
