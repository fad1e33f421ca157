"""No page of signing in, of one's own account or on personal data asks for a consent by a box.

Training officers is a task of the State (Law 91/2025/QH15): nothing here rests on consent, so that nothing
can be ticked beforehand. A box that comes to these pages one day comes empty, and this file says which it is.
"""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from lms.accounts import services, urls

from .conftest import officer
from .test_factors import come_in_by

pytestmark = pytest.mark.django_db

ABOUT_ONESELF = ["portal:front", "portal:privacy", "portal:my_data", "portal:record"]


class Boxes(HTMLParser):
    """Of a page: the boxes and round buttons that a person sees, and which of them are chosen already."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.ticked: list[str] = []
        self.forms = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        words = dict(attrs)
        self.forms += tag == "form"
        if tag == "input" and words.get("type") in {"checkbox", "radio"} and "hidden" not in words:
            self.seen.append(words.get("name", ""))
            if "checked" in words:
                self.ticked.append(words.get("name", ""))


def addresses() -> list[str]:
    """Every address of the accounts that names nothing, and the pages on one's own data."""
    names = {name for name in get_resolver(urls.__name__).reverse_dict if isinstance(name, str)}
    found = []
    for name in sorted(names) + ABOUT_ONESELF:
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return found


def walked(browser: Client) -> dict[str, Boxes]:
    """The pages that this browser may open, by address."""
    answers = {address: browser.get(address) for address in addresses()}
    return {
        address: Boxes(answer.content.decode())
        for address, answer in answers.items()
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    }


def forms_of(pages: dict[str, Boxes]) -> set[str]:
    return {address for address, page in pages.items() if page.forms}


def test_boxes_are_found_where_there_are_some():
    page = Boxes('<form><input type="checkbox" name="agree" checked><input type="radio" name="b"></form>')
    assert (page.seen, page.ticked) == (["agree", "b"], ["agree"])


def test_a_visitor_is_asked_for_no_consent_by_a_box(client):
    pages = walked(client)
    asked = {reverse("account_login"), reverse("first_code"), reverse("account_reset_password")}
    assert asked <= forms_of(pages)
    assert {address: page.seen for address, page in pages.items() if page.seen} == {}


def test_who_signs_in_for_the_first_time_is_asked_for_no_consent_by_a_box(client, come_in):
    who = officer()
    come_in("HP0001", services.issue_codes(user_ids=[who.user_id], by=None)[who.user_id].code)
    pages = walked(client)
    assert {reverse("choose_way"), reverse("choose_passkey")} <= forms_of(pages)
    assert {address: page.seen for address, page in pages.items() if page.seen} == {}


def test_whoever_looks_after_the_own_account_is_asked_for_no_consent_by_a_box(client, settings):
    who = officer(password="mot-cau-ngan-cua-rieng-toi")
    come_in_by(who.user, client, settings)
    pages = walked(client)
    asked = ["account_change_password", "mfa_add_webauthn", "mfa_activate_totp", "usersessions_list"]
    assert {reverse(name) for name in asked} <= forms_of(pages)
    assert {reverse("portal:privacy"), reverse("portal:my_data"), reverse("security")} <= set(pages)
    assert {address: page.seen for address, page in pages.items() if page.seen} == {}
