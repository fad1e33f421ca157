"""Numbers of the register by the issuer's pattern."""

import pytest

from certificates.numbers import is_pattern, numbered


def test_a_number_follows_the_pattern() -> None:
    assert numbered("{number:04}/{year}/GCN-{issuer}", number=7, year=2026, issuer="CAHP") == (
        "0007/2026/GCN-CAHP"
    )
    assert numbered("{year}-{number}", number=12345, year=2026, issuer="X") == "2026-12345"


@pytest.mark.parametrize("pattern", ["{number}/{year}", "Số {number:06} – {issuer}.{year}"])
def test_a_pattern_with_number_and_year_is_one(pattern: str) -> None:
    assert is_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "{number}",
        "{year}",
        "{number}{number}/{year}",
        "{number.__class__}/{year}",
        "{number!r}/{year}",
        "{0}/{number}/{year}",
        "{number:99999999}/{year}",
        "{number/{year}",
    ],
)
def test_a_pattern_that_does_not_tell_certificates_apart_or_reaches_further_is_none(pattern: str) -> None:
    assert not is_pattern(pattern)
