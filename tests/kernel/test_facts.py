"""Facts are shown on absences: dated, with other rows, a status and a second person."""

from datetime import date

import pytest

from lms.kernel import queries
from lms.kernel.facts import FactIsWritten, fact_models
from lms.kernel.models import LedgerEntry, LedgerReason, LedgerSalt
from lms.kernel.services import (
    AlreadySuperseded,
    changed,
    correct_fact,
    correct_facts,
    record_fact,
    record_facts,
    withdraw_fact,
    withdraw_facts,
)
from lms.roster.models import Absence
from tests.factories import roster

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture
def officer():
    return roster.person("CB1")


def away(who, since=MAY, until=JULY, **values):
    return Absence(person=who, reason="thai_san", since=since, until=until, status="approved", **values)


def known(number):
    return [(row.since, row.until) for row in Absence.objects.known_at(number).order_by("since")]


def test_a_recorded_fact_is_known_from_its_number_on(officer):
    before = queries.ledger_size()
    row = record_fact(away(officer), by="operator")
    assert (row.recorded, queries.ledger_size()) == (before + 1, before + 1)
    assert known(before) == []
    assert known(before + 1) == [(MAY, JULY)]


def test_a_corrected_fact_stays_known_as_it_was(officer):
    old = record_fact(away(officer), by="operator")
    new = correct_fact(old, {"until": JUNE}, by=officer, reason="came back early")
    assert known(old.recorded) == [(MAY, JULY)]
    assert known(new.recorded) == [(MAY, JUNE)]
    assert (new.chain, old.superseded, new.pk == old.pk) == (old.chain, new.recorded, False)
    assert list(Absence.objects.current()) == [new]


def test_a_withdrawn_fact_is_no_longer_known(officer):
    old = record_fact(away(officer), by="operator")
    withdraw_fact(old, by="operator", reason="entered for the wrong person")
    assert known(old.recorded) == [(MAY, JULY)]
    assert known(old.recorded + 1) == []
    assert list(Absence.objects.current()) == []


def test_the_entries_say_what_was_done_by_whom_and_about_what(officer):
    old = record_fact(away(officer), by="operator")
    new = correct_fact(old, {"until": JUNE}, by=officer, reason="came back early")
    withdraw_fact(new, by=officer)
    entries = LedgerEntry.objects.filter(subject=old.chain).order_by("number")
    assert [(entry.type, entry.actor) for entry in entries] == [
        ("roster.absence.recorded", "operator"),
        ("roster.absence.corrected", "CB1"),
        ("roster.absence.withdrawn", "CB1"),
    ]
    assert list(LedgerReason.objects.values_list("entry", "text")) == [(entries[1].pk, "came back early")]


def test_a_correction_that_changes_nothing_writes_nothing(officer):
    old = record_fact(away(officer), by="operator")
    before = queries.ledger_size()
    assert correct_fact(old, {"until": JULY}, by="operator") is old
    assert queries.ledger_size() == before


def test_a_correction_of_a_column_that_is_not_there_is_refused(officer):
    old = record_fact(away(officer), by="operator")
    with pytest.raises(TypeError, match="no such columns: untill"):
        correct_fact(old, {"untill": JUNE}, by="operator")


def test_of_two_who_correct_the_same_belief_the_second_is_refused_and_nothing_is_written(officer):
    old = record_fact(away(officer), by="operator")
    mine, theirs = Absence.objects.get(pk=old.pk), Absence.objects.get(pk=old.pk)
    correct_fact(theirs, {"until": JUNE}, by="operator")
    before = (queries.ledger_size(), LedgerEntry.objects.count(), LedgerSalt.objects.count())
    with pytest.raises(AlreadySuperseded):
        correct_fact(mine, {"until": None}, by="operator")
    assert (queries.ledger_size(), LedgerEntry.objects.count(), LedgerSalt.objects.count()) == before


def test_many_facts_are_recorded_corrected_and_withdrawn_with_numbers_in_order(officer):
    before = queries.ledger_size()
    rows = record_facts(
        [away(officer, date(2025, m, 1), date(2025, m, 20)) for m in (1, 2, 3)], by="operator"
    )
    pairs = [(row, changed(row, {"until": date(2025, row.since.month, 10)})) for row in rows[:2]]
    new = correct_facts([*pairs, (rows[2], changed(rows[2], {}))], by="operator", reason="decision 7")
    withdraw_facts([new[0]], by="operator")
    assert [row.recorded - before for row in rows] == [1, 2, 3]
    assert [row.recorded - before for row in new] == [4, 5, 3]
    assert known(before + 3) == [(row.since, row.since.replace(day=20)) for row in rows]
    assert known(before + 6) == [
        (date(2025, 2, 1), date(2025, 2, 10)),
        (date(2025, 3, 1), date(2025, 3, 20)),
    ]


def test_a_fact_is_stated_by_codes_and_in_plain_values(officer):
    assert away(officer, decision="QĐ 7").fact() == {
        "person": "CB1",
        "reason": "thai_san",
        "decision": "QĐ 7",
        "status": "approved",
        "proposed_by": None,
        "approved_by": None,
        "since": MAY,
        "until": JULY,
    }


def test_a_fact_is_stated_the_same_before_and_after_it_is_stored(officer):
    row = record_fact(
        Absence(person=officer, reason="thai_san", since="2026-05-01", until=None), by="operator"
    )
    assert Absence.for_ledger().get(pk=row.pk).fact() == row.fact()


# A fact is never edited or deleted


def test_saving_a_recorded_fact_again_is_refused(officer):
    row = record_fact(away(officer), by="operator")
    row.until = JUNE
    with pytest.raises(FactIsWritten):
        row.save()


def test_saving_a_fact_without_an_entry_is_refused(officer):
    with pytest.raises(FactIsWritten):
        away(officer).save()


def test_updating_facts_in_place_is_refused(officer):
    record_fact(away(officer), by="operator")
    with pytest.raises(FactIsWritten):
        Absence.objects.update(until=JUNE)


def test_deleting_facts_is_refused(officer):
    row = record_fact(away(officer), by="operator")
    with pytest.raises(FactIsWritten):
        row.delete()
    with pytest.raises(FactIsWritten):
        Absence.objects.all().delete()


# What the database itself keeps of every fact: test_promises.py


def test_every_kind_of_fact_is_known_by_its_name_in_the_ledger():
    assert fact_models()["roster.absence"] is Absence
