"""Revoking and correcting: one person asks, a second decides."""

from datetime import date

import pytest
from django.db import IntegrityError

from certificates import services
from certificates.enums import Decision, RevocationReason
from certificates.errors import AlreadyDecided, AlreadyRevoked, NameIsRight, NotYourself, WaitsForDecision
from certificates.models import Amendment, Certificate, IssuingRule
from certificates.queries import holders_of
from lms.kernel.models import LedgerEntry
from lms.kernel.queries import ledger_size
from lms.kernel.services import correct_fact, record_fact
from lms.roster.models import Person, PersonMerge
from tests.factories import certificates as make
from tests.factories import learning

pytestmark = pytest.mark.django_db
DAY = make.DAY


def ask(paper: Certificate, by: Person, reason: RevocationReason = RevocationReason.MISTAKE) -> Amendment:
    return services.propose_revocation(
        certificate=paper, reason=reason, explanation="Cấp nhầm người.", by=by, on=DAY
    )


def decide(amendment: Amendment, by: Person, decision: Decision = Decision.APPROVED) -> Certificate:
    return services.decide_amendment(amendment=amendment, decision=decision, by=by, on=DAY)


def rename(who: Person, full_name: str) -> None:
    record = who.records.current().get()
    correct_fact(record, {"full_name": full_name}, by="operator")


def test_asking_alone_changes_nothing() -> None:
    paper = make.certificate()
    ask(paper, make.keeper())
    paper.refresh_from_db()
    assert paper.revoked_on is None


def test_a_second_person_revokes_with_a_line_in_the_ledger() -> None:
    paper = make.certificate()
    second = make.keeper(full_name="Lê Văn Bình")
    decide(ask(paper, make.keeper()), second)
    paper.refresh_from_db()
    assert (paper.revoked_on, paper.revocation_reason) == (DAY, "mistake")
    entry = LedgerEntry.objects.get(type="certificate.revoked")
    assert (entry.subject, entry.actor) == (paper.public_id, second.code)


def test_who_held_a_paper_is_answered_as_it_was_known_whatever_came_later() -> None:
    before = ledger_size()
    paper = make.certificate()
    issued = ledger_size()
    decide(ask(paper, make.keeper()), make.keeper())
    course = paper.course.code
    found = [holders_of([course], DAY, known) for known in (before, issued, ledger_size())]
    assert found == [set(), {paper.person_id}, set()]


def test_a_rejected_request_changes_nothing_and_another_may_follow() -> None:
    paper, first, second = make.certificate(), make.keeper(), make.keeper()
    decide(ask(paper, first), second, Decision.REJECTED)
    paper.refresh_from_db()
    assert paper.revoked_on is None
    assert ask(paper, first).decision == ""


def test_nobody_decides_about_their_own_request() -> None:  # A11
    keeper = make.keeper()
    asked = ask(make.certificate(), keeper)
    with pytest.raises(NotYourself):
        decide(asked, keeper)


def test_a_second_code_of_the_same_human_is_no_second_person() -> None:  # A11
    keeper, other = make.keeper(), make.keeper()
    record_fact(PersonMerge(person=other, same_as=keeper, reason="hai mã"), by="operator")
    asked = ask(make.certificate(), keeper)
    with pytest.raises(NotYourself):
        decide(asked, other)


def test_the_holder_neither_asks_nor_decides() -> None:
    paper = make.certificate()
    with pytest.raises(NotYourself):
        ask(paper, paper.person)
    asked = ask(paper, make.keeper())
    with pytest.raises(NotYourself):
        decide(asked, paper.person)


def test_two_requests_about_one_certificate_do_not_wait_together() -> None:
    paper, keeper = make.certificate(), make.keeper()
    ask(paper, keeper)
    with pytest.raises(WaitsForDecision):
        ask(paper, make.keeper())


def test_what_is_decided_is_not_decided_again() -> None:
    paper = make.certificate()
    asked = ask(paper, make.keeper())
    decide(asked, make.keeper(), Decision.REJECTED)
    with pytest.raises(AlreadyDecided):
        decide(asked, make.keeper())
    paper.refresh_from_db()
    assert paper.revoked_on is None


def test_what_is_revoked_is_not_revoked_again() -> None:
    paper = make.revoked(make.certificate())
    with pytest.raises(AlreadyRevoked):
        ask(paper, make.keeper())


def test_the_database_wants_a_second_person_and_an_explanation() -> None:
    paper, keeper = make.certificate(), make.keeper()
    asked = ask(paper, keeper)
    with pytest.raises(IntegrityError):
        Amendment.objects.filter(pk=asked.pk).update(decision="approved", decided_by=keeper, decided_on=DAY)


def test_the_database_wants_an_explanation() -> None:
    asked = ask(make.certificate(), make.keeper())
    with pytest.raises(IntegrityError):
        Amendment.objects.filter(pk=asked.pk).update(explanation="")


def test_a_decision_has_who_and_when() -> None:
    asked = ask(make.certificate(), make.keeper())
    with pytest.raises(IntegrityError):
        Amendment.objects.filter(pk=asked.pk).update(decision="approved")


def correct(paper: Certificate) -> Certificate:
    asked = services.propose_correction(
        certificate=paper, explanation="Sai dấu trong họ tên.", by=make.keeper(), on=DAY
    )
    return decide(asked, make.keeper())


def test_a_corrected_name_brings_a_new_paper_that_names_the_old() -> None:
    old = make.certificate()
    rename(old.person, "Nguyễn Thị Hồng Vấn")
    new = correct(old)
    old.refresh_from_db()
    assert new.payload["holder"] == "Nguyễn Thị Hồng Vấn"
    assert new.payload["holder_line"] == "Sinh ngày 09/03/1988 · Phường Hồng Bàng"
    assert new.payload["replaces_line"] == "Thay cho giấy số 0001/2026/GCN-CAHP cấp ngày 22/11/2026"
    assert (new.number_text, new.replaces_id) == ("0002/2026/GCN-CAHP", old.pk)
    assert (old.revocation_reason, old.payload["holder"]) == ("replaced", "Nguyễn Thị Hồng Vân")
    assert {new.payload["course"], new.payload["details"]} == {old.payload["course"], old.payload["details"]}


def test_issuing_after_a_correction_finds_the_new_paper() -> None:
    old = make.certificate()
    rename(old.person, "Nguyễn Thị Hồng Vấn")
    new = correct(old)
    again = services.issue_certificate(
        person_id=old.person_id, course_code=old.course.code, edition=old.edition, on=DAY
    )
    assert again.pk == new.pk


def test_a_name_that_is_right_is_not_corrected() -> None:
    with pytest.raises(NameIsRight):
        correct(make.certificate())


def test_a_correction_keeps_the_day_on_which_it_ends() -> None:
    course = learning.course()
    IssuingRule.objects.create(course=course, validity_months=24)
    old = make.certificate(what=course)
    rename(old.person, "Nguyễn Thị Hồng Vấn")
    assert correct(old).valid_until == date(2028, 11, 22)


def test_copies_are_numbered_and_written_down() -> None:
    paper, keeper = make.certificate(), make.keeper()
    copies = [services.copy_from_register(certificate=paper, by=keeper, on=DAY) for _ in range(2)]
    assert [copy.number for copy in copies] == [1, 2]
    assert LedgerEntry.objects.filter(type="certificate.copied", subject=paper.public_id).count() == 2
