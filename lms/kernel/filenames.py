"""Names of files that people send."""

import unicodedata
from pathlib import PurePosixPath

_LONGEST = 100


def clean_name(name: str, *, otherwise: str) -> str:
    """The last part of a path without signs that no file system bears; its kind stays at its end.

    `otherwise` stands where nothing is left.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " "
    ).translate(dict.fromkeys(map(ord, '<>:"|?*;'), "_"))
    path = PurePosixPath(kept.strip(" ."))
    stem = path.stem.strip(" .")[: _LONGEST - len(path.suffix)]
    return f"{stem or otherwise}{path.suffix}"
