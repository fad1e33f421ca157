"""Four syllables that stand for a paper: to be compared by eye or read over the telephone. Pure.

They are made of the paper's signature. Whoever is led to another site by a forged code sees other ones, or
must know the genuine paper.
"""

import hashlib

ONSETS = ("b", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "nh", "ph", "t", "th", "v", "x")
RIMES = ("a", "ai", "am", "an", "ang", "ao", "âu", "ay", "o", "oi", "ôn", "ong", "u", "ui", "ung", "ưa")
DOMAIN = b"vung words v1\n"


def check_words(signature: str) -> str:
    """32 bits of the hash of a signature (86 characters), 8 a syllable: «đang thoi mưa bôn»."""
    digest = hashlib.sha256(DOMAIN + signature.encode("ascii")).digest()
    return " ".join(ONSETS[byte >> 4] + RIMES[byte & 15] for byte in digest[:4])
