"""A real browser: Debian's Chromium, driven by Playwright, against a live server."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CHROMIUM = next(
    filter(None, (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))), None
)
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: apt install chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "viewport": PHONE}


@pytest.fixture(autouse=True)
def _live(settings: Any, live_server: Any, what_ships: None) -> Iterator[None]:
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    yield


class Visitor:
    """Somebody at a browser: short verbs for what people do."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        page.set_default_timeout(30_000)

    def goes_to(self, path: str) -> "Visitor":
        self.page.goto(self.address + path)
        return self

    def signs_in(self, username: str, password: str) -> "Visitor":
        self.signs_out().goes_to("/accounts/login/")
        self.page.get_by_label("Mã cán bộ hoặc thư điện tử").fill(username)
        self.page.get_by_label("Mật khẩu", exact=True).fill(password)
        self.page.locator("main").get_by_role("button", name="Đăng nhập", exact=True).click()
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)
        return self

    def signs_out(self) -> "Visitor":
        self.page.context.clear_cookies()
        return self

    def presses(self, name: str) -> "Visitor":
        self.page.get_by_role("button", name=name).filter(visible=True).first.click()
        return self

    def follows(self, name: str) -> "Visitor":
        self.page.get_by_role("link", name=name).filter(visible=True).first.click()
        return self

    def reads(self, text: str) -> "Visitor":
        self.page.get_by_text(text).filter(visible=True).first.wait_for()
        return self

    def finds_no_barrier(self) -> "Visitor":
        """WCAG 2.2 A and AA by axe: no violation on the page as it stands."""
        results = Axe().run(
            self.page,
            options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
        )
        found = [
            f"{v['id']}: {v['help']} {[n['target'] for n in v['nodes']][:3]}"
            for v in results.response["violations"]
        ]
        assert found == [], f"{self.page.url}: {found}"
        return self


@pytest.fixture
def visitor(page: Page, live_server: Any) -> Visitor:
    return Visitor(page, live_server.url)
