"""The register, as those who keep it see it, and as nobody else does."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from certificates.models import Amendment, Certificate
from lms.kernel import jobs
from lms.roster.enums import Role
from tests.factories import certificates as make
from tests.factories import learning, roster

from .conftest import SignIn

pytestmark = pytest.mark.django_db
REGISTER = "/desk/certificates/"


def at(name: str, paper: Certificate, *more: int) -> str:
    return reverse(f"certificates:{name}", args=[paper.public_id, *more])


def test_the_keeper_finds_lines_by_name_without_marks_and_by_number(keeper: Client) -> None:
    make.certificate(make.graduate("Nguyễn Thị Hồng Vân"))
    make.certificate(make.graduate("Đặng Văn Đức"))
    assert "Đặng Văn Đức" in keeper.get(REGISTER).text
    by_name = keeper.get(REGISTER, {"q": "hong van"}).text
    assert ("Nguyễn Thị Hồng Vân" in by_name, "Đặng Văn Đức" in by_name) == (True, False)
    by_number = keeper.get(REGISTER, {"q": "0002/"}).text
    assert ("Nguyễn Thị Hồng Vân" in by_number, "Đặng Văn Đức" in by_number) == (False, True)


@pytest.mark.parametrize("year", ["2025", "x", "²⁰²⁵", "99999999999"])
def test_odd_filters_break_nothing(keeper: Client, year: str) -> None:
    make.certificate()
    assert keeper.get(REGISTER, {"year": year, "after": "x", "q": "\x00%_'"}).status_code == 200


def test_pages_follow_one_another(keeper: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certificates.views.register.PAGE", 2)
    for _ in range(3):
        make.certificate()
    first = keeper.get(REGISTER)
    last = keeper.get(REGISTER, {"after": first.context["more"]})
    numbers = [line.number for page in (first, last) for line in page.context["lines"]]
    assert [number[:4] for number in numbers] == ["0003", "0002", "0001"]
    assert last.context["more"] is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_takes_the_same_queries_for_one_line_and_for_three(
    keeper: Client, count: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(count):
        make.certificate()
    keeper.get(REGISTER)
    with django_assert_max_num_queries(13):  # type: ignore[operator]
        keeper.get(REGISTER)


EVERY_PAGE = ["line", "line_paper", "amend", "copy"]


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_the_register_of_another_unit_does_not_exist(sign_in: SignIn, name: str) -> None:  # A2
    paper = make.certificate()
    stranger = sign_in(make.keeper(roster.unit("Y")))
    ask = stranger.post if name in ("amend", "copy") else stranger.get
    assert ask(at(name, paper)).status_code == 404


def test_the_lists_of_another_unit_hold_nothing_of_ours(sign_in: SignIn) -> None:  # A1, A4
    paper = make.certificate()
    stranger = sign_in(make.keeper(roster.unit("Y")))
    for query in ("", "?q=Hồng", f"?course={paper.course.code}", f"?after={paper.public_id}"):
        assert paper.payload["holder"] not in stranger.get(REGISTER + query).text
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(stranger.get(REGISTER + "register.xlsx"))))
    assert len(sheet.get_sheet_by_index(0).to_python()) == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.TRAINER, None])
def test_who_keeps_no_register_is_refused(sign_in: SignIn, role: str | None) -> None:
    paper = make.certificate()
    who = make.keeper(role=role) if role else make.graduate()
    client = sign_in(who)
    assert client.get(REGISTER).status_code == 403
    assert client.get(at("line", paper)).status_code == 403
    assert client.get(REGISTER + "papers.zip").status_code == 403


def test_a_revocation_goes_from_one_browser_to_another(sign_in: SignIn) -> None:
    paper = make.certificate()
    first, second = sign_in(make.keeper()), sign_in(make.keeper())
    first.post(at("amend", paper), {"wanted": "fraud", "explanation": "Bài làm hộ."})
    asked = Amendment.objects.get()
    decide = reverse("certificates:decide", args=[asked.public_id])
    assert "Bạn là người đề nghị" in first.get(REGISTER).text
    first.post(decide, {"decision": "approved"})
    paper.refresh_from_db()
    assert paper.revoked_on is None
    second.post(decide, {"decision": "approved"})
    paper.refresh_from_db()
    assert paper.revocation_reason == "fraud"
    assert "Bài làm hộ." in second.get(at("line", paper)).text
    assert "Bài làm hộ." not in Client().get(f"/verify/{paper.link}/").text


def test_a_request_without_a_reason_is_not_written(keeper: Client) -> None:
    paper = make.certificate()
    keeper.post(at("amend", paper), {"wanted": "fraud", "explanation": "  "})
    keeper.post(at("amend", paper), {"wanted": "because", "explanation": "Vì."})
    assert Amendment.objects.count() == 0


def test_extra_fields_change_nothing(keeper: Client) -> None:  # A7
    paper = make.certificate()
    asked = {"wanted": "fraud", "explanation": "Vì.", "decision": "approved", "decided_by": "1"}
    keeper.post(at("amend", paper), asked)
    assert Amendment.objects.get().decision == ""


def test_a_copy_is_a_paper_of_its_own(keeper: Client) -> None:
    paper = make.certificate()
    answer = keeper.post(at("copy", paper))
    assert answer["Location"] == at("copy_paper", paper, 1)
    assert keeper.get(at("copy_paper", paper, 1)).content.startswith(b"%PDF")
    assert keeper.get(at("copy_paper", paper, 2)).status_code == 404


def test_the_register_is_exported_without_what_opens_a_paper(keeper: Client) -> None:
    paper = make.certificate(make.graduate("=cmd|' /C calc'!A0"))
    file = b"".join(keeper.get(REGISTER + "register.xlsx"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == [paper.number_text, paper.person.code, "=cmd|' /C calc'!A0"]
    assert [cell for cell in rows[1] if paper.link in str(cell) or paper.code == cell] == []
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_papers_come_as_one_zip_without_the_revoked(keeper: Client) -> None:
    make.certificate()
    make.revoked(make.certificate())
    file = b"".join(keeper.get(REGISTER + "papers.zip"))
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["0001-2026-GCN-CAHP.pdf"]
        assert archive.read("0001-2026-GCN-CAHP.pdf").startswith(b"%PDF")


def test_too_many_papers_are_refused_before_they_are_printed(
    keeper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("certificates.views.register.MOST_PAPERS", 1)
    make.certificate()
    make.certificate()
    assert keeper.get(REGISTER + "papers.zip")["Location"] == REGISTER


def test_what_is_missing_is_issued_behind_the_page(keeper: Client) -> None:
    make.issuer()
    learning.completion(make.graduate(), learning.course(), on=make.DAY)
    keeper.post(REGISTER + "issue/")
    keeper.post(REGISTER + "issue/")
    assert jobs.work_all()["done"] == 1
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("name", ["amend", "copy"])
def test_nothing_is_written_by_a_link(keeper: Client, name: str) -> None:  # F14
    assert keeper.get(at(name, make.certificate())).status_code == 405
