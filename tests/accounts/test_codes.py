"""One-time codes as characters: how they are drawn, printed and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.codes import ALPHABET, Mistyped, new_code, read_code, shown_code


def test_a_code_has_eleven_random_characters_and_a_check_symbol_of_the_same_letters() -> None:
    codes = {new_code() for _ in range(300)}
    assert {len(code) for code in codes} == {12}
    assert len(codes) == 300
    assert set("".join(codes)) <= set(ALPHABET)


def test_a_code_is_read_as_it_is_shown_in_small_letters_or_with_look_alikes() -> None:
    code = new_code()
    assert [
        read_code(shown_code(code)),
        read_code(code.lower()),
        read_code(f" {code[:6]} – {code[6:]} "),
    ] == [code] * 3
    look_alike = code.replace("0", "O").replace("1", "l").replace("V", "U")
    assert read_code(look_alike) == code


@given(st.integers(0, 11), st.integers(1, 31))
def test_one_wrong_character_is_always_noticed(at: int, off: int) -> None:
    code = new_code()
    wrong = ALPHABET[(ALPHABET.index(code[at]) + off) % 32]
    with pytest.raises(Mistyped):
        read_code(code[:at] + wrong + code[at + 1 :])


@pytest.mark.parametrize("typed", ["", "ABCD", "é" * 12, "0" * 13, "𝟎" * 12, "\u202e" + "0" * 12, "0" * 5000])
def test_what_is_no_code_is_mistyped(typed: str) -> None:
    with pytest.raises(Mistyped):
        read_code(typed)
