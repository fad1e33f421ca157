"""XML that came from outside: no document type, no entities, no network, a bounded size."""

import codecs
import io
import re
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse

from .files import content_of
from .records import Broken, Unreadable

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]*\?>""")
_KNOWN = frozenset(["utf-8", "utf-16", "ascii", "iso8859-1", "cp1252", "cp1258", "iso8859-15"])


def root_of(content: bytes) -> Element:
    """The root element; raises Unreadable for a document type, an unknown encoding, broken XML."""
    try:
        root = parse(io.BytesIO(_in_utf8(content)), forbid_dtd=True).getroot()
    except DefusedXmlException as error:
        raise Unreadable(Broken.HAS_DTD) from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable(Broken.NOT_XML, str(error)[:200]) from error
    if root is None:
        raise Unreadable(Broken.NOT_XML)
    return root


def root_of_file(file: IO[bytes]) -> Element:
    return root_of(content_of(file))


def _in_utf8(content: bytes) -> bytes:
    """Recoded, since the parser itself knows four encodings; one that is wrongly declared is not guessed."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content
    declared = _DECLARED.match(content[:400])
    if declared is None:
        return content
    try:
        name = codecs.lookup(declared[1].decode()).name
    except LookupError as error:
        raise Unreadable(Broken.UNKNOWN_ENCODING) from error
    if name not in _KNOWN:
        raise Unreadable(Broken.UNKNOWN_ENCODING)
    if name in ("utf-8", "utf-16"):
        return content
    try:
        return content[declared.end() :].decode(name).encode()
    except UnicodeDecodeError as error:
        raise Unreadable(Broken.UNKNOWN_ENCODING) from error
