"""ABUSE G1: on PostgreSQL the application's own role cannot rewrite the ledger."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from content.models import Course
from lms.coverage import services as coverage
from lms.coverage.models import Target
from lms.kernel import grants, services, verification
from lms.kernel.facts import fact_models
from lms.kernel.models import LedgerCheckpoint, LedgerEntry, LedgerTile
from lms.kernel.services.checkpoints import known_verifiers, last_signed
from lms.reports.services import close_period
from lms.roster.models import Absence, Look, Person, PersonRecord
from lms.roster.services import confirm_roster
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


LEDGER = [LedgerEntry, LedgerTile, LedgerCheckpoint, *fact_models().values()]


@pytest.mark.parametrize("model", LEDGER, ids=lambda model: model._meta.label_lower)
def test_no_table_of_the_ledger_and_of_its_facts_can_be_rewritten_emptied_or_cut(as_application, model):
    table = model._meta.db_table
    column = "subject" if model is LedgerEntry else "root" if model is LedgerCheckpoint else None
    column = column or ("level" if model is LedgerTile else "chain")
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
    ):
        assert refused(statement) is True, statement


def test_the_normal_work_of_a_unit_is_done_with_the_applications_role(as_application, client, tmp_path):
    """A list of staff comes in, training is declared and approved, the figure is seen and closed."""
    country = roster.unit("VN", kind="country")
    commune = roster.unit("X1", country)
    managers = [roster.person(f"QL{n}") for n in (1, 2)]
    for who in managers:
        roster.role(who, commune)
        who.user = get_user_model().objects.create_user(who.code.lower())
        who.save()
    Course.objects.create(code="B5", title="B5")
    file = tmp_path / "danh-sach.csv"
    file.write_text("person,full_name,unit,audiences,since\nCB1,Nguyễn Văn An,X1,TTCN,2020-01-01\n")
    call_command("import_roster", str(file), "--json")
    officer = Person.objects.get(code="CB1")
    day = date(2026, 6, 14)
    target = Target(
        code="T1",
        name="Trên 80 %",
        audience_mask=roster.mask("TTCN"),
        unit=country,
        courses=["B5"],
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
    )
    services.record_fact(target, by="operator")
    evidence = coverage.declare_evidence(
        person="CB1",
        course="B5",
        source="class",
        completed_on=date(2026, 5, 1),
        outcome="passed",
        reference="QĐ-7",
        by=managers[0],
        today=day,
    )
    coverage.approve_evidence(evidence=evidence, by=managers[1], today=day)
    confirm_roster(unit=commune, day=day, by=managers[0], today=day)
    closed = close_period(target="T1", unit="X1", on=day, name="Kỳ 1", by="operator", today=day)
    assert closed.document.content["figures"]["trained"] == 1
    client.force_login(managers[0].user)
    assert client.get(reverse("portal:desk"), {"unit": "X1", "on": day.isoformat()}).status_code == 200
    page = client.get(reverse("roster:person", args=[officer.public_id]))
    assert page.status_code == 200
    assert Look.objects.filter(person=officer).exists()


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
