"""Whoever can write to the database can alter it; these tests do, and the ledger tells."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from lms.kernel import jobs, keys, queries, services, verification
from lms.kernel.checkpoints import Checkpoint, opened
from lms.kernel.ledger import DatabaseTiles, Draft, entry_leaf, write_numbered
from lms.kernel.merkle import Tree, leaf_hash
from lms.kernel.models import LedgerCheckpoint, LedgerEntry, LedgerSalt, LedgerTile, SaltErasure, SigningKey
from lms.kernel.proofs import has_only_grown, is_proven
from lms.kernel.services import CheckpointRefused, make_checkpoint, rotate_ledger_key
from lms.kernel.services.checkpoints import known_verifiers, last_signed
from lms.roster.models import Person, PersonRecord
from tests.factories import roster

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def history():
    """Officer (1), absence recorded (2), corrected (3), withdrawn (4); officer (5); key (6)."""
    officer = roster.person("CB1")
    away = roster.absence(officer, since=MAY)
    away = services.correct_fact(away, {"until": JUNE}, by="CB9", reason="came back")
    services.withdraw_fact(away, by="CB9", reason="never was")
    roster.person("CB2")
    return make_checkpoint()


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found(most=9):
    seen = verification.examine(known_verifiers(), last_signed(), most=most)
    return [(finding.what, finding.sentence) for finding in seen.findings]


def test_a_ledger_that_nobody_touched_is_sound(history):
    seen = verification.examine(known_verifiers(), last_signed(), most=9)
    assert (seen.findings, seen.entries, seen.checkpoints, seen.facts, seen.root) == (
        [],
        6,
        1,
        5,
        queries.ledger_tree().root(),
    )


def test_an_altered_fact_is_named(history):
    sql("UPDATE roster_absence SET since = '2026-04-01' WHERE recorded = 2")
    assert found() == [("fact", "The fact of entry 2 (roster.absence) was altered.")]


def test_an_altered_reason_is_named_with_its_entry(history):
    sql("UPDATE kernel_ledgerreason SET text = 'ordered to'")
    assert found() == [
        ("fact", "The fact of entry 3 (roster.absence) was altered."),
        ("fact", "The fact of entry 4 (roster.absence) was altered."),
    ]


def test_an_altered_salt_is_told_from_an_altered_fact(history):
    entry = LedgerEntry.objects.get(number=2)
    LedgerSalt.objects.filter(entry=entry.pk).update(salt=bytes(16))
    assert found() == [("salt", "The salt of entry 2 was altered.")]


def test_a_salt_that_somebody_took_away_is_named(history):
    LedgerSalt.objects.filter(entry=LedgerEntry.objects.get(number=2).pk).delete()
    assert found() == [("salt", "The salt of entry 2 is gone.")]


@pytest.mark.parametrize(
    "column",
    ["actor = 'CB3'", "type = 'roster.absence.merged'", "version = 2", "time = '2026-01-01 00:00:00+00'"],
)
def test_an_altered_entry_is_named_first(history, column):
    sql(f"UPDATE kernel_ledgerentry SET {column} WHERE number = 3")
    assert found()[0] == ("entry", "Entry 3 was altered.")


def test_a_missing_entry_is_named_first(history):
    sql("DELETE FROM kernel_ledgerentry WHERE number = 3")
    assert found()[0] == ("entry", "Entry 3 is missing.")


def test_a_ledger_that_was_cut_short_is_named(history):
    sql("DELETE FROM kernel_ledgerentry WHERE number = 6")
    assert ("entry", "The ledger ends at 5, but was signed at 6 entries.") in found()


def test_a_last_entry_that_was_taken_away_before_it_was_signed_is_named(history):
    roster.person("CB3")
    sql("DELETE FROM kernel_ledgerentry WHERE number = 7")
    assert found()[0] == ("entry", "Entry 7 is missing: the tree goes on.")


def test_an_altered_tile_is_told_from_an_altered_entry(history):
    LedgerTile.objects.update(hashes=leaf_hash(b"x") * 6)
    assert found() == [("tile", "Tile 0/0 of the tree was altered.")]


def test_an_altered_upper_tile_is_named():
    write_numbered([Draft("test.thing", SaltErasure().chain, {"n": n}, "operator") for n in range(600)])
    make_checkpoint()
    LedgerTile.objects.filter(level=1).update(hashes=leaf_hash(b"x") * 2)
    assert found() == [("tile", "Tile 1/0 of the tree was altered.")]


def test_an_alteration_after_the_last_checkpoint_is_found_too(history):
    roster.person("CB3")
    sql("UPDATE kernel_ledgerentry SET actor = 'CB3' WHERE number = 7")
    assert found()[0] == (
        "entry",
        "Entry 7 was altered, or tile 0/0 was; no checkpoint says which.",
    )


@pytest.mark.parametrize("column", ["size = 5", "root", "note"])
def test_an_altered_checkpoint_is_named(history, column):
    row = LedgerCheckpoint.objects.filter(pk=history.pk)
    if column == "root":
        row.update(root=bytes(32))
    elif column == "note":
        row.update(note=history.note.replace("\n6\n", "\n5\n"))
    else:
        row.update(size=5)
    assert found()[0][0] == "checkpoint"
    assert "was altered" in found()[0][1]


def test_a_checkpoint_that_was_taken_away_is_remembered_by_the_key_folder(history):
    LedgerCheckpoint.objects.all().delete()
    assert found() == [("checkpoint", "The checkpoint at 6, which the key folder remembers, is gone.")]


def test_a_fact_that_was_taken_away_is_named(history):
    sql("DELETE FROM roster_personrecord WHERE recorded = 5")
    assert found() == [
        (
            "fact",
            "The fact of entry 5 (roster.personrecord) is gone, or no longer says that it was corrected.",
        )
    ]


def test_a_fact_that_was_put_in_is_named(history):
    row = PersonRecord.objects.get(recorded=5)
    row.pk, row.recorded_entry, row._state.adding = None, row.recorded_entry + 100, True
    row.chain, row.person = SaltErasure().chain, Person.objects.create(code="CB8")
    row.save()
    sentence = (
        f"The fact roster.personrecord in row {row.pk} was altered or added: the ledger does not know it so."
    )
    assert found() == [("fact", sentence)]


def test_a_withdrawal_that_was_undone_is_named(history):
    sql("UPDATE roster_absence SET superseded = NULL, superseded_entry = NULL WHERE recorded = 3")
    assert found() == [
        ("fact", "The fact of entry 4 (roster.absence) is gone, or no longer says that it was corrected.")
    ]


def test_who_rewrites_the_whole_ledger_cannot_sign_it(history):
    """ABUSE G2 and G3: entries, commitments and tree are made anew, and all fit together."""
    sql("UPDATE kernel_ledgerentry SET actor = 'CB3' WHERE number = 3")
    LedgerTile.objects.all().delete()
    tiles = DatabaseTiles()
    tree = Tree(tiles)
    tree.append([entry_leaf(entry) for entry in LedgerEntry.objects.order_by("number")])
    tiles.flush()
    assert found()[0] == (
        "entry",
        "Entries and tree up to 6 were rewritten: they are not what was signed.",
    )
    roster.person("CB3")
    with pytest.raises(CheckpointRefused):
        make_checkpoint()


# Checkpoints


def test_a_checkpoint_of_a_ledger_without_news_is_the_last_one(history):
    assert make_checkpoint() == history


def test_the_first_checkpoint_records_the_key_that_signs(history):
    assert SigningKey.objects.get().verifier == str(known_verifiers()[0])
    assert opened(history.note, known_verifiers()).size == 6


def test_an_old_backup_cannot_be_signed_as_if_nothing_had_been_later(history):
    """ABUSE G11: the key folder remembers."""
    sql("DELETE FROM kernel_ledgercheckpoint")
    sql("DELETE FROM kernel_ledgerentry WHERE number > 4")
    with pytest.raises(CheckpointRefused, match="signed at 6 entries"):
        make_checkpoint()


def test_rotation_signs_with_both_keys_once_and_then_with_the_new(history):
    old = known_verifiers()[0]
    both = rotate_ledger_key(by="CB9", reason="yearly")
    roster.person("CB3")
    after = make_checkpoint()
    new = known_verifiers()[1]
    assert opened(both.note, [old]) == opened(both.note, [new])
    assert opened(after.note, [new]).size == 8
    assert f"{after.note}".count("\n— ") == 1
    assert found() == []


def test_a_new_origin_begins_another_log_after_a_restore(history, settings):
    signer = keys.signer(settings.KEY_DIR, "ledger", "")
    remembered = Checkpoint(signer.name, 99, bytes(32)).signed(signer)
    (settings.KEY_DIR / "ledger.signed").write_text(remembered)
    with pytest.raises(CheckpointRefused):
        make_checkpoint()
    restored = rotate_ledger_key(by="operator", reason="restored", origin="vung.example/ledger-2")
    assert restored.note.startswith("vung.example/ledger-2\n")
    assert found() == []


def test_checkpoints_leave_the_house(settings, tmp_path, mailoutbox):
    settings.LEDGER_CHECKPOINTS_TO = [str(tmp_path), "luu-tru@example.vn"]
    checkpoint = make_checkpoint()
    jobs.work_all()
    assert (tmp_path / "000000000001.checkpoint").read_text() == checkpoint.note
    assert [(mail.to, mail.body) for mail in mailoutbox] == [(["luu-tru@example.vn"], checkpoint.note)]


# Proofs


def test_an_entry_is_proven_to_somebody_without_the_ledger(history):
    proof = queries.proof_of(3).as_json()
    assert is_proven(proof, known_verifiers()) is True
    for part, other in [("entry", {**proof["entry"], "actor": "CB3"}), ("path", proof["path"][:-1])]:
        assert is_proven({**proof, part: other}, known_verifiers()) is False
    assert is_proven({**proof, "checkpoint": ""}, known_verifiers()) is False


def test_that_the_ledger_only_grew_is_proven_by_two_checkpoints(history):
    roster.person("CB3")
    later = make_checkpoint()
    steps = queries.growth(6, 7)
    assert has_only_grown(history.note, later.note, steps, known_verifiers()) is True
    assert has_only_grown(later.note, history.note, steps, known_verifiers()) is False
    assert has_only_grown(history.note, later.note, steps[1:], known_verifiers()) is False


# Erasure


def test_erased_facts_leave_the_ledger_sound_and_say_nothing(history, monkeypatch):
    monkeypatch.setattr(PersonRecord, "erasable", frozenset({"full_name", "phone"}))
    record = PersonRecord.objects.get(person__code="CB1")
    services.erase_facts([record], by="CB9", reason="asked for it")
    record.refresh_from_db()
    assert (record.full_name, record.person.code) == ("", "CB1")
    seen = verification.examine(known_verifiers(), last_signed(), most=9)
    assert (seen.findings, seen.erased) == ([], 1)
    assert LedgerSalt.objects.filter(entry=record.recorded_entry).exists() is False


# The command


def run(*arguments, capsys):
    try:
        call_command("ledger", *arguments, "--json")
        code = 0
    except SystemExit as stop:
        assert isinstance(stop.code, int)
        code = stop.code
    out = capsys.readouterr()
    return code, json.loads(out.out), out.err


def test_verify_says_what_was_gone_through(history, capsys):
    code, said, _ = run("verify", capsys=capsys)
    assert code == 0
    assert said == {
        "ledger": 6,
        "root": bytes(history.root).hex(),
        "checkpoints": 1,
        "facts": 5,
        "erased": 0,
        "waiting": 0,
    }


def test_verify_names_the_first_bad_thing_and_fails(history, capsys):
    sql("UPDATE roster_absence SET reason = 'om_dai' WHERE recorded = 2")
    code, said, err = run("verify", capsys=capsys)
    assert (code, said["refused"]) == (1, "ledger_altered")
    assert err == "The fact of entry 2 (roster.absence) was altered.\n"


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE roster_absence SET since = '2026-04-01' WHERE recorded = 2", "The fact of entry 2"),
        ("UPDATE kernel_ledgerentry SET actor = 'CB3' WHERE number = 3", "Entry 3"),
        ("DELETE FROM kernel_ledgersalt WHERE entry = (SELECT id FROM kernel_ledgerentry WHERE number = 2)",
         "The salt of entry 2"),
        ("UPDATE kernel_ledgercheckpoint SET size = 5", "The checkpoint at 5"),
    ],
    ids=["fact", "entry", "salt", "checkpoint"],
)  # fmt: skip
def test_verify_names_whatever_was_altered(history, capsys, tampering, named):
    sql(tampering)
    code, said, err = run("verify", capsys=capsys)
    assert (code, said["refused"], err.startswith(named)) == (1, "ledger_altered", True), err


def test_checkpoint_prints_the_signed_note(history, capsys):
    call_command("ledger", "checkpoint")
    assert capsys.readouterr().out == history.note


def test_prove_writes_what_can_be_checked_elsewhere(history, capsys, tmp_path):
    run("prove", "3", "--out", str(tmp_path / "proof.json"), capsys=capsys)
    assert is_proven(json.loads((tmp_path / "proof.json").read_text()), known_verifiers()) is True
    code, said, _ = run("prove", "--grown", "1", "6", capsys=capsys)
    assert (code, said["steps"]) == (0, queries.growth(1, 6))


def test_prove_refuses_an_entry_that_is_not_there(history, capsys):
    code, said, _ = run("prove", "7", capsys=capsys)
    assert (code, said["refused"]) == (1, "no_such_entry")


def test_rotate_key_names_who_answers_for_it(history, capsys):
    run("rotate_key", "--by", "CB9", "--reason", "yearly", capsys=capsys)
    assert LedgerEntry.objects.get(type="kernel.signing_key.recorded", number=7).actor == "CB9"


def test_roles_are_for_postgresql_alone(capsys):
    if connection.vendor == "postgresql":
        call_command("ledger", "roles", "vung_app")
        assert "REVOKE UPDATE, DELETE, TRUNCATE ON kernel_ledgerentry" in capsys.readouterr().out
    else:
        with pytest.raises(CommandError, match="Only PostgreSQL has roles"):
            call_command("ledger", "roles", "vung_app")
