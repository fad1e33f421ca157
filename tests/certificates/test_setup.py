"""Setting up an issuer: by its administrator, for papers from now on."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from certificates import services
from certificates.errors import UnprintableName
from certificates.layouts import Layout
from certificates.models import Certificate, Design, Issuer, IssuingRule, Reminder
from certificates.signals import certificate_expiring
from certificates.views.papers import paper_of
from lms.accounts.models import User
from lms.kernel.models import LedgerEntry
from lms.roster.enums import Role
from lms.roster.models import Person
from tests.factories import certificates as make
from tests.factories import learning, roster

from .test_layouts import png

pytestmark = pytest.mark.django_db
PAGE = "/desk/certificates/issuers/CAHP/"
DAY = make.DAY
FORM = {"base": "upright", "accent": "#8f2d1f", "intro": "", "did": "", "footnote": "{issuer}"}


def sign_in(who: Person) -> Client:
    who.user = User.objects.create(username=who.code)
    who.save()
    client = Client()
    client.force_login(who.user)
    return client


@pytest.fixture
def administrator() -> Client:
    return sign_in(make.keeper(role=Role.ADMINISTRATOR))


def told(**changes: str) -> dict[str, str]:
    issuer = Issuer.objects.get()
    names = ("name", "parent_name", "place", "signatory_title", "signatory", "number_pattern")
    return {**{name: getattr(issuer, name) for name in names}, "authority_document": "", **changes}


def test_another_signatory_signs_papers_from_now_on(administrator: Client) -> None:
    old = make.certificate()
    administrator.post(PAGE, told(signatory="Lê Thị Thu"))
    new = make.certificate()
    old.refresh_from_db()
    assert (old.payload["signatory"], new.payload["signatory"]) == ("Trần Quang Minh", "Lê Thị Thu")
    assert LedgerEntry.objects.filter(type="certificate.issuer_set_up").count() == 1


@pytest.mark.parametrize("pattern", ["{number}", "{number.__class__}/{year}", "no"])
def test_a_pattern_that_would_give_a_number_twice_is_refused(administrator: Client, pattern: str) -> None:
    answer = administrator.post(PAGE, told(number_pattern=pattern))
    assert answer.status_code == 422
    assert Issuer.objects.get().number_pattern == "{number:04}/{year}/GCN-{issuer}"


def test_the_greater_word_needs_its_document(administrator: Client) -> None:
    assert administrator.post(PAGE, told(authorised="on")).status_code == 422
    administrator.post(PAGE, told(authorised="on", authority_document="Quyết định số 12/QĐ-BCA"))
    assert make.certificate().payload["title"] == "Chứng chỉ"


@pytest.mark.parametrize("role", [Role.REPORTING_OFFICER, Role.UNIT_MANAGER, Role.TRAINER])
def test_who_is_no_administrator_sets_up_nothing(role: str) -> None:
    client = sign_in(make.keeper(role=role))
    for page in ("/desk/certificates/issuers/", PAGE, PAGE + "design/"):
        assert client.get(page).status_code == 403
    assert client.post(PAGE, {"signatory": "Tôi"}).status_code == 403


def test_the_administrator_of_another_unit_finds_no_issuer() -> None:  # A15
    make.issuer()
    client = sign_in(make.keeper(roster.unit("Y"), role=Role.ADMINISTRATOR))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE + "design/", FORM).status_code == 404
    assert "Công an thành phố Hải Phòng" not in client.get("/desk/certificates/issuers/").text


def test_a_design_holds_for_papers_from_now_on_and_earlier_ones_stay(administrator: Client) -> None:
    old = make.certificate()
    administrator.post(PAGE + "design/", {**FORM, "emblem": SimpleUploadedFile("e.png", png())})
    new = make.certificate()
    design = Design.objects.get()
    assert (old.payload["design"], new.payload["design"]) == ("classic", f"own:{design.pk}")
    assert (design.version, design.base, design.emblem[:4]) == (1, "upright", "<svg")
    assert paper_of(new).startswith(b"%PDF")


def test_saving_what_is_there_makes_no_version_and_pictures_stay(administrator: Client) -> None:
    administrator.post(PAGE + "design/", {**FORM, "emblem": SimpleUploadedFile("e.png", png())})
    administrator.post(PAGE + "design/", FORM)
    assert Design.objects.count() == 1
    administrator.post(PAGE + "design/", {**FORM, "drop_emblem": "on"})
    assert [design.emblem == "" for design in Design.objects.order_by("version")] == [False, True]


def test_a_preview_keeps_nothing(administrator: Client) -> None:
    answer = administrator.post(PAGE + "design/", {**FORM, "preview": "0"})
    assert answer.content.startswith(b"%PDF")
    assert Design.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"accent": "red"},
        {"base": "../../etc/passwd"},
        {"footnote": "{holder.__class__}"},
        {"intro": "陳"},
        {"emblem": SimpleUploadedFile("e.svg", b"<svg><script/></svg>")},
        {"background": SimpleUploadedFile("b.png", b"\x89PNG" + b" " * 5_000_001)},
    ],
)
def test_a_design_that_cannot_be_printed_is_refused_at_the_field(
    administrator: Client, wrong: dict[str, object]
) -> None:
    answer = administrator.post(PAGE + "design/", {**FORM, **wrong})
    assert answer.status_code == 422
    assert "field--wrong" in answer.text
    assert Design.objects.count() == 0


def test_a_course_gets_its_months(administrator: Client) -> None:
    course = learning.course("A")
    administrator.post(PAGE + "rules/", {"course": "A", "validity_months": "24"})
    assert make.certificate(what=course).valid_until == date(2028, 11, 22)
    administrator.post(PAGE + "rules/", {"course": "A", "validity_months": "-1"})
    assert IssuingRule.objects.get().validity_months == 24


@pytest.mark.parametrize("name", ["陳文安", "សុខ សុភា"])
def test_a_name_that_cannot_be_printed_gets_no_paper_with_holes(name: str) -> None:
    with pytest.raises(UnprintableName):
        make.certificate(make.graduate(name))
    assert Certificate.objects.count() == 0


def test_one_unprintable_name_does_not_keep_others_from_their_papers() -> None:
    make.issuer()
    for name in ("陳文安", "Lê An"):
        learning.completion(make.graduate(name), learning.course(), on=DAY)
    assert [paper.payload["holder"] for paper in services.issue_missing(on=DAY)] == ["Lê An"]


@pytest.fixture
def heard() -> Iterator[list[tuple[int, date]]]:
    news: list[tuple[int, date]] = []

    def hear(*, days: int, last_day: date, **_more: object) -> None:
        news.append((days, last_day))

    certificate_expiring.connect(hear, weak=False)
    yield news
    certificate_expiring.disconnect(hear)


def ending(until: date) -> Certificate:
    paper = make.certificate(on=date(2026, 1, 1))
    Certificate.objects.filter(pk=paper.pk).update(valid_until=until)
    return paper


def test_the_holder_is_told_once_at_each_distance(heard: list[tuple[int, date]]) -> None:
    ending(date(2026, 12, 31))
    for month, number in ((9, 30), (10, 1), (10, 2), (12, 1), (12, 30)):
        day = date(2026, month, number)
        services.remind_holders(on=day)
        services.remind_holders(on=day)
    last = date(2026, 12, 30)
    assert heard == [(90, last), (30, last), (7, last)]


def test_nobody_is_told_of_a_paper_that_ended_was_revoked_or_renewed(heard: list[tuple[int, date]]) -> None:
    ending(date(2026, 11, 22))
    make.revoked(ending(date(2026, 12, 1)))
    renewed = ending(date(2026, 12, 1))
    again = learning.completion(renewed.person, renewed.course, on=DAY, round=2)
    services.issue_certificate(
        person_id=again.person_id, course_code=again.course.code, edition=again.edition, on=DAY
    )
    services.remind_holders(on=DAY)
    assert heard == []
    assert Reminder.objects.count() == 0


def test_going_through_a_course_again_brings_no_second_paper_beside_one_that_holds() -> None:
    paper = make.certificate()
    again = learning.completion(paper.person, paper.course, on=DAY, round=2)
    same = services.issue_certificate(
        person_id=again.person_id, course_code=again.course.code, edition=again.edition, on=DAY
    )
    assert same.pk == paper.pk
    assert services.issue_missing(on=DAY) == []


def test_a_layout_of_a_saved_design_is_what_was_saved() -> None:
    layout = Layout(base="upright", accent="#000000", did="đã học xong")
    design = services.save_design(issuer=make.issuer(), layout=layout, by=make.keeper(), on=DAY)
    assert Design.objects.get(pk=design.pk).layout() == layout


def test_the_design_is_shown_as_a_picture_beside_its_form(administrator: Client) -> None:
    answer = administrator.get("/desk/certificates/issuers/CAHP/design.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.content)).size == (1123, 794)
