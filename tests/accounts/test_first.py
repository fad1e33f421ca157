"""The pages of the first sign-in."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from freezegun import freeze_time

from lms.accounts import services
from lms.accounts.codes import new_code
from lms.accounts.models import User

from .conftest import PASSWORD, officer

pytestmark = pytest.mark.django_db


def issued(who) -> str:
    return services.issue_codes(user_ids=[who.user_id], by=None)[who.user_id].code


def test_a_code_leads_to_choosing_and_nothing_else_opens_before(client, come_in):
    who = officer(phone="0912345678")
    answer = come_in("0912 345 678", issued(who))
    assert (answer.status_code, answer["Location"]) == (302, reverse("choose_way"))
    elsewhere = client.get("/learn/record/")
    assert (elsewhere.status_code, elsewhere["Location"]) == (302, reverse("choose_way"))


def test_choosing_a_password_ends_the_first_sign_in(client, come_in, sign_in):
    who = officer()
    come_in("HP0001", issued(who))
    weak = client.post(reverse("choose_way"), {"password1": "matkhau123456", "password2": "matkhau123456"})
    assert weak.status_code == 200
    answer = client.post(reverse("choose_way"), {"password1": PASSWORD, "password2": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/learn/record/").status_code == 200
    assert sign_in("hp0001", PASSWORD, Client()).status_code == 302


def test_the_same_code_in_two_browsers_opens_one(client, come_in):  # F8
    code = issued(officer())
    other = Client()
    assert come_in("HP0001", code).status_code == 302
    assert come_in("HP0001", code, other).status_code == 200
    assert "_auth_user_id" not in other.session


def test_f16_a_code_replaces_the_password_and_ends_the_sessions_that_it_opened(client, come_in, sign_in):
    who = officer(password=PASSWORD)
    before = Client()
    sign_in("HP0001", PASSWORD, before)
    assert before.get("/learn/record/").status_code == 200
    come_in("HP0001", issued(who))
    assert not User.objects.get(pk=who.user_id).has_usable_password()
    assert before.get("/learn/record/").status_code == 302


def test_f10_a_code_does_not_skip_the_second_factor(client, come_in):
    who = officer(password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(who.user, secret)
    answer = come_in("HP0001", issued(who))
    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_authenticate"))
    assert client.get("/learn/record/").status_code == 302
    assert User.objects.get(pk=who.user_id).has_usable_password()
    digits = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post(reverse("mfa_authenticate"), {"code": digits})
    assert (answer.status_code, answer["Location"]) == (302, reverse("choose_way"))


def test_f5_every_code_that_opens_nothing_is_answered_with_the_same_page(come_in):
    who = officer()
    used = issued(who)
    come_in("HP0001", used, Client())
    pages = set()
    for name, code in [
        ("HP0001", used),
        ("HP0001", new_code()),
        ("khong-co", new_code()),
        ("khong-co", used),
    ]:
        answer = come_in(name, code, Client())
        pages.add((answer.status_code, re.sub(r'value="[^"]*"', "", answer.content.decode())))
    assert len(pages) == 1


def test_a_mistyped_code_is_told_apart_and_counts_as_no_try(come_in, client):  # F8
    who = officer()
    code = issued(who)
    for _ in range(30):
        answer = come_in("HP0001", code[:-1] + ("A" if code[-1] != "A" else "B"))
        assert "code" in answer.context["form"].errors
    assert come_in("HP0001", code).status_code == 302


def test_choosing_is_only_for_who_came_by_a_code(client):
    who = officer(password=PASSWORD)
    client.force_login(who.user)
    for name in ("choose_way", "choose_passkey"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer["Location"]) == (302, "/")
    client.post(reverse("choose_way"), {"password1": "x" + PASSWORD, "password2": "x" + PASSWORD})
    assert User.objects.get(pk=who.user_id).check_password(PASSWORD)


def test_f11_the_session_is_another_after_the_code(client, come_in, settings):
    session = client.session
    session["planted"] = 1
    session.save()
    planted = client.cookies[settings.SESSION_COOKIE_NAME].value
    come_in("HP0001", issued(officer()))
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted


@pytest.mark.parametrize("written", ["{}", " {} ", "{:full}"], ids=["again", "spaced", "full width"])
def test_f9_the_digits_of_an_app_open_once_in_whatever_form_they_are_typed(client, sign_in, written):
    who = officer(password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(who.user, secret)
    with freeze_time("2026-06-14 08:00:10"):
        digits = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        sign_in("HP0001", PASSWORD)
        assert client.post(reverse("mfa_authenticate"), {"code": digits}).status_code == 302
        assert "_auth_user_id" in client.session
        other = Client()
        sign_in("HP0001", PASSWORD, other)
        wide = digits.translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)})
        again = written.replace("{:full}", wide).format(digits)
        assert other.post(reverse("mfa_authenticate"), {"code": again}).status_code == 200
        assert "_auth_user_id" not in other.session


def test_f9_the_digits_are_used_up_for_every_process_and_as_long_as_they_are_accepted(client, sign_in):
    who = officer(password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(who.user, secret)
    with freeze_time("2026-06-14 08:00:10") as clock:
        digits = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        sign_in("HP0001", PASSWORD)
        assert client.post(reverse("mfa_authenticate"), {"code": digits}).status_code == 302
        cache.clear()  # another process, whose cache is its own
        clock.tick(30)
        other = Client()
        sign_in("HP0001", PASSWORD, other)
        assert other.post(reverse("mfa_authenticate"), {"code": digits}).status_code == 200
        assert "_auth_user_id" not in other.session


@pytest.mark.parametrize(("late", "status"), [(-30, 302), (30, 302), (60, 200), (-60, 200)])
def test_digits_of_a_clock_that_is_half_a_minute_off_still_open(client, sign_in, late, status):
    who = officer(password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(who.user, secret)
    with freeze_time("2026-06-14 08:00:10"):
        digits = format_hotp_value(hotp_value(secret, (int(time.time()) + late) // 30))
        sign_in("HP0001", PASSWORD)
        assert client.post(reverse("mfa_authenticate"), {"code": digits}).status_code == status


def digits_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def secret():
    """Somebody's authenticator app."""
    made = generate_totp_secret()
    TOTP.activate(officer(password=PASSWORD).user, made)
    return made


def test_f8_digits_open_only_in_the_browser_in_which_the_password_was_typed(client, sign_in, secret):
    sign_in("HP0001", PASSWORD)
    other = Client()
    answer = other.post(reverse("mfa_authenticate"), {"code": digits_now(secret)})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))
    assert "_auth_user_id" not in other.session
    client.post(reverse("mfa_authenticate"), {"code": digits_now(secret)})
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(("seconds", "opened"), [(299, True), (301, False)])
def test_f8_five_minutes_after_the_password_its_digits_open_nothing(client, sign_in, secret, seconds, opened):
    with freeze_time("2026-06-14 08:00:10") as clock:
        sign_in("HP0001", PASSWORD)
        clock.tick(seconds)
        client.post(reverse("mfa_authenticate"), {"code": digits_now(secret)})
        assert ("_auth_user_id" in client.session) == opened


def test_f8_the_third_wrong_code_ends_the_sign_in_and_the_right_one_comes_too_late(client, sign_in, secret):
    url, begins = reverse("mfa_authenticate"), reverse("account_login")
    sign_in("HP0001", PASSWORD)
    statuses = [client.post(url, {"code": "khong"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 302]
    assert client.post(url, {"code": digits_now(secret)})["Location"] == begins
    assert "_auth_user_id" not in client.session
    assert "Ba mã đều chưa đúng" in client.get(begins).content.decode()
    sign_in("HP0001", PASSWORD)
    assert client.post(url, {"code": "khong"}).status_code == 200
    client.post(url, {"code": digits_now(secret)})
    assert "_auth_user_id" in client.session


def test_recovery_codes_are_shown_once(client, come_in):
    who = officer()
    come_in("HP0001", issued(who))
    client.post(reverse("choose_way"), {"password1": PASSWORD, "password2": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    digits = format_hotp_value(hotp_value(client.session["mfa.totp.secret"], int(time.time()) // 30))
    answer = client.post(reverse("mfa_activate_totp"), {"code": digits})
    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_view_recovery_codes"))
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    first, second = (client.get(reverse("mfa_view_recovery_codes")).content.decode() for _ in range(2))
    assert [code in first for code in codes] == [True] * 10
    assert [code in second for code in codes] == [False] * 10
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403
