"""The control of the canary that listens to every test: it hears what it must."""

import logging

import pytest

from tests.canary import Canary


def heard(message: str, error: Exception | None = None) -> int:
    canary, logger = Canary(), logging.getLogger("elsewhere.canary")
    logger.addHandler(canary)
    try:
        if error:
            try:
                raise error
            except Exception:
                logger.exception(message)
        else:
            logger.warning(message)
    finally:
        logger.removeHandler(canary)
    return len(canary.told)


@pytest.mark.parametrize(
    "line",
    [
        "sent to 0912345678",
        "sent to +84912345678.",
        "the number 031088007777 is there twice",
        "typed: mot-cau-ngan-cua-rieng-toi",
    ],
)
def test_it_hears_telephones_numbers_and_passwords_in_lines_and_in_errors(line: str) -> None:
    assert heard(line) == 1
    assert heard("it failed", ValueError(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "403 for GET roster:person, by a911e397-f71a-4ede-afd6-031088007777",
        "job 912345678 failed",
        "20261123",
    ],
)
def test_it_is_deaf_to_what_says_nothing_about_anybody(line: str) -> None:
    assert heard(line) == 0
