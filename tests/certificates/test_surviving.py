"""What outlives what: a paper is checked as before when its course, its unit or its account is gone."""

import pytest
from django.db.models import ProtectedError
from django.test import Client

from certificates.checking import judged
from certificates.models import Certificate
from certificates.views.papers import paper_of
from lms.accounts.models import User
from lms.kernel.services import correct_fact
from lms.roster.models import Posting
from lms.roster.services.postings import end_posting
from tests.factories import certificates as make
from tests.factories import learning

pytestmark = pytest.mark.django_db
DAY = make.DAY


def still_good(client: Client, paper: Certificate) -> bool:
    page = client.get(f"/verify/{paper.link}/").text
    badge = client.get(f"/verify/{paper.link}/badge.json").json()
    return (
        "Giấy thật, còn hiệu lực" in page
        and paper.payload["course"] in page
        and badge["credentialSubject"]["achievement"]["name"] == paper.payload["course"]
        and judged(paper_of(Certificate.objects.get(pk=paper.pk)), DAY).state == "valid"
    )


def test_a_paper_outlives_the_page_of_its_course(client: Client) -> None:
    what = learning.course()
    paper = make.certificate(what=what)
    what.title = "Khóa học đã đổi tên"
    what.save()
    assert still_good(client, paper)
    assert "Khóa học đã đổi tên" not in client.get(f"/verify/{paper.link}/").text


def test_the_anchor_of_a_course_with_papers_cannot_be_deleted() -> None:
    what = learning.course()
    make.certificate(what=what)
    with pytest.raises(ProtectedError):
        what.delete()


def test_a_paper_outlives_its_holders_unit_and_posting(client: Client) -> None:
    who = make.graduate()
    paper = make.certificate(who)
    posting = Posting.objects.current().get(person=who)
    end_posting(posting=posting, on=DAY, by="operator", today=DAY, reason="giải thể")
    span = posting.unit.spans.current().get()
    correct_fact(span, {"until": DAY}, by="operator", reason="giải thể")
    assert not posting.unit.spans.current().on(DAY).exists()
    assert paper.payload["unit"] == "Phường Hồng Bàng"
    assert still_good(client, paper)


def test_a_paper_outlives_its_holders_account(client: Client) -> None:
    who = make.graduate()
    who.user = User.objects.create(username="sap-xoa")
    who.save()
    paper = make.certificate(who)
    User.objects.get(username="sap-xoa").delete()
    assert still_good(client, paper)
    assert Certificate.objects.get().person == who
