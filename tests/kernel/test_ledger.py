import contextlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lms.kernel import ledger, queries, services
from lms.kernel.commitments import canonical, commitment
from lms.kernel.ledger import Draft, entry_document, entry_leaf, plain
from lms.kernel.merkle import TilesInMemory, Tree, leaf_hash, verify_consistency, verify_inclusion
from lms.kernel.models import LedgerCheckpoint, LedgerEntry, LedgerReason, LedgerSalt, LedgerTile
from lms.kernel.services.entries import write_entries
from lms.roster.enums import UnitKind
from lms.roster.models import Absence
from tests.factories import roster
from tests.refusals import refused

pytestmark = pytest.mark.django_db
SUBJECT = uuid.UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def by_sequencer(settings):
    """As on PostgreSQL in service: entries are written unnumbered, and numbered on commit."""
    settings.LEDGER_INLINE = False


def append(n=0, **values):
    return services.append(
        type="test.thing", subject=SUBJECT, fact={"n": n}, by=values.pop("by", "operator"), **values
    )


def numbers():
    return list(LedgerEntry.objects.order_by("id").values_list("number", flat=True))


def test_entries_are_numbered_from_one_without_gaps():
    for n in range(3):
        append(n)
    assert (numbers(), queries.ledger_size()) == ([1, 2, 3], 3)


def test_an_entry_binds_its_fact_and_reason_by_a_salt_that_lies_apart():
    entry = LedgerEntry.objects.get(pk=append(7, reason="because"))
    salt = bytes(LedgerSalt.objects.get(entry=entry.pk).salt)
    assert bytes(entry.commitment) == commitment({"fact": {"n": 7}, "reason": "because"}, salt)
    assert LedgerReason.objects.get(entry=entry.pk).text == "because"


def test_an_entry_holds_no_personal_data_but_the_officer_code():
    officer = roster.person("CB7", "Trần Thị Bình")
    assert entry_document(LedgerEntry.objects.get(pk=append(by=officer))).keys() == {
        *("actor", "commitment", "id", "number", "subject", "time", "type", "version")
    }
    assert LedgerEntry.objects.latest("pk").actor == "CB7"
    assert not any("Bình" in canonical(entry_document(entry)).decode() for entry in LedgerEntry.objects.all())


def test_every_entry_is_proven_by_the_tree_at_every_size():
    for n in range(5):
        append(n)
    ledger.write_numbered([Draft("test.thing", SUBJECT, {"n": n}, 'quo"te\n') for n in range(300)])
    tree = queries.ledger_tree()
    for number in (1, 5, 6, 256, 257, 305):
        leaf = entry_leaf(LedgerEntry.objects.get(number=number))
        assert verify_inclusion(leaf, number - 1, 305, tree.inclusion(number - 1), tree.root())
    assert verify_consistency(5, 305, tree.root(5), tree.root(), tree.consistency(5))


def test_the_leaf_written_for_speed_is_the_hash_of_the_canonical_entry():
    ledger.write_numbered([Draft("test.thìng", SUBJECT, {}, 'q"\\\n é', version=3)])
    entry = LedgerEntry.objects.get()
    tile = LedgerTile.objects.get()
    assert bytes(tile.hashes) == leaf_hash(canonical(entry_document(entry)))


def test_a_rolled_back_entry_leaves_neither_number_nor_tile():
    append()
    root = queries.ledger_tree().root()
    with pytest.raises(RuntimeError), transaction.atomic():
        append()
        raise RuntimeError
    assert (numbers(), queries.ledger_tree().root()) == ([1], root)
    append()
    assert numbers() == [1, 2]


def test_the_time_of_entries_never_goes_back():
    first = LedgerEntry.objects.get(pk=append())
    later = datetime.now(UTC) + timedelta(hours=1)
    LedgerEntry.objects.filter(pk=first.pk).update(time=later)  # the clock was wrong
    assert LedgerEntry.objects.get(pk=append()).time == later


def test_the_size_at_a_moment_counts_what_was_numbered_by_then():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for hours in (0, 1, 1, 2):
        pk = append()
        LedgerEntry.objects.filter(pk=pk).update(time=start + timedelta(hours=hours))
    moments = [start + timedelta(minutes=minutes) for minutes in (-1, 0, 59, 60, 119, 120, 999)]
    assert list(map(queries.ledger_size_at, moments)) == [0, 1, 1, 3, 3, 4, 4]


def test_number_and_time_come_together():
    append()
    with refused("entry_gets_number_and_time_together"):
        LedgerEntry.objects.update(time=None)


def test_a_number_is_given_once():
    append()
    append()
    with refused("kernel_ledgerentry.number"):
        LedgerEntry.objects.filter(number=2).update(number=1)


def test_a_size_is_signed_once():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    LedgerCheckpoint.objects.create(size=7, root=b"", time=moment, note="")
    with refused("kernel_ledgercheckpoint.size"):
        LedgerCheckpoint.objects.create(size=7, root=b"", time=moment, note="")


def test_a_tile_is_there_once():
    append()
    with refused("tile_is_there_once"):
        LedgerTile.objects.create(level=0, index=0, hashes=b"")


# The sequencer


def test_what_is_committed_is_numbered_on_commit_with_its_facts(
    by_sequencer, django_capture_on_commit_callbacks
):
    officer = roster.person("CB1")
    with django_capture_on_commit_callbacks(execute=True):
        away = roster.absence(officer, since=date(2026, 1, 1))
        assert (away.recorded, away.superseded) == (None, None)
        assert list(Absence.objects.current()) == [away]
        assert list(Absence.objects.known_at(queries.ledger_size())) == []
    away.refresh_from_db()
    assert away.recorded == queries.ledger_size()
    with django_capture_on_commit_callbacks(execute=True):
        new = services.correct_fact(away, {"until": "2026-02-01"}, by="operator")
    away.refresh_from_db()
    new.refresh_from_db()
    assert (away.superseded, new.recorded) == (queries.ledger_size(), queries.ledger_size())


def test_what_nobody_numbered_is_numbered_by_whoever_comes_next(by_sequencer, settings):
    officer = roster.person("CB1")
    away = roster.absence(officer, since=date(2026, 1, 1))
    assert numbers() == [None, None]
    settings.LEDGER_INLINE = True
    services.withdraw_fact(away, by="operator")
    away.refresh_from_db()
    assert (numbers(), away.recorded, away.superseded) == ([1, 2, 3], 2, 3)


def test_numbering_twice_changes_nothing(by_sequencer):
    append()
    assert [services.sequence(), services.sequence()] == [1, 0]
    assert numbers() == [1]


def test_a_thousand_entries_are_numbered_in_a_handful_of_queries(by_sequencer, django_assert_max_num_queries):
    for batch in range(2):
        ledger.write_unnumbered([Draft("test.thing", SUBJECT, {"n": n}, "operator") for n in range(1000)])
        with django_assert_max_num_queries(14):
            assert services.sequence() == 1000
        assert numbers() == list(range(1, 1000 * (batch + 1) + 1))
    assert queries.ledger_tree().root() == _root_of_all()


def _root_of_all():
    tree = Tree(TilesInMemory())
    tree.append([entry_leaf(entry) for entry in LedgerEntry.objects.order_by("number")])
    return tree.root()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_once_leave_no_gap_and_no_entry_without_number(by_sequencer):
    def writer(name):
        try:
            for n in range(25):
                with contextlib.suppress(RuntimeError), transaction.atomic():
                    append(n, by=f"CB{name}")
                    if n % 5 == 4:
                        raise RuntimeError  # thought better of it
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(writer, range(6)))
    assert sorted(numbers()) == list(range(1, 121))
    assert queries.ledger_tree().root() == _root_of_all()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_what_is_written_during_an_import_waits_for_nobody_and_is_numbered_after_it(by_sequencer):
    def request():
        try:
            append(1)
            return numbers()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        write_entries([Draft("test.thing", SUBJECT, {"n": n}, "operator") for n in range(3)], at_once=True)
        assert threads.submit(request).result(timeout=10) == [None]
    assert sorted(numbers()) == [1, 2, 3, 4]


def test_one_fact_costs_the_same_queries_in_a_large_ledger_as_in_a_small(django_assert_max_num_queries):
    append()
    with CaptureQueriesContext(
        connection,
    ) as small:
        append()
    ledger.write_numbered([Draft("test.thing", SUBJECT, {"n": n}, "operator") for n in range(3000)])
    with CaptureQueriesContext(connection) as large:
        append()
    assert len(large) == len(small)


# What is stated


def test_values_are_stated_in_the_kinds_of_json():
    assert plain(
        {
            "day": date(2026, 6, 14),
            "time": datetime(2026, 6, 14, 12, tzinfo=UTC),
            "hours": [Decimal("7.50"), Decimal("100"), Decimal("0.0")],
            "id": SUBJECT,
            "codes": {"b", "a"},
            "kind": UnitKind.COMMUNE,
            "none": None,
        }
    ) == {
        "day": "2026-06-14",
        "time": "2026-06-14T12:00:00.000000Z",
        "hours": ["7.5", "100", "0"],
        "id": str(SUBJECT),
        "codes": ["a", "b"],
        "kind": "commune",
        "none": None,
    }
