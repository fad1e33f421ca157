"""What somebody calls themselves, in the one form in which it is compared."""

import unicodedata

import pytest

from lms.accounts.identifiers import canonical


@pytest.mark.parametrize(
    "typed",
    ["HP0001", " hp0001 ", "HP 0001", "ＨＰ０００１", "HP\u200b0001", "\u202eHP0001\u202c", "hp0001\ufeff"],
)
def test_an_officer_code_is_one_however_it_was_typed(typed: str) -> None:
    assert canonical(typed) == "hp0001"


@pytest.mark.parametrize(
    "typed", ["0912345678", "0912 345 678", "+84 912 345 678", "0912.345.678", "(0912) 345-678"]
)
def test_a_telephone_number_is_one_with_spaces_dots_or_country(typed: str) -> None:
    assert canonical(typed) == "0912345678"


def test_composed_and_decomposed_letters_are_one() -> None:
    assert canonical(unicodedata.normalize("NFD", "Đội-trưởng@xã.vn")) == canonical("đội-trưởng@xã.vn")


def test_letters_of_another_script_stay_another_code() -> None:
    assert canonical("НР0001") != canonical("HP0001")  # Cyrillic Н and Р
