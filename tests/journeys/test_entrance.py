"""Coming in: the public pages, the sign-in."""

import pytest

from lms.accounts.models import User

from .conftest import DESK, PHONE, Visitor

PUBLIC = ["/", "/accounts/login/", "/accounts/password/reset/", "/privacy/"]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_has_no_barrier_and_fits_its_screen(visitor: Visitor, path: str, size: dict) -> None:
    visitor.page.set_viewport_size(size)
    visitor.goes_to(path).finds_no_barrier()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_somebody_with_an_account_signs_in_and_out(visitor: Visitor) -> None:
    User.objects.create_user("can-bo", password="mot-mat-khau-du-dai")
    visitor.signs_in("can-bo", "mot-mat-khau-du-dai").reads("Tài khoản này chưa gắn")
    visitor.page.locator("summary", has_text="Tài khoản của tôi").click()
    visitor.follows("Đăng xuất").presses("Đăng xuất").reads("Đăng nhập để học")


def test_a_wrong_password_is_answered_in_vietnamese_and_keeps_the_code(visitor: Visitor) -> None:
    visitor.goes_to("/accounts/login/")
    visitor.page.get_by_label("Mã cán bộ hoặc thư điện tử").fill("khong-co")
    visitor.page.get_by_label("Mật khẩu", exact=True).fill("sai-mat-khau-roi")
    visitor.page.locator("main").get_by_role("button", name="Đăng nhập", exact=True).click()
    visitor.page.locator(".notice--bad").wait_for()
    assert visitor.page.get_by_label("Mã cán bộ hoặc thư điện tử").input_value() == "khong-co"


def test_the_page_speaks_english_when_asked_and_stays_so(visitor: Visitor) -> None:
    visitor.goes_to("/")
    visitor.page.locator("summary", has_text="Ngôn ngữ và cỡ chữ").click()
    visitor.presses("English").reads("Sign in to learn")
    visitor.goes_to("/privacy/").reads("What this platform keeps about you")
