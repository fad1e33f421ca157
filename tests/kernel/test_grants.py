"""ABUSE G1: on PostgreSQL the application's own role cannot rewrite the ledger."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from lms.kernel import grants, services, verification
from lms.kernel.services.checkpoints import known_verifiers, last_signed
from lms.roster.models import Absence, PersonRecord
from tests.factories import roster

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has roles"),
]
ROLE = "vung_app_of_a_test"


@pytest.fixture
def as_application(monkeypatch):
    """The rest of the test runs with the application's role; role and grants go with the transaction."""
    monkeypatch.setattr(PersonRecord, "erasable", frozenset({"full_name"}))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        call_command("ledger", "roles", ROLE, "--apply", "--json")
        call_command("ledger", "roles", ROLE, "--apply", "--json")  # again: changes nothing
        cursor.execute(f"SET ROLE {ROLE}")
        yield
        cursor.execute("RESET ROLE")


@pytest.fixture
def officer(as_application):
    return roster.person("CB1")


def refused(statement):
    """Whether PostgreSQL says that the role may not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return getattr(error.__cause__, "sqlstate", "") == "42501"
    return False


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_ledgerentry SET actor = 'x'",
        "UPDATE kernel_ledgerentry SET number = number + 1000",
        "DELETE FROM kernel_ledgerentry",
        "TRUNCATE kernel_ledgerentry",
        "ALTER TABLE kernel_ledgerentry DISABLE TRIGGER ALL",
        "DROP TABLE kernel_ledgerentry CASCADE",
        "UPDATE kernel_ledgercheckpoint SET size = 1",
        "DELETE FROM kernel_ledgercheckpoint",
        "DELETE FROM kernel_ledgertile",
        "UPDATE kernel_ledgersalt SET salt = ''",
        "UPDATE roster_personrecord SET birth_date = NULL",
        "UPDATE roster_personrecord SET recorded_entry = 1",
        "UPDATE roster_personrecord SET recorded = recorded + 1000",
        "DELETE FROM roster_personrecord",
        "TRUNCATE roster_personrecord",
        "DROP TABLE roster_personrecord CASCADE",
        "CREATE TABLE mine (id int)",
        f"GRANT UPDATE ON kernel_ledgerentry TO {ROLE}",
    ],
)
def test_the_application_cannot_rewrite_what_was_recorded(officer, statement):
    if statement.startswith("GRANT"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)  # PostgreSQL only warns
        statement = "UPDATE kernel_ledgerentry SET actor = 'x'"
    assert refused(statement) is True


@pytest.mark.parametrize("inline", [True, False])
def test_the_application_records_corrects_numbers_signs_and_erases(officer, settings, inline):
    settings.LEDGER_INLINE = inline
    away = roster.absence(officer, since=date(2026, 5, 1))
    away = services.correct_fact(away, {"until": "2026-06-01"}, by="CB9", reason="came back")
    services.withdraw_fact(away, by="CB9")
    services.record_facts(
        [Absence(person=officer, reason="di_hoc", since=f"2025-01-{n:02}") for n in range(1, 31)],
        by="operator",
    )
    services.sequence()
    services.erase_facts([PersonRecord.objects.get()], by="CB9", reason="asked for it")
    services.make_checkpoint()
    seen = verification.examine(known_verifiers(), last_signed())
    assert (seen.findings, seen.waiting, seen.erased) == ([], 0, 1)


def test_a_superseded_fact_does_not_come_back(officer):
    away = roster.absence(officer, since=date(2026, 5, 1))
    services.withdraw_fact(away, by="CB9")
    assert refused("UPDATE roster_absence SET superseded_entry = NULL, superseded = NULL") is True


@pytest.mark.parametrize("role", ["", "a b", "x; DROP TABLE y", "Ä"])
def test_a_role_that_is_no_name_is_refused(role):
    with pytest.raises(ValueError, match="cannot be called"):
        grants.statements(role)
