"""Numbers of the register, by the issuer's own pattern: «0007/2026/GCN-CAHP». Pure."""

import re

PATTERN = re.compile(r"\{(number)(?::0([1-9]))?\}|\{(year|issuer)\}|([^{}]+)")


def is_pattern(pattern: str) -> bool:
    """Whether a pattern gives every certificate its own number: it must hold number and year, and no more."""
    names = [match[1] or match[3] for match in PATTERN.finditer(pattern)]
    whole = "".join(match[0] for match in PATTERN.finditer(pattern)) == pattern
    return whole and names.count("number") == 1 and names.count("year") == 1 and names.count("issuer") <= 1


def numbered(pattern: str, *, number: int, year: int, issuer: str) -> str:
    """The text of a number. Only the three names are filled in, whatever somebody typed as a pattern."""
    return PATTERN.sub(
        lambda match: (
            f"{number:0{match[2] or 1}}"
            if match[1]
            else {"year": str(year), "issuer": issuer}[match[3]]
            if match[3]
            else match[4]
        ),
        pattern,
    )
