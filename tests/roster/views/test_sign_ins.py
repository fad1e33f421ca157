"""Pages of accounts: fifty at a time in few queries, the sheet, what may be done to one account."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import FirstCode
from lms.roster import services
from lms.roster.enums import Role
from tests.factories import roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune():
    return roster.unit("A", roster.unit("P", kind="province"), name="Phường Kiến An")


def officer(unit, code, name="Nguyễn Văn An"):
    who = roster.person(code, name)
    roster.posting(who, unit)
    return who


def administrator(unit, browser):
    who = roster.person(full_name="Trần Thị Quản")
    who.user = get_user_model().objects.create_user(who.code, display_name="Trần Thị Quản")
    who.save()
    roster.role(who, unit, Role.ADMINISTRATOR)
    browser.force_login(who.user)
    return who


@pytest.mark.parametrize("people", [1, 3, 60])
def test_a_page_of_accounts_takes_nine_queries_of_any_number_of_people(
    client, commune, people, django_assert_num_queries
):
    administrator(commune, client)
    for number in range(people):
        services.give_sign_in(person=officer(commune, f"CB{number:02}"), username=f"CB{number:02}")
    client.get("/privacy/")
    # Besides: the session and its user.
    with django_assert_num_queries(9 + 2):
        page = client.get(reverse("roster:accounts"))
    assert page.content.decode().count('<th scope="row">') == min(people, 50)


def test_the_next_fifty_follow_the_last_code(client, commune):
    administrator(commune, client)
    for number in range(53):
        officer(commune, f"CB{number:02}")
    first = client.get(reverse("roster:accounts")).content.decode()
    assert "after=CB49" in first
    second = client.get(reverse("roster:accounts"), {"after": "CB49"}).content.decode()
    assert re.findall(r">(CB\d\d)<", second) == ["CB50", "CB51", "CB52"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "bình"}, ["CB2"]),
        ({"q": "cb1"}, ["CB1"]),
        ({"state": "used"}, ["CB1"]),
        ({"state": "never"}, ["CB2", "CB3"]),
        ({"state": "closed"}, []),
        ({"state": "nonsense"}, ["CB1", "CB2", "CB3"]),
        ({"unit": "A1"}, ["CB3"]),
    ],
)
def test_accounts_are_found_by_name_state_and_unit(client, commune, query, found):
    administrator(commune, client)
    came = officer(commune, "CB1")
    services.give_sign_in(person=came, username="CB1")
    get_user_model().objects.filter(pk=came.user_id).update(last_login=timezone.now())
    officer(commune, "CB2", "Lê Thị Bình")
    officer(roster.unit("A1", commune), "CB3")
    officer(roster.unit("B"), "CB4", "Phạm Bình Xa")
    page = client.get(reverse("roster:accounts"), query).content.decode()
    assert re.findall(r'"[^"]*">(CB\d)<', page) == found


def test_the_sheet_shows_codes_that_work_and_is_kept_by_no_cache(client, commune):
    administrator(commune, client)
    officer(commune, "CB1")
    page = client.post(reverse("roster:sheet", args=["A"]))
    (code,) = re.findall(r'slip__code">([0-9A-Z-]{14})<', page.content.decode())
    assert "no-store" in page["Cache-Control"]
    came = Client().post(reverse("first_code"), {"name": "CB1", "code": code})
    assert (came.status_code, came["Location"]) == (302, reverse("choose_way"))


def test_a_sheet_is_printed_only_by_who_has_lately_shown_who_they_are(client, commune):
    me = administrator(commune, client)
    me.user.set_password("mot-cau-ngan-cua-rieng-toi")
    me.user.save()
    client.force_login(me.user)
    officer(commune, "CB1")
    answer = client.post(reverse("roster:sheet", args=["A"]))
    assert (answer.status_code, FirstCode.objects.count()) == (302, 0)
    shown = client.post(answer["Location"], {"password": "mot-cau-ngan-cua-rieng-toi"})
    assert (shown.status_code, FirstCode.objects.count()) == (200, 1)


def test_one_account_is_closed_and_its_history_says_by_whom_and_why(client, commune):
    administrator(commune, client)
    who = officer(commune, "CB1")
    address = reverse("roster:account", args=[who.public_id])
    client.post(reverse("roster:account_code", args=[who.public_id]))
    client.post(address, {"act": "close", "reason": "nghỉ hưu"})
    page = client.get(address).content.decode()
    assert "nghỉ hưu" in page
    assert page.count("Trần Thị Quản") >= 2
    assert client.post(reverse("roster:account_code", args=[who.public_id])).status_code == 302


def test_f18_whoever_had_a_code_issued_stands_on_the_page_of_its_owner(client, commune):
    me = administrator(commune, client)
    who = officer(commune, "CB1")
    slip = services.print_code(person=who, by=me, today=timezone.localdate())
    browser = Client()
    browser.post(reverse("first_code"), {"name": "CB1", "code": slip.code})
    assert "Trần Thị Quản" in browser.get(reverse("security")).content.decode()
