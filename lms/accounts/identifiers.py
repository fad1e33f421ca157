"""What somebody calls themselves at the door, in the one form in which it is compared."""

import re
import unicodedata

from lms.kernel.folding import clean_text

LONGEST = 254
_TELEPHONE = re.compile(r"\+?[\d\s().\-/]{9,24}")


def canonical(typed: str) -> str:
    """An officer code, e-mail address or telephone number, whatever the case, spacing and invisible signs.

    Telephones lose their spacing and +84: «+84 912 345 678» is «0912345678». Letters that merely look alike
    in two scripts stay different: only compatibility forms (full width, ligatures) are one.
    """
    text = clean_text(unicodedata.normalize("NFKC", typed[: LONGEST * 2])).casefold()
    if _TELEPHONE.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        return "0" + digits[2:] if text.startswith("+84") else digits
    return text.replace(" ", "")
