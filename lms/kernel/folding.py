"""Text as it is stored, and text as it is compared.

``clean_text`` gives what is stored: NFC, without invisible characters, spaces
single. ``fold`` gives what is compared and searched: without tones and case, so
that "dao tao" finds "Đào tạo", and "Hòa" and "Hoà" — which no Unicode
normalisation makes equal — meet.
"""

import re
import unicodedata

# Controls, soft hyphen, joiners, fillers, zero-width and direction marks, variants, tags, byte order mark:
# invisible, and so able to make two equal-looking codes differ, or a name read backwards. Line breaks and
# tabs are spaces, not rubbish.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]+"
)
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
# The stroked D is a letter of its own without a decomposition, and is often typed as the Icelandic or
# the African letter that looks the same.
_STROKED_D = str.maketrans({"đ": "d", "ð": "d", "ɖ": "d"})


def clean_text(text: str) -> str:
    """NFC, trimmed (no-break and zero-width spaces too), every run of white space one space."""
    if text.isascii():
        if text.isprintable():
            return " ".join(text.split()) if "  " in text else text.strip()
    else:
        text = unicodedata.normalize("NFC", text)
    return " ".join(_INVISIBLE.sub("", text).split())


def fold(text: str) -> str:
    """What is left of a text when tones, case and spacing are ignored; folding twice changes nothing."""
    if text.isascii() and text.isprintable():
        return " ".join(text.casefold().split())
    bare = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    bare = _MARKS.sub("", _INVISIBLE.sub("", bare)).translate(_STROKED_D)
    return " ".join(bare.split())
