"""Unguessable codes: short ones to type, long ones to scan."""

import re
import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Douglas Crockford's base 32: no I, L, O, U, so that a voice on the telephone is enough."""


def new_code() -> str:
    """Eight characters, 40 random bits."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(8))


def new_link() -> str:
    """22 characters, 128 random bits."""
    return secrets.token_urlsafe(16)


def read_code(typed: str) -> str:
    """What somebody typed, as it was printed: O is 0, I and L are 1, spaces and dashes do not count."""
    upper = re.sub(r"[\s-]", "", typed).upper()
    return upper.translate(str.maketrans("OIL", "011"))


def shown_code(code: str) -> str:
    """In two groups, as printed: «7K3M-Q2XD»."""
    return f"{code[:4]}-{code[4:]}"
