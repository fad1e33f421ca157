import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.commitments import FACT, canonical, commitment, new_salt

SALT = bytes(range(16))

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
facts = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
)


@given(facts)
def test_the_fast_encoder_gives_the_bytes_of_rfc_8785(fact):
    assert canonical(fact) == rfc8785.dumps(fact)


@given(st.text(max_size=3))
def test_every_control_and_sign_is_written_as_rfc_8785_says(text):
    assert canonical({"a": text + "".join(map(chr, range(0x80)))}) == rfc8785.dumps(
        {"a": text + "".join(map(chr, range(0x80)))}
    )


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), float("inf"), {"a": object()}, {1: "a"}])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical(value)


def test_a_text_that_is_no_unicode_is_refused():
    with pytest.raises(ValueError, match="surrogates not allowed"):
        canonical({"a": "\ud800"})


def test_the_order_of_the_fields_does_not_matter():
    assert commitment({"a": 1, "b": "é"}, SALT) == commitment({"b": "é", "a": 1}, SALT)


def test_a_commitment_is_the_hash_of_domain_salt_and_canonical_json():
    assert (
        commitment({"b": "Hải Phòng", "a": [1, None]}, SALT)
        == hashlib.sha256(b"vung/fact/1\n" + SALT + '{"a":[1,null],"b":"Hải Phòng"}'.encode()).digest()
    )


def test_another_salt_or_another_domain_gives_another_commitment():
    first = commitment({"a": 1}, SALT)
    assert first != commitment({"a": 1}, bytes(16))
    assert first != commitment({"a": 1}, SALT, domain=FACT + b"x")


def test_a_salt_of_another_length_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        commitment({}, b"short")


def test_salts_are_new_each_time():
    assert len({new_salt() for _ in range(100)}) == 100
