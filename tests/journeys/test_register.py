"""The register in a browser: a list of staff comes in, two communes become one, two codes are one person."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from lms.accounts.models import User
from lms.coverage.models import Target
from lms.kernel.services import record_fact
from lms.roster.models import Person
from tests.factories import roster as make
from tests.journeys.conftest import DESK, Visitor

PASSWORD = "mot-mat-khau-du-dai-2026"
HEAD = "mã cán bộ,họ và tên,mã đơn vị,chức vụ,nhóm đối tượng,từ ngày\n"
LONG = date(2020, 1, 1)


@pytest.fixture
def province(what_ships: None) -> SimpleNamespace:
    """A province with two communes, nine and six officers in them, a target, and who keeps all that."""
    country = make.unit("VN", kind="country", name="Việt Nam")
    top = make.unit("P", country, kind="province", name="Thành phố Hải Phòng")
    communes = {"A": "Xã An Hưng", "B": "Xã Bình Minh"}
    units = {code: make.unit(code, top, name=name) for code, name in communes.items()}
    for code, number in (("A", 9), ("B", 6)):
        for n in range(1, number + 1):
            who = make.person(f"{code}{n}", f"Nguyễn Văn {code}{n}")
            make.posting(who, units[code], "TTCN", since=LONG, title="Công chức")
    keeper = make.person("QT", "Trần Thị Quản")
    for role in ("administrator", "unit_manager"):
        make.role(keeper, top, role)
    keeper.user = User.objects.create_user("qt", password=PASSWORD, display_name="Trần Thị Quản")
    keeper.save()
    today = timezone.localdate()
    record_fact(
        Target(
            code="T1",
            name="Trên 80 % cán bộ được tập huấn",
            audience_mask=make.mask("TTCN"),
            unit=country,
            courses=["B5"],
            grace_days=0,
            period_start=date(today.year, 1, 1),
            period_end=date(today.year, 12, 31),
        ),
        by="operator",
    )
    return SimpleNamespace(today=today, yesterday=today - timedelta(days=1))


@pytest.fixture
def keeper(visitor: Visitor, province: SimpleNamespace) -> Visitor:
    visitor.page.set_viewport_size(DESK)
    return visitor.signs_in("qt", PASSWORD)


def sees_figure(visitor: Visitor, unit: str, on: date, fraction: str) -> None:
    visitor.goes_to(f"/desk/?unit={unit}&on={on.isoformat()}&target=T1")
    expect(visitor.page.locator(".figure__fraction")).to_have_text(fraction)


def sends_whole_staff(visitor: Visitor, text: str, on: date) -> None:
    page = visitor.goes_to("/desk/roster/upload/roster/").page
    page.locator("input[type=file]").set_input_files(
        {"name": "danh-sach.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_label("Toàn bộ cán bộ của một đơn vị").check()
    page.locator("input[name=unit]").fill("P")
    page.locator("input[name=on]").fill(on.isoformat())
    visitor.presses("Xem tệp thay đổi những gì")


def counts(visitor: Visitor, *words: str) -> None:
    expect(visitor.page.locator(".tally__item")).to_have_text(list(words))


def test_a_staff_list_is_looked_at_corrected_and_applied(keeper: Visitor, province: SimpleNamespace) -> None:
    today = province.today
    stay = [f"A{n},Nguyễn Văn A{n},A,Công chức,TTCN,01/01/2020\n" for n in (7, 8, 9)]
    stay += [f"B{n},Nguyễn Văn B{n},B,Công chức,TTCN,01/01/2020\n" for n in range(1, 7)]
    joining = [f"M{n},Lê Thị M{n},A,Công chức,TTCN,{today:%d/%m/%Y}\n" for n in range(1, 13)]
    moving = [f"A{n},Nguyễn Văn A{n},B,Công chức,TTCN,{today:%d/%m/%Y}\n" for n in (1, 2, 3)]
    corrected = ["A6,Nguyễn Văn A6,A,Phó Chủ tịch,TTCN,01/01/2020\n"]  # A4 and A5 are missing
    faults = [
        "X1,Phạm Văn X,ZZ,Công chức,TTCN,01/01/2026\n",
        "X2,Phạm Văn X,A,Công chức,TTCN,31/02/2026\n",
        "X3,Phạm Văn X,A,Công chức,NHOM,01/01/2026\n",
        "X4,,A,Công chức,TTCN,01/01/2026\n",
    ]
    sound = HEAD + "".join([*stay, *joining, *moving, *corrected])
    sees_figure(keeper, "P", today, "0/15 người")

    sends_whole_staff(keeper, sound + "".join(faults), today)
    counts(keeper, "12 vào", "3 chuyển", "2 nghỉ", "1 sửa", "4 lỗi")
    expect(keeper.page.get_by_role("button", name="Ghi 18 thay đổi")).to_have_count(0)
    expect(keeper.page.get_by_text("Chưa có gì thay đổi")).to_be_visible()
    keeper.finds_no_barrier()

    sends_whole_staff(keeper, sound, today)
    counts(keeper, "12 vào", "3 chuyển", "2 nghỉ", "1 sửa", "0 lỗi")
    keeper.finds_no_barrier()
    sees_figure(keeper, "P", today, "0/15 người")  # looking has changed nothing
    keeper.page.go_back()
    keeper.presses("Ghi 18 thay đổi")
    keeper.page.wait_for_url("**/desk/roster/")
    sees_figure(keeper, "P", today, "0/25 người")
    sees_figure(keeper, "P", province.yesterday, "0/15 người")
    keeper.goes_to(f"/desk/roster/person/{Person.objects.get(code='A1').public_id}/")
    keeper.reads("Xã Bình Minh")


def test_two_communes_become_one(keeper: Visitor, province: SimpleNamespace) -> None:
    today = province.today
    page = keeper.goes_to("/desk/roster/merge-units/").page
    page.locator("[name=ending]").fill("A\nB")
    page.locator("[name=code]").fill("AB")
    page.locator("[name=name]").fill("Xã An Bình")
    page.locator("[name=parent]").fill("P")
    page.locator("[name=on]").fill(today.isoformat())
    page.locator("[name=decision]").fill("1234/QĐ-UBND")
    keeper.presses("Xem trước kết quả")
    expect(page.locator(".facts dd")).to_have_text(["2", "15", "0", "0"])
    keeper.finds_no_barrier()
    keeper.presses("Sáp nhập")
    page.wait_for_url("**/desk/roster/")
    sees_figure(keeper, "AB", today, "0/15 người")
    sees_figure(keeper, "A", province.yesterday, "0/9 người")
    sees_figure(keeper, "B", province.yesterday, "0/6 người")
    keeper.goes_to(f"/desk/roster/person/{Person.objects.get(code='A1').public_id}/")
    keeper.reads("Xã An Bình").reads("1234/QĐ-UBND")


def test_two_codes_are_one_person_until_they_are_parted(keeper: Visitor, province: SimpleNamespace) -> None:
    today = province.today
    page = keeper.goes_to("/desk/roster/merge-people/").page
    page.locator("[name=person]").fill("B1")
    page.locator("[name=same_as]").fill("A1")
    page.locator("#merge [name=reason]").fill("Cùng số căn cước, đơn vị xác nhận")
    keeper.presses("Gộp hai mã")
    expect(page.locator("#merged tbody tr")).to_contain_text(["Nguyễn Văn B1"])
    keeper.finds_no_barrier()
    sees_figure(keeper, "P", today, "0/14 người")
    keeper.goes_to("/desk/roster/merge-people/")
    page.locator("#merged summary").click()
    page.locator("#merged [name=reason]").fill("Hai người khác nhau")
    keeper.presses("Tách B1 khỏi A1")
    expect(page.locator("#merged")).to_have_count(0)
    sees_figure(keeper, "P", today, "0/15 người")
