"""The public check, and the holder's own PDF."""

import pytest
from django.test import Client
from django.urls import reverse

from certificates import queries
from certificates.models import Certificate
from lms.accounts.models import User
from lms.roster.models import Person
from tests.factories import certificates as make
from tests.factories import learning

pytestmark = pytest.mark.django_db
DAY = make.DAY
CHECK = "/verify/"


def page(client: Client, paper: Certificate) -> str:
    return client.get(reverse("certificates:verify", args=[paper.link])).text


def test_the_link_shows_what_the_paper_must_say(client: Client) -> None:
    text = page(client, make.certificate())
    for word in ("Giấy thật, còn hiệu lực", "Nguyễn Thị Hồng Vân", "0001/2026/GCN-CAHP", "Kỹ năng tư vấn"):
        assert word in text


def test_the_page_is_kept_by_nobody_and_found_by_no_search_engine(client: Client) -> None:
    answer = client.get(reverse("certificates:verify", args=[make.certificate().link]))
    assert "no-store" in answer["Cache-Control"]
    assert 'content="noindex"' in answer.text


@pytest.mark.parametrize("link", ["AAAAAAAAAAAAAAAAAAAAAA", "0001", "1", "x" * 500, "%00", "' OR 1=1--"])
def test_an_unknown_link_is_not_issued_here(client: Client, link: str) -> None:
    paper = make.certificate()
    answer = client.get(f"/verify/{link}/")
    assert answer.status_code == 404
    assert paper.payload["holder"] not in answer.text


def test_number_and_code_together_lead_to_the_paper(client: Client) -> None:
    paper = make.certificate()
    asked = {"number": paper.number_text.lower(), "code": f" {paper.code[:4].lower()} {paper.code[4:]}"}
    assert client.post(CHECK, asked)["Location"] == reverse("certificates:verify", args=[paper.link])


def test_a_number_alone_yields_nothing_personal(client: Client) -> None:  # C1
    paper = make.certificate()
    for asked in (
        {"number": paper.number_text},
        {"number": paper.number_text, "code": "00000000"},
        {"number": "0002/2026/GCN-CAHP", "code": paper.code},
        {"number": "", "code": paper.code},
    ):
        text = client.post(CHECK, asked).text
        assert paper.payload["holder"] not in text
        assert paper.link not in text


def test_a_name_finds_nothing(client: Client) -> None:  # C2, C10
    paper = make.certificate()
    for query in ("?q=Nguyễn Thị Hồng Vân", "?person=1", f"?holder={paper.person.code}"):
        assert "Nguyễn Thị Hồng Vân" not in client.get(CHECK + query).text
    assert paper.link not in client.post(CHECK, {"number": "Nguyễn Thị Hồng Vân", "code": paper.code}).text


def test_a_wrong_number_and_a_wrong_code_are_answered_alike(client: Client) -> None:  # C1
    paper = make.certificate()
    known = client.post(CHECK, {"number": paper.number_text, "code": "00000000"})
    unknown = client.post(CHECK, {"number": "9999/2026/GCN-CAHP", "code": "00000000"})
    assert (known.status_code, unknown.status_code) == (404, 404)
    assert known.text.count("alert") == unknown.text.count("alert") == 1


def test_a_row_changed_in_the_database_is_not_genuine(client: Client) -> None:  # C3
    paper = make.certificate()
    paper.payload["holder"] = "Nguyễn Thị Hồng Vận"
    paper.save()
    assert "Không phải giấy thật" in page(client, paper)


def test_a_revoked_paper_says_since_when_and_why(client: Client) -> None:  # C5
    paper = make.certificate()
    make.revoked(paper)
    text = page(client, paper)
    assert "Đã thu hồi" in text
    assert "22/11/2026" in text
    assert "có được do gian lận" in text


def test_an_expired_paper_was_valid_up_to_its_last_day(client: Client) -> None:
    paper = make.certificate(on=make.DAY.replace(year=2020))
    Certificate.objects.update(valid_until=make.DAY.replace(year=2022))
    text = page(client, paper)
    assert "Giấy thật, đã hết hiệu lực" in text
    assert "21/11/2022" in text


def test_the_check_takes_few_queries_and_no_signing_in(
    client: Client, django_assert_max_num_queries: object
) -> None:
    paper = make.certificate()
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        page(client, paper)


def signed_in(client: Client, who: Person) -> Client:
    who.user = User.objects.create(username=who.code)
    who.save()
    client.force_login(who.user)
    return client


def test_the_holder_downloads_the_paper(client: Client) -> None:
    paper = make.certificate()
    signed_in(client, paper.person)
    answer = client.get(reverse("certificates:paper", args=[paper.public_id]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")
    assert "0001-2026-GCN-CAHP.pdf" in answer["Content-Disposition"]


def test_somebody_elses_paper_does_not_exist(client: Client) -> None:
    paper = make.certificate()
    signed_in(client, make.graduate("Lê Văn Bình"))
    assert client.get(reverse("certificates:paper", args=[paper.public_id])).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    paper = make.certificate()
    assert client.get(reverse("certificates:paper", args=[paper.public_id])).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_a_persons_list_takes_one_query(count: int, django_assert_num_queries: object) -> None:
    who = make.graduate()
    for _ in range(count):
        make.certificate(who, learning.course())
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(queries.certificates_of(who.pk, DAY)) == count
