import base64
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel import keys
from lms.kernel.checkpoints import Checkpoint, checkpoint_of, opened
from lms.kernel.signednotes import BadNote, Signer, Verifier, sign, verified

# The example of golang.org/x/mod/sumdb/note, whose form C2SP signed-note describes.
NEUMANN = Verifier.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
SAYING = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
SIGNED = SAYING + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqd"
    "ngotpRZb6KE6RyyBwJnAM=\n"
)
ORIGIN = "vung.example/ledger"
ROOT = bytes(range(32))


def signer(seed, name=ORIGIN):
    return Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


OURS = signer(1)


def test_a_note_that_another_program_signed_is_accepted():
    assert verified(SIGNED, [NEUMANN]) == (SAYING, [NEUMANN])


def test_a_note_is_signed_byte_for_byte_as_the_other_program_does():
    key = Ed25519PrivateKey.from_private_bytes(
        base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
    )
    assert sign(SAYING, Signer("PeterNeumann", key)) == SIGNED


def test_a_checkpoint_is_three_lines_and_a_signature():
    note = Checkpoint(ORIGIN, 1834, ROOT).signed(OURS)
    lines = note.split("\n")
    assert lines[:4] == [ORIGIN, "1834", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert lines[5:] == [""]


@given(st.integers(0, 2**60), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_reads_back_the_same(size, root):
    checkpoint = Checkpoint(ORIGIN, size, root)
    assert opened(checkpoint.signed(OURS), [OURS.verifier]) == checkpoint


@given(st.data())
def test_no_letter_of_a_signed_checkpoint_can_be_changed(data):
    note = Checkpoint(ORIGIN, 1834, ROOT).signed(OURS)
    at = data.draw(st.integers(0, len(note) - 1))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda c: c != note[at]))
    try:
        changed = opened(note[:at] + letter + note[at + 1 :], [OURS.verifier])
    except BadNote:
        return
    assert changed == Checkpoint(ORIGIN, 1834, ROOT)  # the unused bits of base64


@pytest.mark.parametrize(
    ("note", "why"),
    [
        (Checkpoint(ORIGIN, 1, ROOT).signed(signer(2)), "signed by nobody whom we know"),
        (Checkpoint(ORIGIN, 1, ROOT).signed(), "not a signed note"),
        (Checkpoint(ORIGIN, 1, ROOT).text(), "not a signed note"),
        ("", "not a signed note"),
        (sign("a\nb\nc\n", OURS), "not a checkpoint"),
        (sign(f"{ORIGIN}\n007\n{'A' * 43}=\n", OURS), "not a checkpoint"),
        (sign(f"{ORIGIN}\n7\nAAAA\n", OURS), "not a checkpoint"),
    ],
)
def test_what_is_not_a_checkpoint_of_ours_is_refused(note, why):
    with pytest.raises(BadNote, match=why):
        opened(note, [OURS.verifier])


def test_a_checkpoint_may_be_signed_by_two_keys_and_either_is_enough():
    note = Checkpoint(ORIGIN, 9, ROOT).signed(OURS, signer(2))
    assert opened(note, [signer(2).verifier]) == opened(note, [OURS.verifier])


def test_lines_that_others_added_are_passed_over():
    assert checkpoint_of(Checkpoint(ORIGIN, 9, ROOT).text() + "more\n").size == 9


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
def test_a_name_that_would_break_the_form_is_refused(name):
    with pytest.raises(ValueError, match="cannot be called"):
        signer(1, name)


@pytest.mark.parametrize("text", ["", "a+b", "a+00000000+AAAA", str(OURS.verifier)[:-4] + "AAA="])
def test_a_broken_verifier_key_is_refused(text):
    with pytest.raises(BadNote, match="not a verifier key"):
        Verifier.read(text)


# Keys in files


def test_the_first_use_makes_a_key_that_its_owner_alone_can_read(tmp_path):
    folder = tmp_path / "keys"
    made = keys.signer(folder, "ledger", ORIGIN)
    assert keys.signer(folder, "ledger", "another name").verifier == made.verifier
    assert keys.verifiers(folder, "ledger") == [made.verifier]
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {
        "ledger.key": 0o600,
        "ledger.pub": 0o600,
    }


def test_of_many_who_start_together_one_makes_the_key(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        made = [threads.submit(keys.signer, tmp_path, "ledger", ORIGIN) for _ in range(16)]
        verifiers = {future.result().verifier for future in made}
    assert keys.verifiers(tmp_path, "ledger") == list(verifiers)
    assert len(verifiers) == 1


def test_rotation_makes_a_new_key_and_goes_on_knowing_the_old(tmp_path):
    old = keys.signer(tmp_path, "ledger", ORIGIN)
    new = keys.made(ORIGIN)
    keys.know(tmp_path, "ledger", new)
    keys.replace(tmp_path, "ledger", new)
    assert keys.signer(tmp_path, "ledger", ORIGIN).verifier == new.verifier
    assert keys.verifiers(tmp_path, "ledger") == [old.verifier, new.verifier]


def test_a_lost_private_key_is_not_silently_made_anew(tmp_path):
    keys.signer(tmp_path, "ledger", ORIGIN)
    (tmp_path / "ledger.key").unlink()
    with pytest.raises(keys.KeysMissing):
        keys.signer(tmp_path, "ledger", ORIGIN)
