import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.folding import clean_text, fold


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Nguyễn  Văn\tAn ", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Nguyễn"), "Nguyễn"),
        ("\u00a0Lê\u00a0Thị\u3000Hoà\u00a0", "Lê Thị Hoà"),
        ("\ufeffVN-HP\u200b", "VN-HP"),
        ("a\u00adb\u202ec\x00d\x1be", "abcde"),
        ("xã\r\nAn Phú", "xã An Phú"),
        ("", ""),
    ],
)
def test_stored_text_is_composed_trimmed_and_without_invisible_characters(typed, stored):
    assert clean_text(typed) == stored


def test_cleaning_keeps_case_and_tone_placement():
    assert clean_text("HOÀ Hòa hoà") == "HOÀ Hòa hoà"


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đào tạo", "dao tao"),
        ("ma tuý", "MA TÚY"),
        ("Hòa Bình", "hoà  bình"),
        ("ÐÀ NẴNG", "Đà Nẵng"),  # the Icelandic letter
        (unicodedata.normalize("NFD", "Nguyễn Thị Ước"), "nguyen thi uoc"),
        ("Thủ\u00a0Đức\u200b", "thu duc"),
    ],
)
def test_texts_that_differ_only_in_tone_case_or_spacing_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


def test_texts_with_different_letters_fold_apart():
    assert fold("Hà Nam") != fold("Hà Nội")


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_the_stored_form_folds_as_what_was_typed(text):
    assert fold(clean_text(text)) == fold(text)
