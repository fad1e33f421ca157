"""A province's half-year: asked for, prepared in three communes, one returned, consolidated, restated."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from content.models import Course
from lms.accounts.models import User
from lms.coverage.models import Evidence, Target
from lms.kernel import jobs
from lms.kernel.services import record_fact
from lms.reports.models import ClosedReport
from lms.roster.models import Person, Unit
from tests.factories import roster as make
from tests.journeys.conftest import DESK, PHONE, Visitor

PASSWORD = "mot-mat-khau-du-dai-2026"
COMMUNES = {"X1": "Phường Kiến An", "X2": "Phường Hồng Bàng", "X3": "Xã Vĩnh Bảo"}


def sign_in_for(person: Person) -> None:
    person.user = User.objects.create_user(person.code.lower(), password=PASSWORD, display_name=person.code)
    person.save()


def trained(person: Person, on: date) -> None:
    row = Evidence(
        person=person,
        course=Course.objects.get(code="B5"),
        source="class",
        completed_on=on,
        outcome="passed",
        level="co_ban",
        status="approved",
        reference="QĐ-7",
    )
    record_fact(row, by="operator")


@pytest.fixture
def province(what_ships: None) -> SimpleNamespace:
    today = timezone.localdate()
    begin = today - timedelta(days=180)
    country = make.unit("VN", kind="country", name="Việt Nam")
    top = make.unit("P", country, kind="province", name="Thành phố Hải Phòng")
    units = [make.unit(code, top, name=name) for code, name in COMMUNES.items()]
    Course.objects.create(code="B5", title="Kích động, loạn thần, cấp cứu")
    people: dict[str, list[Person]] = {}
    for place, unit in enumerate(units):
        people[unit.code] = [make.person(f"CB{place}{n}", f"Nguyễn Văn {place}{n}") for n in range(5)]
        for n, person in enumerate(people[unit.code]):
            make.posting(person, unit, "TTCN", since=begin - timedelta(days=400))
            if n < 4:
                trained(person, begin + timedelta(days=30))
    record_fact(
        Target(
            code="T1",
            name="Trên 80 % cán bộ được tập huấn",
            document="Kế hoạch 121/KH-UBND",
            audience_mask=make.mask("TTCN"),
            unit=country,
            courses=["B5"],
            period_start=begin,
            period_end=today + timedelta(days=180),
        ),
        by="operator",
    )
    for unit in units:
        for code, role in ((f"ql-{unit.code}", "unit_manager"), (f"ky-{unit.code}", "reporting_officer")):
            officer(code, unit, role)
    for code in ("tp-lap", "tp-ky"):
        officer(code, top, "reporting_officer")
    return SimpleNamespace(people=people, today=today, begin=begin)


def officer(code: str, unit: Unit, role: str) -> None:
    person = make.person(code.upper(), f"Cán bộ {code}")
    make.posting(person, unit, since=date(2020, 1, 1))
    make.role(person, unit, role)
    sign_in_for(person)


def test_the_half_year_of_a_province(visitor: Visitor, province: SimpleNamespace) -> None:
    visitor.page.set_viewport_size(DESK)
    the_province_asks(visitor, province)
    for code in COMMUNES:
        prepares(visitor, f"ql-{code.lower()}", first=True)
        signs(visitor, f"ky-{code.lower()}")
    one_is_returned_and_corrected(visitor, province)
    the_province_consolidates(visitor)
    late_evidence_is_restated(visitor, province)


def the_province_asks(visitor: Visitor, province: SimpleNamespace) -> None:
    visitor.signs_in("tp-lap", PASSWORD).goes_to("/desk/reports/open/")
    page = visitor.page
    page.get_by_label("Tên kỳ báo cáo").fill("06 tháng thử")
    page.get_by_label("Ngày đầu kỳ").fill(province.begin.isoformat())
    page.get_by_label("Ngày chốt số liệu").fill(province.today.isoformat())
    page.get_by_label("Hạn gửi báo cáo").fill((province.today + timedelta(days=6)).isoformat())
    visitor.presses("Mở kỳ báo cáo")
    expect(page.get_by_text("3 đơn vị thấy yêu cầu")).to_be_visible()
    visitor.presses("Nhắc tất cả đơn vị chưa gửi")
    expect(page.get_by_text("Đã nhắc 3 đơn vị.")).to_be_visible()
    visitor.finds_no_barrier()


def prepares(visitor: Visitor, who: str, *, first: bool = False) -> None:
    visitor.signs_in(who, PASSWORD).goes_to("/desk/reports/")
    page = visitor.page
    page.locator("article .button").first.click()
    if first:
        page.get_by_role("link", name="Khai thể thức văn bản").click()
        visitor.presses("Lưu thể thức")
    visitor.presses("Đã lập xong, trình ký")
    expect(page.get_by_text("Báo cáo đã lập xong. Người khác sẽ ký.")).to_be_visible()


def signs(visitor: Visitor, who: str) -> None:
    visitor.signs_in(who, PASSWORD).goes_to("/desk/reports/")
    visitor.page.get_by_role("link", name="Xem và ký").click()
    visitor.presses("Ký và gửi")
    expect(visitor.page.get_by_text("Đã ký và gửi. Số liệu đã chốt.")).to_be_visible()
    jobs.work_all()


def one_is_returned_and_corrected(visitor: Visitor, province: SimpleNamespace) -> None:
    visitor.signs_in("tp-lap", PASSWORD).goes_to("/desk/reports/")
    page = visitor.page
    page.get_by_role("link", name="06 tháng thử").first.click()
    page.get_by_role("link", name=COMMUNES["X3"]).click()
    page.get_by_role("link", name="Trả lại kèm góp ý").click()
    page.get_by_label(COMMUNES["X3"]).fill("Thiếu một người đã học tháng trước")
    page.get_by_label("Phương hướng kỳ tới").fill("Nêu rõ thời gian mở lớp")
    visitor.presses("Trả lại báo cáo")
    expect(page.get_by_text("Đã trả lại kèm góp ý")).to_be_visible()
    trained(province.people["X3"][4], province.today - timedelta(days=20))
    visitor.signs_in("ql-x3", PASSWORD).goes_to("/desk/reports/")
    page.get_by_role("link", name="Sửa báo cáo").click()
    expect(page.get_by_text("Nêu rõ thời gian mở lớp").first).to_be_visible()
    page.get_by_role("link", name="Sửa Phương hướng kỳ tới").click()
    page.get_by_label("Văn bản").fill("Mở một lớp trong quý tới.")
    visitor.presses("Lưu phần này")
    visitor.presses("Đã lập xong, trình ký")
    signs(visitor, "ky-x3")
    expect(page.get_by_text("Mở một lớp trong quý tới.")).to_be_visible()
    expect(page.locator(".figure__fraction").first).to_contain_text("5/5")
    assert ClosedReport.objects.filter(number=2).count() == 1


def the_province_consolidates(visitor: Visitor) -> None:
    prepares(visitor, "tp-lap", first=True)
    signs(visitor, "tp-ky")
    page = visitor.page
    expect(page.locator(".figure__fraction").first).to_contain_text("13/15")
    with page.expect_download() as download:
        page.reload()
        page.get_by_role("link", name="Phụ lục Excel (XLSX)").click()
    visitor.signs_out().goes_to("/verify/")
    page.locator("input[type=file]").set_input_files(str(download.value.path()))
    page.locator("form:has(input[type=file]) button").click()
    expect(page.get_by_role("heading", name="Số liệu khớp")).to_be_visible()


def late_evidence_is_restated(visitor: Visitor, province: SimpleNamespace) -> None:
    trained(province.people["X1"][4], province.today - timedelta(days=3))
    visitor.signs_in("tp-lap", PASSWORD).goes_to("/desk/reports/")
    page = visitor.page
    page.get_by_role("link", name="06 tháng thử").last.click()
    page.get_by_text("Điều chỉnh sau chốt").last.click()
    page.get_by_label("Điều gì thay đổi, vì sao").fill("Minh chứng của Kiến An đến muộn")
    visitor.presses("Đề nghị điều chỉnh")
    address = page.url
    visitor.signs_in("tp-ky", PASSWORD)
    page.goto(address)
    page.get_by_text("Điều chỉnh sau chốt").last.click()
    visitor.presses("Duyệt điều chỉnh")
    expect(page.get_by_text("Đã điều chỉnh sau khi gửi (lần 2): 14/15")).to_be_visible()
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    visitor.finds_no_barrier()
