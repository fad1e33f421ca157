"""The platform's own proof."""

from pathlib import Path

import pytest

from certificates.signing import armoured, genuine, key_id, load_key

PAPER = {"holder": "Nguyễn Thị Hồng Vân", "number": "0001/2026"}


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = load_key(tmp_path / "keys"), load_key(tmp_path / "keys")
    assert first.raw_public == second.raw_public
    assert (tmp_path / "keys" / "certificates.pem").stat().st_mode & 0o777 == 0o600


def test_a_signature_is_genuine_whatever_the_order_of_the_fields(tmp_path: Path) -> None:
    key = load_key(tmp_path)
    signature = key.sign(PAPER)
    assert genuine(dict(reversed(PAPER.items())), signature, key.raw_public)


@pytest.mark.parametrize(
    "changed", [{"holder": "Nguyễn Thị Hồng Van"}, {"number": "0002/2026"}, {"more": ""}]
)
def test_one_letter_changed_is_not_genuine(tmp_path: Path, changed: dict[str, str]) -> None:
    key = load_key(tmp_path)
    assert not genuine({**PAPER, **changed}, key.sign(PAPER), key.raw_public)


def test_another_key_is_not_genuine_and_has_another_name(tmp_path: Path) -> None:
    ours, theirs = load_key(tmp_path / "a"), load_key(tmp_path / "b")
    assert not genuine(PAPER, theirs.sign(PAPER), ours.raw_public)
    assert ours.key_id != theirs.key_id
    assert ours.key_id == key_id(ours.raw_public)


def test_a_signature_is_written_in_86_characters(tmp_path: Path) -> None:
    assert len(armoured(load_key(tmp_path).sign(PAPER))) == 86
