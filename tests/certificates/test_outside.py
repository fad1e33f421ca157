"""Classes held in a room and approved outside records: certified from a list, where the issuer allows it."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certificates import badges, queries, services
from certificates.enums import Decision, RevocationReason
from certificates.errors import NotAllowed, NotEarned
from certificates.models import Certificate
from content.models import Course
from lms.coverage.enums import EvidenceStatus, Outcome, Source
from lms.coverage.models import Evidence
from lms.kernel.services import record_fact
from lms.roster.models import Person
from tests.factories import certificates as make
from tests.factories import learning, roster

from .conftest import SignIn

pytestmark = pytest.mark.django_db
DAY = make.DAY
PAGE = "/desk/certificates/outside/"


def course(*, outside: bool = True, months: int | None = None) -> Course:
    found = learning.course()
    services.set_rule(course_id=found.pk, issuer=make.issuer(), validity_months=months, outside=outside)
    return found


def below(full_name: str = "Nguyễn Thị Hồng Vân") -> Person:
    """Somebody in a ward of the issuer's unit."""
    who = roster.person(full_name=full_name, birth_date=date(1988, 3, 9))
    roster.posting(who, roster.unit(name="Phường Hồng Bàng", parent=make.home()))
    return who


def proof(who: Person, what: Course, **more: Any) -> Evidence:
    return record_fact(
        Evidence(
            **{
                "person": who,
                "course": what,
                "source": Source.CLASS,
                "completed_on": date(2026, 10, 5),
                "outcome": Outcome.PASSED,
                "status": EvidenceStatus.APPROVED,
                "hours": 16,
                "reference": f"QĐ-{uuid.uuid4().hex[:4]}",
                **more,
            }
        ),
        by="operator",
    )


def issued(evidence: Evidence, what: Course) -> Certificate:
    return services.issue_for_evidence(chain=evidence.chain, course_code=what.code, on=DAY, by="operator")


def test_a_class_is_certified_with_the_decision_that_proves_it() -> None:
    what = course()
    paper = issued(proof(below(), what, reference="15/QĐ-CA"), what)
    assert paper.payload["holder"] == "Nguyễn Thị Hồng Vân"
    assert "theo hồ sơ 15/QĐ-CA" in paper.payload["details"]
    assert "16 giờ" in paper.payload["details"]
    assert paper.payload["completed_on"] == "2026-10-05"
    assert (paper.edition, paper.payload["edition"]) == (0, "")
    assert "version" not in badges.badge_of(paper)["credentialSubject"]["achievement"]
    assert queries.verified(paper, DAY).state == "valid"


def test_evidence_is_certified_once() -> None:  # C6
    what = course()
    evidence = proof(below(), what)
    assert issued(evidence, what) == issued(evidence, what)
    assert Certificate.objects.count() == 1


def test_later_training_of_the_same_course_is_another_paper() -> None:
    what, who = course(months=24), below()
    first = issued(proof(who, what, completed_on=date(2024, 10, 5)), what)
    second = issued(proof(who, what), what)
    assert (first.round, second.round) == (1, 2)


def test_an_issuer_that_does_not_allow_it_certifies_nothing() -> None:  # C7
    what = course(outside=False)
    with pytest.raises(NotAllowed):
        issued(proof(below(), what), what)


@pytest.mark.parametrize(
    "more",
    [
        {"status": EvidenceStatus.DECLARED},
        {"status": EvidenceStatus.REJECTED},
        {"outcome": Outcome.ATTENDED},
        {"revoked_on": date(2026, 11, 1)},
        {"valid_until": date(2026, 11, 22)},
        {"source": Source.ONLINE},
    ],
    ids=["declared", "rejected", "attended", "revoked", "ended", "online"],
)
def test_what_does_not_hold_is_not_certified(more: dict[str, Any]) -> None:  # C7
    what = course()
    evidence = proof(below(), what, **more)
    with pytest.raises(NotEarned):
        issued(evidence, what)
    assert queries.certifiable(make.keeper(), DAY) == []


def test_a_paper_ends_with_its_evidence() -> None:
    what = course(months=24)
    assert issued(proof(below(), what, valid_until=date(2027, 1, 1)), what).valid_until == date(2027, 1, 1)
    assert issued(proof(below("Lê An"), what), what).valid_until == date(2028, 11, 22)


def test_a_corrected_name_keeps_what_it_certifies() -> None:
    what, who = course(), below()
    paper = issued(proof(who, what), what)
    Certificate.objects.filter(pk=paper.pk).update(payload={**paper.payload, "holder": "Nguyễn Thị Sai"})
    paper.refresh_from_db()
    asked = services.propose_correction(certificate=paper, explanation="Sai tên.", by=make.keeper(), on=DAY)
    new = services.decide_amendment(
        amendment=asked, decision=Decision.APPROVED, by=make.keeper(full_name="Lê Văn Bình"), on=DAY
    )
    assert (new.evidence, new.edition) == (paper.evidence, 0)
    paper.refresh_from_db()
    assert paper.revocation_reason == RevocationReason.REPLACED


def test_the_database_certifies_evidence_once_and_knows_it_from_editions() -> None:
    what = course()
    paper = issued(proof(below(), what), what)
    other = make.certificate()
    for values, name in (
        ({"evidence": paper.evidence, "edition": 0, "round": 9}, "evidence_is_certified_once"),
        ({"edition": 0}, "certificate_is_of_an_edition_or_of_evidence"),
        ({"evidence": uuid.uuid4()}, "certificate_is_of_an_edition_or_of_evidence"),
    ):
        with pytest.raises(IntegrityError, match=f"{name}|certificate.evidence"), transaction.atomic():
            Certificate.objects.filter(pk=other.pk).update(**values)


def test_a_list_is_issued_but_for_the_unticked(sign_in: SignIn) -> None:
    what = course()
    rows = [proof(below(name), what) for name in ("Lê An", "Trần Bình", "Phạm Chi")]
    client = sign_in(make.keeper())
    text = client.get(PAGE).text
    assert all(name in text for name in ("Lê An", "Trần Bình", "Phạm Chi"))
    answer = client.post(PAGE, {"evidence": [str(row.chain) for row in rows[:2]]}, follow=True)
    assert "Đã cấp 2 giấy chứng nhận" in answer.text
    assert set(Certificate.objects.values_list("evidence", flat=True)) == {row.chain for row in rows[:2]}
    assert "Phạm Chi" in answer.text
    assert "Lê An" not in answer.text


def test_people_beyond_my_reach_are_neither_listed_nor_issued(sign_in: SignIn) -> None:  # A1
    what = course()
    stranger = roster.person(full_name="Người Nơi Khác")
    roster.posting(stranger, roster.unit(name="Xã khác"))
    row = proof(stranger, what)
    client = sign_in(make.keeper())
    assert "Người Nơi Khác" not in client.get(PAGE).text
    client.post(PAGE, {"evidence": [str(row.chain)]})
    assert Certificate.objects.count() == 0


@pytest.mark.parametrize("posted", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_on_the_list_is_not_issued(sign_in: SignIn, posted: str) -> None:
    course()
    assert sign_in(make.keeper()).post(PAGE, {"evidence": posted}).status_code == 302
    assert Certificate.objects.count() == 0


def test_the_list_takes_the_same_queries_for_one_and_for_three(sign_in: SignIn) -> None:
    what = course()
    client = sign_in(make.keeper())
    client.get(PAGE)
    counts = []
    for count in (1, 3):
        while Evidence.objects.count() < count:
            proof(below(), what)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_administrator_allows_it_for_a_course(sign_in: SignIn) -> None:
    what = learning.course()
    make.issuer()
    client: Client = sign_in(make.keeper(role="administrator"))
    client.post(
        "/desk/certificates/issuers/CAHP/rules/",
        {"course": what.code, "validity_months": "", "outside": "on"},
    )
    assert (
        "cả lớp tập trung và hồ sơ bên ngoài đã duyệt" in client.get("/desk/certificates/issuers/CAHP/").text
    )
