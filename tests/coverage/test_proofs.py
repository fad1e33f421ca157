"""Papers beside trainings: bound by the ledger, seen by whoever sees the training, gone with an erasure."""

import io
from datetime import date
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from content.models import Course
from lms.coverage import services
from lms.coverage.enums import Outcome, Source
from lms.coverage.errors import TooManyProofs
from lms.coverage.models import Evidence, ProofFile
from lms.kernel.scans import Scan, scan_of
from lms.kernel.services import sequence
from lms.kernel.verification import examine
from lms.roster.enums import Role
from lms.roster.errors import AlreadyDecided, NotPermitted
from lms.roster.models import Look, Person, Unit
from lms.roster.services import approve_erasure, end_posting, propose_erasure
from tests.factories import roster as make
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def commune() -> Unit:
    return make.unit("C", make.unit("P", kind="province"), name="Xã C")


@pytest.fixture
def officer(commune: Unit) -> Person:
    return with_account(commune, "CB-1")


@pytest.fixture
def manager(commune: Unit) -> Person:
    me = with_account(commune, "QL-1")
    make.role(me, commune, Role.UNIT_MANAGER)
    return me


def with_account(unit: Unit, code: str) -> Person:
    who = make.person(code)
    make.posting(who, unit, "TTCN")
    who.user = get_user_model().objects.create_user(code)
    who.save()
    return who


def browser(who: Person) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


def photo(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def declared(who: Person, *colours: str, by: Person | str = "operator", reference: str = "GCN 1") -> Evidence:
    Course.objects.get_or_create(code="B5", defaults={"title": "Cấp cứu"})
    return services.declare_evidence(
        person=who.code,
        course="B5",
        source=Source.EXTERNAL,
        completed_on=DAY,
        outcome=Outcome.PASSED,
        reference=reference,
        scans=[scan_of(f"{colour}.jpg", photo(colour)) for colour in colours],
        by=by,
        today=DAY,
    )


def findings() -> list[str]:
    sequence()
    return [found.what for found in examine([], None, most=10).findings]


# What the ledger binds ---------------------------------------------------------------------------


def test_a_proof_that_is_exchanged_is_found_by_the_ledger(officer) -> None:
    row = declared(officer, "red")
    assert findings() == []
    ProofFile.objects.filter(chain=row.chain).update(content=photo("blue"))
    assert findings() == ["document"]


def test_a_proof_that_is_gone_is_found_and_so_is_one_whose_hash_was_exchanged_too(officer) -> None:
    row = declared(officer, "red")
    other = scan_of("x.jpg", photo("blue"))
    ProofFile.objects.filter(chain=row.chain).update(content=other.content, sha256=other.sha256)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE coverage_evidence SET proofs = %s", [other.sha256])
    assert "fact" in findings()
    ProofFile.objects.all().delete()
    assert "document" in findings()


def test_evidence_recorded_before_there_were_proofs_stands_as_it_was(officer) -> None:
    row = declared(officer)
    assert (row.fact(1).keys() - row.fact(2).keys(), row.fact(2).keys() - row.fact(1).keys()) == (
        set(),
        {"proofs"},
    )


def test_a_later_proof_supersedes_and_the_earlier_belief_keeps_its_own(officer, commune) -> None:
    first = declared(officer, "red")
    second = services.add_proofs(
        evidence=first, scans=[scan_of("b.jpg", photo("blue"))], by=officer, today=DAY
    )
    assert [len(one.proof_hashes) for one in (first, second)] == [1, 2]
    assert findings() == []


def test_the_same_paper_twice_is_kept_once_and_a_sixth_is_refused(officer) -> None:
    row = declared(officer, "red", "red", "blue")
    assert ProofFile.objects.count() == len(row.proof_hashes) == 2
    more = [scan_of("n.jpg", photo(colour)) for colour in ("green", "black", "white", "grey")]
    with pytest.raises(TooManyProofs):
        services.add_proofs(evidence=row, scans=more, by=officer, today=DAY)


def test_nothing_is_added_to_what_was_approved_and_what_was_rejected_waits_again(officer, manager) -> None:
    approved = services.approve_evidence(evidence=declared(officer), by=manager, today=DAY)
    scans = [scan_of("b.jpg", photo("blue"))]
    with pytest.raises(AlreadyDecided):
        services.add_proofs(evidence=approved, scans=scans, by=officer, today=DAY)
    rejected = services.reject_evidence(
        evidence=declared(officer, reference="GCN 2"), by=manager, today=DAY, reason="Thiếu giấy"
    )
    again = services.add_proofs(evidence=rejected, scans=scans, by=officer, today=DAY)
    assert (again.status, again.declared_by, again.approved_by) == ("declared", officer, None)


def test_a_stranger_adds_nothing(officer, commune) -> None:
    row = declared(officer)
    with pytest.raises(NotPermitted):
        services.add_proofs(
            evidence=row, scans=[scan_of("b.jpg", photo())], by=with_account(commune, "CB-2"), today=DAY
        )


def test_a_proof_is_of_a_person_or_of_a_unit(officer, commune) -> None:
    row = declared(officer, "red")
    for whose in ({"person": None, "unit": None}, {"person": officer, "unit": commune}):
        with refused("proof_is_of_a_person_or_of_a_unit"):
            ProofFile.objects.filter(chain=row.chain).update(**whose)


def test_a_fact_keeps_a_paper_once(officer) -> None:
    row = declared(officer, "red")
    (paper,) = ProofFile.objects.filter(chain=row.chain)
    paper.pk, paper.public_id = None, uuid4()
    with refused("fact_keeps_a_proof_once"):
        paper.save(force_insert=True)


def test_an_erasure_takes_the_papers_and_the_ledger_still_stands(officer, commune) -> None:
    declared(officer, "red")
    admins = [make.person("QT-1"), make.person("QT-2")]
    for admin in admins:
        make.posting(admin, commune)
        make.role(admin, commune, Role.ADMINISTRATOR)
    end_posting(posting=officer.postings.get(), on=DAY, by="operator", today=DAY)
    request = propose_erasure(person=officer, reason="Nghỉ hưu", by=admins[0], today=DAY)
    approve_erasure(request=request, by=admins[1], today=DAY)
    assert (ProofFile.objects.count(), Evidence.objects.current().get().proofs) == (0, "")
    assert findings() == []


# Who sees it -------------------------------------------------------------------------------------


def address(row: Evidence) -> str:
    return f"/proofs/{ProofFile.objects.get(chain=row.chain).public_id}/"


def test_who_sees_the_training_sees_its_proof_and_nobody_else(officer, manager, commune) -> None:
    url = address(declared(officer, "red"))
    stranger = with_account(make.unit("X"), "CB-9")
    make.role(stranger, Unit.objects.get(code="X"), Role.UNIT_MANAGER)
    colleague = with_account(commune, "CB-2")
    answers = [browser(who).get(url).status_code for who in (officer, manager, colleague, stranger)]
    assert answers == [200, 200, 404, 404]
    assert Client().get(url).status_code == 302


def test_a_picture_is_shown_and_a_pdf_is_kept_and_neither_runs_anything(officer) -> None:
    picture = browser(officer).get(address(declared(officer, "red")))
    pdf = services.declare_evidence(
        person=officer.code, course="B5", source=Source.CLASS, completed_on=DAY, outcome=Outcome.PASSED,
        reference="QĐ 2", scans=[Scan("Quyết định.pdf", "application/pdf", b"%PDF-")], by=officer, today=DAY,
    )  # fmt: skip
    paper = browser(officer).get(address(pdf))
    assert (picture["Content-Type"], paper["Content-Type"]) == ("image/jpeg", "application/pdf")
    assert (picture["Content-Disposition"][:6], paper["Content-Disposition"]) == (
        "inline",
        "attachment; filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf",
    )
    for answer in (picture, paper):
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")


def test_looking_at_anothers_paper_is_noted_for_them_and_a_thumbnail_is_small(officer, manager) -> None:
    url = address(declared(officer, "red"))
    small = browser(manager).get(url + "?small")
    assert Image.open(io.BytesIO(small.content)).size == (320, 240)
    assert Look.objects.count() == 0
    browser(officer).get(url)
    browser(manager).get(url)
    assert list(Look.objects.values_list("person__code", "looker__code")) == [("CB-1", "QL-1")]


# The pages ---------------------------------------------------------------------------------------


def sent(name: str = "giay.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if content is None else content)


FORM = {"course": "B5", "source": "external", "completed_on": "2026-03-02", "outcome": "passed"}


def test_a_person_declares_with_proof_and_sees_how_it_stands(officer) -> None:
    Course.objects.create(code="B5", title="Cấp cứu")
    client = browser(officer)
    done = client.post(
        "/learn/record/evidence/", {**FORM, "proofs": [sent(), sent("hai.jpg", photo("blue"))]}
    )
    assert done.status_code == 302
    row = Evidence.objects.current().get()
    assert (row.status, row.declared_by, len(row.proof_hashes)) == ("declared", officer, 2)
    assert b"?small" in client.get("/learn/record/evidence/").content


def test_what_is_no_paper_is_refused_at_the_form_and_nothing_is_kept(officer) -> None:
    Course.objects.create(code="B5", title="Cấp cứu")
    answer = browser(officer).post("/learn/record/evidence/", {**FORM, "proofs": [sent("a.jpg", b"MZ")]})
    assert answer.status_code == 422
    assert (Evidence.objects.count(), ProofFile.objects.count()) == (0, 0)


def test_a_manager_declares_for_their_people_and_for_nobody_else(officer, manager) -> None:
    Course.objects.create(code="B5", title="Cấp cứu")
    make.posting(make.person("XA"), make.unit("X"))
    client = browser(manager)
    assert client.post("/desk/evidence/new/", {**FORM, "person": "XA"}).status_code == 422
    assert (
        client.post("/desk/evidence/new/", {**FORM, "person": "CB-1", "proofs": [sent()]}).status_code == 302
    )
    assert Evidence.objects.current().get().person == officer


def test_the_proof_stands_beside_the_row_that_is_approved_at_the_same_cost(officer, manager, commune) -> None:
    client = browser(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert b"?small" in client.get("/desk/evidence/").content
        return len(seen)

    declared(officer, "red")
    queries()
    one = queries()
    for number in (2, 3):
        declared(with_account(commune, f"CB-{number}"), "red", "blue", reference=f"GCN {number}")
    queries()
    assert queries() == one
    assert not any("content" in q["sql"] for q in connection.queries if "prooffile" in q["sql"])


def test_a_proof_is_added_on_the_page_by_its_owner(officer) -> None:
    row = declared(officer)
    client = browser(officer)
    client.post(f"/learn/record/evidence/{row.chain}/proofs/", {"proofs": [sent()]})
    client.post(f"/learn/record/evidence/{row.chain}/proofs/", {})
    assert len(Evidence.objects.current().get().proof_hashes) == 1
