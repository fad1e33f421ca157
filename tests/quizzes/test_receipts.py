"""Receipts, and what the ledger says of a mark."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from lms.kernel import jobs, verification
from lms.kernel.models import LedgerEntry, SigningKey
from lms.kernel.services import sequence
from quizzes import queries, services
from quizzes.models import Attempt, AttemptItem, MarkRevision
from quizzes.services.receipts import receipt_verifiers
from tests.factories import quizzes as make
from tests.factories import roster

pytestmark = pytest.mark.django_db


def handed_in() -> Attempt:
    attempt = services.start_attempt(person_id=roster.person().pk, version=make.quiz(minutes=10))
    services.save_answer(item=attempt.items.all()[0], answer="a")
    return services.submit_attempt(attempt=attempt, key="k")


def test_a_receipt_is_genuine_and_says_what_is_stored() -> None:  # B20
    attempt = handed_in()
    checked = queries.check_receipt(attempt.receipt)
    assert (checked.state, checked.attempt, checked.at) == (
        "genuine",
        attempt.public_id,
        attempt.submitted_at,
    )


def test_a_receipt_with_windows_line_ends_and_spaces_at_the_end_is_still_genuine() -> None:
    receipt = handed_in().receipt
    assert queries.check_receipt(receipt.replace("\n", "\r\n") + "  \n").state == "genuine"


def test_a_receipt_that_was_altered_is_not_genuine() -> None:  # B20
    receipt = handed_in().receipt
    assert queries.check_receipt(receipt.replace("answered 1", "answered 2")).state == "not_genuine"
    assert queries.check_receipt("I did hand it in").state == "not_genuine"


def test_a_receipt_shows_that_a_stored_answer_was_altered_afterwards() -> None:
    attempt = handed_in()
    AttemptItem.objects.filter(attempt=attempt, position=1).update(answer="b")
    assert queries.check_receipt(attempt.receipt).state == "differs"


def test_the_key_of_receipts_is_announced_in_the_ledger_once() -> None:
    handed_in()
    handed_in()
    keys = SigningKey.objects.filter(purpose="receipts").values_list("verifier", flat=True)
    assert list(keys) == [str(verifier) for verifier in receipt_verifiers()]


def test_a_mark_is_an_entry_of_the_ledger_and_altering_it_in_the_database_is_found() -> None:
    attempt = handed_in()
    sequence()
    assert LedgerEntry.objects.filter(type="quizzes.mark.recorded", subject=attempt.public_id).count() == 1
    assert verification.examine([], None).findings == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE quizzes_markrevision SET percent = 100, passed = %s", [True])
    assert [finding.what for finding in verification.examine([], None).findings] == ["fact"]


def test_the_ledger_shows_an_attempt_moved_to_another_person() -> None:
    attempt = handed_in()
    sequence()
    Attempt.objects.filter(pk=attempt.pk).update(person=roster.person())
    assert [finding.what for finding in verification.examine([], None).findings] == ["fact"]


def test_a_mark_is_neither_edited_nor_deleted_through_its_model() -> None:
    handed_in()
    mark = MarkRevision.objects.get()
    for act in (mark.save, mark.delete, MarkRevision.objects.all().delete):
        with pytest.raises(Exception, match="fact"):
            act()


def test_the_worker_closes_attempts_whose_time_is_up() -> None:
    attempt = services.start_attempt(person_id=roster.person().pk, version=make.quiz(minutes=10))
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(minutes=5))
    jobs.enqueue("quizzes.expire_attempts")
    assert jobs.work_all(most=1)["done"] == 1
    attempt.refresh_from_db()
    assert (attempt.state, queries.check_receipt(attempt.receipt).state) == ("expired", "genuine")


@pytest.mark.parametrize(("alter", "state", "code"), [(False, "genuine", 0), (True, "not_genuine", 1)])
def test_the_command_checks_a_receipt(tmp_path: Path, alter: bool, state: str, code: int) -> None:
    receipt = handed_in().receipt
    file = tmp_path / "receipt.txt"
    file.write_text(receipt.replace("questions 2", "questions 3") if alter else receipt)
    out = StringIO()
    ended = 0
    try:
        call_command("verify_receipt", str(file), json=True, stdout=out)
    except SystemExit as end:
        ended = int(end.code or 0)
    assert (json.loads(out.getvalue())["state"], ended) == (state, code)
