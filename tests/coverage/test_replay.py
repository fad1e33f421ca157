"""Replay: what was answered as known then is answered again, byte for byte, whatever came since."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from content.models import Course
from lms.coverage import queries, services
from lms.coverage.models import Evidence, Progress, Target
from lms.kernel import verification
from lms.kernel.commitments import canonical
from lms.kernel.queries import ledger_size
from lms.kernel.services import correct_fact, erase_facts, record_fact, withdraw_fact
from lms.reports.queries import exported, verified
from lms.reports.services import close_period
from lms.roster.models import Absence, Person, PersonRecord, Posting, Unit
from lms.roster.services import merge_people, merge_units
from tests.factories import roster as make

pytestmark = pytest.mark.django_db
DAY, TODAY = date(2026, 6, 14), date(2026, 11, 20)
NAME = "Nguyễn Thị Bí Mật"


@pytest.fixture
def province() -> Unit:
    """Two communes; people of every state, one of them with two posts and one under two codes."""
    province = make.unit("P", kind="province")
    communes = [make.unit(code, province) for code in ("A", "B")]
    course = Course.objects.create(code="B5", title="B5")
    people = [make.person(f"CB{number}", NAME) for number in range(8)]
    for number, person in enumerate(people):
        make.posting(person, communes[number % 2], "TTCN")
    make.posting(people[0], communes[1], "TTCN")
    proofs = [
        {"reference": "G0"},
        {"reference": "G1", "status": "declared"},
        {"reference": "G2", "completed_on": date(2025, 5, 1)},
        {"reference": "G3", "source": "class"},
    ]
    for person, fields in zip(people, proofs, strict=False):
        said = {"completed_on": date(2026, 5, 1), "source": "external", "status": "approved", **fields}
        record_fact(Evidence(person=person, course=course, outcome="passed", **said), by="operator")
    record_fact(Progress(person=people[4], course=course, since=date(2026, 6, 1)), by="operator")
    make.absence(people[5], since=date(2026, 6, 1))
    merge_people(person=people[7], same_as=people[6], reason="một người", by="operator", today=TODAY)
    record_fact(
        Target(
            code="T",
            name="T",
            audience_mask=make.mask("TTCN"),
            unit=province,
            courses=["B5"],
            excluded_reasons=["thai_san"],
            period_start=date(2026, 1, 1),
            period_end=date(2026, 12, 31),
        ),
        by="operator",
    )
    return province


def person(number: int) -> Person:
    return Person.objects.get(code=f"CB{number}")


def proof(reference: str) -> Evidence:
    return Evidence.objects.current().get(reference=reference)


def import_more(folder: Path) -> None:
    path = folder / "roster.csv"
    path.write_text(
        "person,full_name,unit,audiences,since\n"
        "CB0,Nguyễn Thị Khác,A,TTCN;YT,2020-01-01\nCB90,Trần Văn Mới,A,TTCN,2026-01-01\n"
    )
    call_command("import_roster", str(path))


def correct(_folder: Path) -> None:
    correct_fact(proof("G0"), {"completed_on": date(2024, 1, 1)}, by="operator")
    correct_fact(Posting.objects.current().get(person=person(3)), {"since": date(2026, 6, 10)}, by="operator")
    withdraw_fact(Absence.objects.current().get(), by="operator")
    services.approve_evidence(evidence=proof("G1"), by="operator", today=TODAY)


def merge(_folder: Path) -> None:
    merge_people(person=person(1), same_as=person(2), reason="một người", by="operator", today=TODAY)
    merge_units(
        ending=[Unit.objects.get(code="A")],
        into=Unit.objects.get(code="B"),
        on=date(2026, 6, 1),
        decision="1/NQ",
        by="operator",
        today=TODAY,
    )


def revoke(_folder: Path) -> None:
    for reference in ("G0", "G3"):
        row = proof(reference)
        services.revoke_evidence(evidence=row, on=row.completed_on, by="operator", today=TODAY, reason="giả")


def erase(_folder: Path) -> None:
    """Everything that was ever stated about everybody: names emptied, salts destroyed."""
    for model in (PersonRecord, Posting, Absence, Evidence, Progress):
        erase_facts(list(model.objects.all()), by="operator", reason="đề nghị xóa")


SINCE: dict[str, list[Callable[[Path], None]]] = {
    "import": [import_more],
    "correct": [correct],
    "merge": [merge],
    "revoke": [revoke],
    "erase": [erase],
    "all of it": [import_more, correct, revoke, merge, erase],
    "all of it, erased first": [erase, revoke, correct, merge],
}


def answers(known: int) -> bytes:
    """Everything that can be asked about the target as known then, in one canonical text."""
    receipt = queries.receipt_of("T", "P", DAY, known)
    figure = queries.coverage_of("T", "P", DAY, known, children=True, people=True)
    every = queries.every_unit("T", "P", DAY, known)
    return canonical(
        {
            "figure": figure.as_json(),
            "receipt": [receipt.figure.as_json(), [one.as_json() for one in receipt.people]],
            "target": dict(receipt.target),
            "every": {code: one.as_json() for code, one in every.items()},
        }
    )


@pytest.mark.parametrize("since", SINCE)
def test_what_was_known_then_is_computed_again_byte_for_byte_after(province, tmp_path, since) -> None:
    known = ledger_size()
    before = answers(known)
    for act in SINCE[since]:
        act(tmp_path)
    assert ledger_size() > known
    assert answers(known) == before


def test_the_present_does_change_so_that_the_replay_proves_something(province, tmp_path) -> None:
    before = answers(ledger_size())
    for act in SINCE["all of it"][:-1]:
        act(tmp_path)
    assert answers(ledger_size()) != before


@pytest.mark.parametrize("since", SINCE)
def test_a_closed_report_replays_and_the_ledger_verifies_after(province, tmp_path, since) -> None:
    report = close_period(target="T", unit="P", on=DAY, name="6 tháng", by="operator", today=TODAY)
    file = exported(report)
    for act in SINCE[since]:
        act(tmp_path)
    assert verified(file).differences == ()
    assert verification.examine([], None).findings == []
