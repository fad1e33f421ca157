"""Tries that fail are counted; honest ones are not, whoever else guesses."""

from datetime import timedelta

import pytest
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from lms.accounts import limits, services
from lms.accounts.codes import new_code
from lms.accounts.errors import TooManyTries
from lms.accounts.models import Tally, User
from lms.accounts.sessionstores.db import SessionStore
from lms.accounts.tasks import forget

from .conftest import PASSWORD, officer

pytestmark = pytest.mark.django_db


class Wrong(Exception):
    """The secret was wrong."""


def guesses(count: int, name: str = "HP0001", **meta) -> int:
    """How many of so many guesses reach the secret."""
    reached = 0
    request = RequestFactory().post("/", **meta)
    for _ in range(count):
        try:
            with limits.counted_try(request, name):
                reached += 1
                raise Wrong
        except (Wrong, TooManyTries):
            pass
    return reached


@freeze_time("2026-06-14 08:00:30")
def test_f1_of_many_guesses_at_one_account_ten_reach_the_password():
    assert guesses(1_000) == 10


def test_f1_a_day_of_guessing_at_one_account_reaches_it_sixty_times():
    with freeze_time("2026-06-14 00:00:30") as clock:
        reached = 0
        for _ in range(24 * 4):
            reached += guesses(15)
            clock.tick(15 * 60)
    assert reached == 60


def test_f1_one_guess_at_each_of_many_accounts_meets_the_addresss_ceiling():
    with freeze_time("2026-06-14 08:00:30"):
        assert sum(guesses(1, f"HP{n:06}") for n in range(1_000)) == 400


@freeze_time("2026-06-14 08:00:30")
def test_f2_five_hundred_honest_sign_ins_from_one_address_in_a_minute_are_not_refused(rf):
    password = User(username="x")
    password.set_password(PASSWORD)
    users = User.objects.bulk_create(User(username=f"cb{n}", password=password.password) for n in range(500))
    request = rf.post(reverse("account_login"))
    request.session = SessionStore()
    came = [get_adapter().authenticate(request, username=user.username, password=PASSWORD) for user in users]
    assert came == users
    assert set(Tally.objects.values_list("tries", flat=True)) == {0}


@freeze_time("2026-06-14 08:00:30")
def test_f2_five_hundred_people_of_whom_every_third_mistypes_once_all_come_in():
    request = RequestFactory().post("/")
    for number in range(500):
        if number % 3 == 0:
            assert guesses(1, f"cb{number}") == 1
        with limits.counted_try(request, f"cb{number}"):
            pass


@freeze_time("2026-06-14 08:00:30")
def test_f3_a_forged_forwarding_header_gives_no_guess_more(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    reached = sum(guesses(1, f"HP{n}", HTTP_X_FORWARDED_FOR=f"10.0.{n // 250}.{n % 250}") for n in range(500))
    assert reached == 400


@freeze_time("2026-06-14 08:00:30")
def test_f3_behind_a_proxy_of_ours_the_address_is_the_one_that_it_saw(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = sum(
        guesses(1, f"HP{n}", HTTP_X_FORWARDED_FOR=f"10.0.0.{n % 250}, 203.0.113.7") for n in range(500)
    )
    assert forged == 400
    assert guesses(1, "HP999", HTTP_X_FORWARDED_FOR="198.51.100.1") == 1


@freeze_time("2026-06-14 08:00:30")
def test_one_ipv6_household_is_one_address():
    assert sum(guesses(1, f"HP{n}", REMOTE_ADDR=f"2001:db8::{n:x}") for n in range(500)) == 400


@freeze_time("2026-06-14 08:00:30")
def test_f1_the_owner_still_signs_in_from_a_device_that_is_known(client, sign_in):
    who = officer(password=PASSWORD)
    sign_in("HP0001", PASSWORD)
    client.post(reverse("account_logout"))
    attacker = Client()
    for _ in range(20):
        sign_in("HP0001", "sai-het-ca-roi-day", attacker)
    assert sign_in("HP0001", PASSWORD, Client()).status_code == 200
    assert sign_in("HP0001", PASSWORD, client).status_code == 302
    assert User.objects.get(pk=who.user_id).is_active


@freeze_time("2026-06-14 08:00:30")
def test_a_known_device_has_ten_tries_of_its_own(client, sign_in):
    officer(password=PASSWORD)
    sign_in("HP0001", PASSWORD)
    client.post(reverse("account_logout"))
    for _ in range(10):
        sign_in("HP0001", "sai-het-ca-roi-day")
    assert sign_in("HP0001", PASSWORD).status_code == 200
    assert sign_in("HP0001", PASSWORD, Client()).status_code == 302


@freeze_time("2026-06-14 08:00:30")
def test_a_device_known_for_one_account_is_not_known_for_another(client, sign_in):
    officer("HP0001", password=PASSWORD)
    officer("HP0002", password=PASSWORD)
    sign_in("HP0001", PASSWORD)
    client.post(reverse("account_logout"))
    for _ in range(10):
        sign_in("HP0002", "sai-het-ca-roi-day")
    assert sign_in("HP0002", PASSWORD, Client()).status_code == 200


@freeze_time("2026-06-14 08:00:30")
def test_f8_guessing_codes_of_one_person_stops_even_the_right_one(come_in):
    who = officer()
    code = services.issue_codes(user_ids=[who.user_id], by=None)[who.user_id].code
    for _ in range(10):
        come_in("HP0001", new_code())
    refused = come_in("HP0001", code)
    assert refused.context["form"].non_field_errors().as_data()[0].code == "too_many_tries"
    with freeze_time("2026-06-14 08:15:01"):
        assert come_in("HP0001", code).status_code == 302


def test_f4_flushing_the_cache_gives_no_guess_back():
    with freeze_time("2026-06-14 08:00:30"):
        guesses(10)
        cache.clear()
        assert guesses(5) == 0


def test_the_tallies_say_nothing_about_who_or_where():
    guesses(1, "HP0001", REMOTE_ADDR="203.0.113.9")
    stored = b"".join(bytes(side) for side in Tally.objects.values_list("side", flat=True))
    assert b"HP0001" not in stored.upper()
    assert {len(bytes(side)) for side in Tally.objects.values_list("side", flat=True)} == {16}


def test_tallies_of_windows_that_are_over_are_forgotten():
    with freeze_time(timezone.now() - timedelta(days=3)):
        guesses(1)
    forget()
    assert Tally.objects.count() == 0


def test_a_side_has_one_tally_in_a_window():
    now = timezone.now()
    Tally.objects.create(side=b"x" * 16, until=now)
    with pytest.raises(IntegrityError):
        Tally.objects.create(side=b"x" * 16, until=now)
