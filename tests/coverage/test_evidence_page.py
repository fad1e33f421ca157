"""Evidence that waits: who sees it, deciding many at once, and two persons."""

from datetime import date
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Course
from lms.coverage.enums import EvidenceStatus, Outcome, Source
from lms.coverage.models import Evidence
from lms.coverage.services import declare_evidence
from lms.roster.enums import Role
from lms.roster.models import Person, Unit
from tests.factories import roster as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def commune() -> Unit:
    return make.unit("C", make.unit("P", kind="province", name="Tỉnh P"), name="Xã C")


@pytest.fixture
def approver(client: Client, commune: Unit) -> Person:
    me = make.person("DUYET")
    make.posting(me, commune, "QLNN")
    me.user = get_user_model().objects.create_user(me.code)
    me.save()
    make.role(me, commune, Role.UNIT_MANAGER)
    client.force_login(me.user)
    return me


def declared(who: Person, *, by: Person | str = "operator") -> Evidence:
    Course.objects.get_or_create(code="B5", defaults={"title": "Cấp cứu"})
    return declare_evidence(
        person=who.code,
        course="B5",
        source=Source.EXTERNAL,
        completed_on=DAY,
        outcome=Outcome.PASSED,
        reference=f"CC {who.code}",
        by=by,
        today=DAY,
    )


def officer(unit: Unit) -> Person:
    who = make.person()
    make.posting(who, unit, "TTCN")
    return who


def statuses() -> list[str]:
    return list(Evidence.objects.current().order_by("person__code").values_list("status", flat=True))


def test_what_is_ticked_is_approved_together_and_the_rest_waits(client, approver, commune) -> None:
    first, second, third = (declared(officer(commune)) for _ in range(3))
    client.post("/desk/evidence/", {"act": "approve", "evidence": [first.chain, third.chain]})
    assert statuses() == ["approved", "declared", "approved"]
    assert Evidence.objects.current().get(chain=first.chain).approved_by == approver
    assert [line.evidence.chain for line in client.get("/desk/evidence/").context["lines"]] == [second.chain]


def test_rejecting_needs_a_reason(client, approver, commune) -> None:
    row = declared(officer(commune))
    client.post("/desk/evidence/", {"act": "reject", "evidence": [row.chain]})
    assert statuses() == ["declared"]
    client.post(
        "/desk/evidence/", {"act": "reject", "evidence": [row.chain], "reason": "Giấy của người khác"}
    )
    assert statuses() == ["rejected"]


def test_nobody_approves_what_they_declared_or_what_is_about_them(client, approver, commune) -> None:
    own, said = declared(approver), declared(officer(commune), by=approver)
    assert [line.mine for line in client.get("/desk/evidence/").context["lines"]] == [True, True]
    client.post("/desk/evidence/", {"act": "approve", "evidence": [own.chain, said.chain]})
    assert statuses() == ["declared", "declared"]


def test_what_is_beyond_reach_does_not_exist(client, approver) -> None:
    row = declared(officer(make.unit("X", name="Xã khác")))
    client.post("/desk/evidence/", {"act": "approve", "evidence": [row.chain]})
    assert statuses() == [EvidenceStatus.DECLARED]
    assert client.get("/desk/evidence/").context["lines"] == []


def test_nonsense_among_the_ids_is_left_out(client, approver, commune) -> None:
    row = declared(officer(commune))
    client.post("/desk/evidence/", {"act": "approve", "evidence": ["nothing", row.chain]})
    assert statuses() == ["approved"]


def test_the_list_costs_the_same_for_one_and_for_three(client, approver, commune) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/desk/evidence/").status_code == 200
        return len(seen)

    declared(officer(commune))
    queries()
    one = queries()
    for _ in range(2):
        declared(officer(commune))
    queries()
    assert queries() == one


def test_twenty_stand_on_a_page_and_a_full_one_costs_what_one_row_costs(client, approver, commune) -> None:
    rows = [declared(officer(commune)) for _ in range(21)]

    def chains(page: int) -> list[UUID]:
        return [line.evidence.chain for line in client.get(f"/desk/evidence/?page={page}").context["lines"]]

    assert chains(1) + chains(2) == [row.chain for row in rows]
    counts = []
    for page in (1, 2):
        with CaptureQueriesContext(connection) as seen:
            assert len(client.get(f"/desk/evidence/?page={page}").context["lines"]) == (
                20 if page == 1 else 1
            )
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_deciding_stays_on_its_page_and_the_last_page_may_vanish(client, approver, commune) -> None:
    last = [declared(officer(commune)) for _ in range(21)][-1]
    ticked = {"act": "approve", "evidence": [last.chain]}
    page = client.post("/desk/evidence/?page=2", ticked, follow=True)
    assert page.redirect_chain == [("/desk/evidence/?page=2", 302)]
    assert (len(page.context["lines"]), page.context["page"].number) == (20, 1)
