"""Codes that are typed, links that are scanned."""

from certificates.codes import CROCKFORD, new_code, new_link, read_code, shown_code


def test_a_code_has_forty_bits_in_crockfords_letters() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(CROCKFORD) ** 8 == 2**40
    assert len(codes) == 500
    assert {len(code) for code in codes} == {8}
    assert set("".join(codes)) <= set(CROCKFORD)


def test_a_link_has_128_bits() -> None:
    links = {new_link() for _ in range(500)}
    assert len(links) == 500
    assert {len(link) for link in links} == {22}


def test_a_code_is_read_as_it_was_heard() -> None:
    assert read_code(" 7k3m-q2xd ") == "7K3MQ2XD"
    assert read_code("OIL0 1l1o") == "01101110"


def test_a_code_is_shown_in_two_groups() -> None:
    assert shown_code("7K3MQ2XD") == "7K3M-Q2XD"
