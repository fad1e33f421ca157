"""One-time codes in Crockford's base 32, with his check symbol: twelve characters, 55 random bits.

A voice on the telephone is enough: no I, L, O, U. The check symbol tells nearly every slip of the finger
before anything is asked of the database, and before a try is counted.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DATA = 11
_BITS = _DATA * 5
_CHECK = 37
"""Crockford's prime. Its last five symbols are * ~ $ = U: numbers that would need one are drawn again."""
_SPACING = re.compile(r"[\s\-‐-―_.]+")
_LOOKALIKE = str.maketrans("OILU", "011V")


class Mistyped(ValueError):
    """These characters are no code, whoever it was printed for."""


def new_code() -> str:
    """A code without its dashes; unguessable."""
    while True:
        number = secrets.randbits(_BITS)
        if number % _CHECK < len(ALPHABET):
            return _written(number) + ALPHABET[number % _CHECK]


def read_code(typed: str) -> str:
    """What somebody typed, as it was printed: O is 0, I and L are 1, spaces and dashes do not count."""
    code = _SPACING.sub("", typed).upper().translate(_LOOKALIKE)
    if len(code) != _DATA + 1 or set(code) - set(ALPHABET):
        raise Mistyped
    number = 0
    for letter in code[:_DATA]:
        number = number * 32 + ALPHABET.index(letter)
    if ALPHABET[number % _CHECK : number % _CHECK + 1] != code[_DATA]:
        raise Mistyped
    return code


def shown_code(code: str) -> str:
    """In three groups, as printed: «7K3M-Q2XD-9TPB»."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _written(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in range(_BITS - 5, -1, -5))
