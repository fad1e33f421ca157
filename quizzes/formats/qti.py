"""QTI items, of 2.1, 2.2 and 3.0 alike: what both directions share."""

import re
from xml.etree.ElementTree import Element

VERSIONS = {
    "2.1": ("http://www.imsglobal.org/xsd/imsqti_v2p1", "imsqti_item_xmlv2p1", "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"),
    "2.2": ("http://www.imsglobal.org/xsd/imsqti_v2p2", "imsqti_item_xmlv2p2", "http://www.imsglobal.org/question/qti_v2p2/rptemplates/"),
    "3.0": ("http://www.imsglobal.org/xsd/imsqtiasi_v3p0", "imsqti_item_xmlv3p0", "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"),
}  # fmt: skip
"""Namespace of an item, type of its resource in the manifest, where its response templates live."""

MIMES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}
PICTURES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"RIFF": "webp", b"GIF8": "gif"}
"""How pictures begin, and what they are called."""
MATCH, MAP = "match_correct", "map_response"
"""The response templates: all or nothing, or points by option."""
PART, GAP_TEXT = "part", "gap-text"
"""Classes of ours: a question of a case; the text with the gaps, apart from the question above it."""
INTERACTIONS = frozenset(
    [
        *("choiceInteraction", "orderInteraction", "matchInteraction", "textEntryInteraction"),
        *("inlineChoiceInteraction", "hotspotInteraction", "extendedTextInteraction", "uploadInteraction"),
    ]
)
INLINE = frozenset(["textEntryInteraction", "inlineChoiceInteraction"])


def plain_names(element: Element) -> Element:
    """The same tree without namespaces and with the names of 2.x: `qti-simple-choice` → `simpleChoice`."""
    for one in element.iter():
        local = one.tag.rpartition("}")[2]
        one.tag = _camel(local[4:]) if local.startswith("qti-") else local
        for name in list(one.attrib):
            bare = name.rpartition("}")[2]
            renamed = bare if bare.startswith("data-") else _camel(bare)
            if renamed != name:
                one.attrib[renamed] = one.attrib.pop(name)
    return element


def names_of_version(element: Element, version: str) -> Element:
    """Names of 2.x → those of the version, in place."""
    if version == "3.0":
        for one in element.iter():
            if one.tag in _HTML:
                continue
            one.tag = "qti-" + _kebab(one.tag)
            for name in list(one.attrib):
                if name != "xmlns" and _kebab(name) != name:
                    one.attrib[_kebab(name)] = one.attrib.pop(name)
    return element


_HTML = frozenset(["p", "br", "div", "span", "img", "object"])


def _camel(name: str) -> str:
    return re.sub(r"-([a-z0-9])", lambda m: m[1].upper(), name)


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "-" + m[1].lower(), name)
