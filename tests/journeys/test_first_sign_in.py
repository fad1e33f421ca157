"""The first sign-in, each way in which it happens, from the administrator's desk to the second day.

Codes and letters are read where people read them: on the printed sheet, in the post.
"""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from lms.accounts.models import User
from lms.kernel import jobs
from lms.roster.enums import Role
from lms.roster.models import Person
from tests.accounts.conftest import PASSWORD, officer
from tests.factories import roster

from .conftest import DESK, Visitor

COMMUNE = "Xã An Lão"
PHONE, MAIL = "0912345678", "hoa.le@truong.vi-du.vn"
CODE = r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"


@pytest.fixture
def commune(what_ships: None) -> None:
    """A commune of whom nobody but the administrator has ever signed in."""
    unit = roster.unit("AL", roster.unit("HP", kind="province", name="Hải Phòng"), name=COMMUNE)
    keeper = officer("QT01", "Vũ Thị Quản", password=PASSWORD)
    roster.posting(keeper, unit)
    roster.role(keeper, unit, Role.ADMINISTRATOR)
    for code, name, ways in (
        ("CB01", "Phạm Văn Tám", {}),
        ("CB02", "Đỗ Thị Mận", {"phone": PHONE}),
        ("CB03", "Lê Thu Hoà", {"email": MAIL}),
        ("CB04", "Bùi Quang Trưởng", {}),
    ):
        who = officer(code, name, **ways)
        roster.posting(who, unit, "QLNN")
    roster.role(Person.objects.get(code="CB04"), unit, Role.UNIT_MANAGER)


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[Visitor]:
    """The administrator, at another browser than whoever comes in."""
    context = browser.new_context(**browser_context_args | {"viewport": DESK})
    yield Visitor(context.new_page(), live_server.url).signs_in("QT01", PASSWORD)
    context.close()


def printed_code(desk: Visitor, name: str) -> str:
    """The administrator prints the commune's sheet; this person's code stands on their slip."""
    desk.goes_to("/desk/accounts/?unit=AL").finds_no_barrier()
    shows_again_who_it_is(desk.presses("In tờ mã"))
    desk.reads("Mã dùng một lần:").finds_no_barrier()
    slip = desk.page.locator(".slip", has_text=name)
    return slip.locator(".slip__code").inner_text()


def shows_again_who_it_is(desk: Visitor) -> None:
    """Before a sensitive act; afterwards the act goes on by itself."""
    desk.reads("Có đúng là anh/chị không?").finds_no_barrier()
    desk.page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    desk.presses("Đúng là tôi")


def types_name_and_code(visitor: Visitor, name: str, code: str) -> None:
    visitor.page.get_by_label("Mã cán bộ, số điện thoại hoặc thư điện tử").fill(name)
    visitor.page.get_by_label("Mã dùng một lần").fill(code)
    visitor.finds_no_barrier().presses("Mở tài khoản của tôi")
    visitor.page.wait_for_url("**/accounts/first/choose/")
    visitor.finds_no_barrier()


def chooses_password(visitor: Visitor) -> None:
    visitor.page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    visitor.page.get_by_label("Gõ lại mật khẩu mới").fill(PASSWORD)
    visitor.presses("Đặt mật khẩu này").reads("Đã đặt mật khẩu")


def signs_out_by_the_menu(visitor: Visitor) -> None:
    visitor.page.locator("summary", has_text="Tài khoản của tôi").click()
    visitor.follows("Đăng xuất").reads("Đăng xuất?").finds_no_barrier()
    visitor.page.locator("main").get_by_role("button", name="Đăng xuất").click()
    visitor.page.wait_for_url("**/")


def is_at_home(visitor: Visitor, name: str) -> None:
    visitor.goes_to("/accounts/")
    visitor.page.locator("summary", has_text="Tài khoản của tôi").click()
    expect(
        visitor.page.locator(".menu__sheet .nav__title", has_text=name).filter(visible=True)
    ).to_have_count(1)


def with_a_finger(page: Page) -> None:
    """From now on the browser's device has a reader of fingers, which is touched whenever it asks."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@pytest.mark.usefixtures("commune")
def test_an_official_comes_by_officer_code_and_printed_code_and_from_then_on_by_passkey(
    visitor: Visitor, desk: Visitor
) -> None:
    code = printed_code(desk, "Phạm Văn Tám")
    with_a_finger(visitor.page)
    visitor.goes_to("/").follows("Đăng nhập")
    visitor.finds_no_barrier().follows("Đăng nhập lần đầu bằng mã")
    types_name_and_code(visitor, "cb01", code.lower())
    visitor.follows("Dùng thiết bị này").reads("Tạo khóa thiết bị").finds_no_barrier()
    visitor.presses("Tạo khóa thiết bị").reads("Thiết bị này nay là chìa khóa").finds_no_barrier()
    visitor.follows("Vào việc cần học")
    signs_out_by_the_menu(visitor)
    visitor.goes_to("/accounts/login/").presses("Đăng nhập bằng khóa thiết bị")
    visitor.page.wait_for_url(lambda url: "/accounts/" not in url)
    is_at_home(visitor, "Phạm Văn Tám")
    visitor.reads("1 thiết bị").finds_no_barrier()
    assert not User.objects.get(username="CB01").has_usable_password()


@pytest.mark.usefixtures("commune")
def test_an_official_scans_the_sheet_types_the_telephone_number_and_chooses_a_password(
    visitor: Visitor, desk: Visitor
) -> None:
    code = printed_code(desk, "Đỗ Thị Mận")
    visitor.goes_to(f"/accounts/first/#{code}")
    expect(visitor.page.get_by_label("Mã dùng một lần")).to_have_value(code)
    assert code not in visitor.page.url
    types_name_and_code(visitor, "+84 912 345 678", code)
    chooses_password(visitor)
    signs_out_by_the_menu(visitor)
    visitor.signs_in("CB02", PASSWORD)
    is_at_home(visitor, "Đỗ Thị Mận")


@pytest.mark.usefixtures("commune")
def test_a_headmistress_comes_by_the_letter_and_signs_in_by_her_address_afterwards(
    visitor: Visitor, desk: Visitor
) -> None:
    desk.goes_to("/desk/accounts/?unit=AL").presses("Gửi thư mời").reads("Thư đang được gửi")
    jobs.work_all()
    [letter] = mail.outbox
    assert letter.to == [MAIL]
    link, code = (re.search(kind, letter.body) for kind in (r"http\S+", CODE))
    assert link and code
    visitor.page.goto(link[0])
    types_name_and_code(visitor, MAIL.upper(), code[0])
    chooses_password(visitor)
    signs_out_by_the_menu(visitor)
    visitor.signs_in(MAIL, PASSWORD)
    is_at_home(visitor, "Lê Thu Hoà")


@pytest.mark.usefixtures("commune")
def test_a_manager_must_set_up_a_second_factor_and_comes_in_by_a_recovery_code(
    visitor: Visitor, desk: Visitor, settings: Any
) -> None:
    code = printed_code(desk, "Bùi Quang Trưởng")
    settings.SECOND_FACTOR = "required"
    page = visitor.page
    visitor.goes_to("/accounts/first/")
    types_name_and_code(visitor, "CB04", code)
    chooses_password(visitor)
    visitor.goes_to("/desk/").reads("Thêm một chìa khóa").finds_no_barrier()
    visitor.follows("Cài ứng dụng xác thực").finds_no_barrier()
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Sáu chữ số trên ứng dụng").fill(digits_of(secret))
    visitor.presses("Bật ứng dụng xác thực").reads("Mã dự phòng").finds_no_barrier()
    codes = page.locator(".recovery code").all_inner_texts()
    assert len(set(codes)) == 10
    page.reload()
    expect(page.locator(".recovery")).to_have_count(0)
    visitor.finds_no_barrier().goes_to("/desk/")
    assert page.url.endswith("/desk/")
    comes_by(visitor, codes[0])
    page.wait_for_url(lambda url: "/accounts/" not in url)
    visitor.goes_to("/desk/")
    assert page.url.endswith("/desk/")
    comes_by(visitor, codes[0])
    page.locator(".field--wrong, .notice--bad").first.wait_for()


def digits_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def comes_by(visitor: Visitor, recovery: str) -> None:
    """Password, then this recovery code in place of the lost telephone's digits."""
    visitor.signs_in("CB04", PASSWORD)
    visitor.page.wait_for_url("**/2fa/authenticate/**")
    visitor.finds_no_barrier()
    visitor.page.get_by_label("Mã trên ứng dụng xác thực, hoặc mã dự phòng").fill(recovery)
    visitor.page.locator("main").get_by_role("button", name="Đăng nhập", exact=True).click()
