"""Issuing: once, earned, numbered, signed, written down."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from certificates import services
from certificates.enums import RevocationReason
from certificates.errors import NoIssuer, NotEarned
from certificates.models import Certificate, Issuer, IssuingRule
from certificates.signing import genuine, stated
from lms.kernel import jobs
from lms.kernel.commitments import commitment
from lms.kernel.ledger import statement
from lms.kernel.models import Job, LedgerEntry, LedgerSalt
from lms.learning import queries as learning_queries
from lms.learning.models import Completion
from lms.learning.signals import course_completed
from tests.factories import certificates as make
from tests.factories import learning

pytestmark = pytest.mark.django_db
DAY = make.DAY


def issue(completion: Completion, on: date = DAY) -> Certificate:
    return services.issue_certificate(
        person_id=completion.person_id,
        course_code=completion.course.code,
        edition=completion.edition,
        on=on,
    )


def test_a_completed_course_is_certified_as_it_was_on_that_day() -> None:
    course = learning.course("A", "Kỹ năng tư vấn")
    paper = make.certificate(what=course)
    course.title = "Tên mới"
    course.save()
    paper.refresh_from_db()
    assert paper.number_text == "0001/2026/GCN-CAHP"
    assert (paper.payload["holder"], paper.payload["course"]) == ("Nguyễn Thị Hồng Vân", "Kỹ năng tư vấn")
    assert paper.payload["url"] == f"https://vung.example/verify/{paper.link}/"
    assert genuine(paper.payload, bytes(paper.signature), bytes(paper.key.raw))


def test_issuing_twice_makes_one() -> None:  # C6
    paper = make.certificate()
    again = issue(Completion.objects.get())
    assert again.pk == paper.pk
    assert LedgerEntry.objects.filter(type="certificate.issued").count() == 1


def test_the_database_refuses_a_second_one() -> None:  # C6
    paper = make.certificate()
    twin = Certificate.objects.get(pk=paper.pk)
    twin.pk, twin.number, twin.number_text, twin.link = None, 2, "0002", "another"
    twin.public_id = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(IntegrityError):
        twin.save(force_insert=True)


def test_the_database_refuses_a_number_twice() -> None:
    first, second = make.certificate(), make.certificate()
    with pytest.raises(IntegrityError):
        Certificate.objects.filter(pk=second.pk).update(number=first.number)


def test_a_revocation_has_a_day_and_a_reason() -> None:
    paper = make.certificate()
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=paper.pk).update(revoked_on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=paper.pk).update(revocation_reason=RevocationReason.FRAUD)


def test_a_certificate_that_ends_before_it_begins_is_refused() -> None:
    paper = make.certificate()
    with pytest.raises(IntegrityError):
        Certificate.objects.filter(pk=paper.pk).update(valid_until=DAY)


def test_an_authorised_issuer_names_its_document() -> None:
    with pytest.raises(IntegrityError):
        Issuer.objects.create(code="X", name="X", authorised=True)


def test_what_was_not_completed_is_not_certified() -> None:  # C7
    make.issuer()
    who, course = make.graduate(), learning.course("A")
    with pytest.raises(NotEarned):
        services.issue_certificate(person_id=who.pk, course_code="A", edition=1, on=DAY)
    learning.completion(who, course, on=DAY, edition=2)
    with pytest.raises(NotEarned):
        services.issue_certificate(person_id=who.pk, course_code="A", edition=1, on=DAY)


def test_a_mark_changed_between_passing_and_issuing_is_not_certified() -> None:  # C7
    make.issuer()
    completion = learning.completion(make.graduate(), learning.course("A"), on=DAY)
    announce(completion)
    Completion.objects.update(withdrawn_on=DAY)
    assert jobs.work_all()["failed"] == 0
    assert Certificate.objects.count() == 0


def test_nobody_issues_where_no_issuer_is_set_up() -> None:
    completion = learning.completion(make.graduate(), learning.course("A"), on=DAY)
    with pytest.raises(NoIssuer):
        issue(completion)


def test_numbers_have_no_gaps_though_an_issue_fails_midway(monkeypatch: pytest.MonkeyPatch) -> None:
    make.certificate()
    second = learning.completion(make.graduate(), learning.course(), on=DAY)
    with monkeypatch.context() as broken:
        broken.setattr("certificates.services.issuing.load_key", lambda folder: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            issue(second)
    assert issue(second).number_text == "0002/2026/GCN-CAHP"


def test_each_year_and_each_issuer_begins_with_one() -> None:
    make.issuer()
    other = services.ensure_issuer(
        code="SYT", name="Sở Y tế", place="Hải Phòng", signatory_title="Giám đốc", signatory="Lê Hà"
    )
    make.certificate()
    course = learning.course("Y")
    IssuingRule.objects.create(course=course, issuer=other)
    assert make.certificate(what=course).number_text == "0001/2026/GCN-SYT"
    Issuer.objects.filter(pk=other.pk).update(number_pattern="{year}.{number}")
    assert make.certificate(what=course, on=date(2027, 1, 1)).number_text == "2027.1"


def test_a_course_with_validity_is_certified_for_that_long() -> None:
    course = learning.course("Y")
    IssuingRule.objects.create(course=course, validity_months=3)
    assert make.certificate(what=course, on=date(2026, 11, 30)).valid_until == date(2027, 2, 28)


def test_a_renewal_of_the_same_edition_is_another_certificate() -> None:
    course = learning.course()
    IssuingRule.objects.create(course=course, validity_months=12)
    paper = make.certificate(what=course)
    completion = learning.completion(paper.person, paper.course, on=date(2028, 1, 5), round=2)
    renewed = issue(completion, on=date(2028, 1, 5))
    assert (renewed.pk == paper.pk, renewed.round) == (False, 2)
    assert issue(completion, on=date(2028, 1, 6)).pk == renewed.pk


def test_the_ledger_commits_to_the_paper_and_its_signature() -> None:
    paper = make.certificate()
    entry = LedgerEntry.objects.get(pk=paper.ledger_entry)
    salt = bytes(LedgerSalt.objects.get(entry=entry.pk).salt)
    assert (entry.type, entry.subject, entry.actor) == ("certificate.issued", paper.public_id, "platform")
    assert bytes(entry.commitment) == commitment(
        statement(stated(paper.payload, paper.key_id, bytes(paper.signature))), salt
    )


def announce(completion: Completion) -> None:
    completed = learning_queries.completion_of(
        person_id=completion.person_id, course_code=completion.course.code, edition=completion.edition
    )
    course_completed.send(sender=Completion, completed=completed)


def test_completing_a_course_brings_the_certificate_behind_the_page() -> None:
    make.issuer()
    announce(learning.completion(make.graduate(), learning.course("A"), on=DAY))
    assert Certificate.objects.count() == 0
    assert jobs.work_all()["done"] == 1
    assert Certificate.objects.get().course.code == "A"


def test_the_news_told_twice_and_the_work_done_twice_makes_one() -> None:  # C6
    make.issuer()
    completion = learning.completion(make.graduate(), learning.course("A"), on=DAY)
    announce(completion)
    announce(completion)
    jobs.work_all()
    Job.objects.update(state="waiting")
    jobs.work_all()
    assert Certificate.objects.count() == 1


def test_the_command_issues_what_is_missing_and_then_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    make.issuer()
    a, b = learning.course("A"), learning.course("B")
    for course in (a, a, b):
        learning.completion(make.graduate(), course, on=DAY)
    call_command("issue_certificates", "--course", "B", "--json")
    call_command("issue_certificates", "--json")
    call_command("issue_certificates", "--json")
    counts = [line.partition(",")[0] for line in capsys.readouterr().out.splitlines()]
    assert counts == ['{"issued": 1', '{"issued": 2', '{"issued": 0']
