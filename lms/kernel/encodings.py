"""Recognising text that is not what it claims to be.

Vietnamese offices still hand out files in TCVN3 and VNI fonts and in Windows-1258. Read as anything else
they become rubbish ("NguyÔn V¨n An", "Nguyeãn Vaên An") that no one finds again, so such a file is
recognised and refused. The verdict: decode the odd-looking words each way, and see which way turns them
into syllables that Vietnamese spelling allows.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_TONES = re.compile(f"[{_ACUTE}{_GRAVE}{_HOOK}{_TILDE}{_DOT}]")
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    "(?:[aăâeêioôơuưy]|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê"
    "|iêu|oai|oao|oay|oeo|uây|uôi|uya|uyê|uyu|ươi|ươu|yêu)"
    "(?:ng|nh|ch|[cmnpt])?"
)
_WORD = re.compile(r"[^\x00-\x40\x5b-\x60\x7b-\x7f\s]*[\x80-\U0010ffff][^\x00-\x40\x5b-\x60\x7b-\x7f\s]*")
# What every legacy encoding shows and Vietnamese does not have: other Latin-1 letters and signs, and pairs of
# vowels that only VNI writes.
_FOREIGN = re.compile(
    "[\u00a1-\u00bf\u00c4-\u00c7\u00cb\u00ce-\u00d1\u00d6-\u00d8\u00db\u00dc\u00de-\u00df"
    "\u00e4-\u00e7\u00eb\u00ee-\u00f1\u00f6-\u00f8\u00fb\u00fc\u00fe\u00ff]"
    "|[aeAE][âáàãêéèúùõÂÁÀÃÊÉÈÚÙÕ]|[oO][âùõÂÙÕ]"
)

_TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT, "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE,
    "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_PAIR = re.compile("([aeouyôö])([ùøûõïâáàåãäêéèúüë])")
_VNI_ALONE = str.maketrans("ôöñæóòî", "ơưđỉĩịỵ")


def is_syllable(word: str) -> bool:
    """Whether Vietnamese spelling allows the word; not whether it exists."""
    parts = unicodedata.normalize("NFD", word.lower())
    bare, tones = _TONES.subn("", parts)
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def _tcvn3(word: str) -> str:
    return word.translate(_TCVN3)


def _vni(word: str) -> str:
    pairs = _VNI_PAIR.sub(lambda m: m[1].translate(_VNI_ALONE) + "\ue000" + _VNI_MARKS[m[2]], word.lower())
    # The private-use character shields a letter that is already decoded from the second pass.
    alone = re.sub("([^\ue000])(?!\ue000)", lambda m: m[1].translate(_VNI_ALONE), pairs)
    return unicodedata.normalize("NFC", alone.replace("\ue000", ""))


def _twice(word: str) -> str:
    try:
        return word.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""


_GARBLED: dict[str, Callable[[str], str]] = {"TCVN3": _tcvn3, "VNI": _vni, "UTF-8 twice": _twice}


def garbled_as(text: str) -> str | None:
    """The encoding that a text was mistaken out of (TCVN3, VNI, "UTF-8 twice"); None if it is sound."""
    if not _FOREIGN.search(text):
        return None
    return _verdict([word for word in _some_words(text) if not is_syllable(word)], _GARBLED, least_share=0.6)


def encoding_of(sample: bytes) -> str | None:
    """The likely encoding of bytes that are not UTF-8; None if nothing fits."""
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff") or sample[:400].count(0) > len(sample[:400]) // 4:
        return "UTF-16"
    if b"\x00" in sample:
        return None
    latin = sample.decode("latin-1")
    readings: dict[str, Callable[[str], str]] = {
        "Windows-1258": lambda word: unicodedata.normalize(
            "NFC", word.encode("latin-1").decode("cp1258", errors="replace")
        ),
        "TCVN3": _tcvn3,
        "VNI": _vni,
    }
    return _verdict(list(_some_words(latin)), readings, least_share=0.5)


def _some_words(text: str) -> Iterable[str]:
    """The first 2,000 words with a letter beyond ASCII."""
    for count, match in enumerate(_WORD.finditer(text)):
        if count == 2000:
            return
        yield match[0]


def _verdict(words: list[str], readings: dict[str, Callable[[str], str]], least_share: float) -> str | None:
    sound = {name: sum(is_syllable(read(word)) for word in words) for name, read in readings.items()}
    best = max(sound, key=lambda name: sound[name])
    return best if sound[best] >= max(2, least_share * len(words)) else None
