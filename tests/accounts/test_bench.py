"""What a sign-in costs: `make bench ARGS=tests/accounts/test_bench.py`."""

from statistics import median
from time import process_time
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from django.urls import reverse

from lms.accounts.models import User

from .conftest import PASSWORD, officer

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
TIMES = 40
MOST_MS = 30
"""CPU of one sign-in by password, the page that follows not counted (docs/decisions/0053)."""


def test_a_sign_in_costs_at_most_30_ms_of_cpu(settings):
    settings.PASSWORD_HASHERS = ["lms.accounts.hashers.FrugalArgon2PasswordHasher"]
    who, stored = officer(), make_password(PASSWORD)
    User.objects.filter(pk=who.user_id).update(password=stored)
    browser, url = Client(), reverse("account_login")
    browser.get(url)
    form = urlencode({"login": "HP0001", "password": PASSWORD})
    spent, hashes = [], []
    for _ in range(TIMES):
        browser.cookies.clear()
        begin = process_time()
        answer = browser.generic("POST", url, form, "application/x-www-form-urlencoded")
        spent.append((process_time() - begin) * 1000)
        assert answer.status_code == 302
        begin = process_time()
        check_password(PASSWORD, stored)
        hashes.append((process_time() - begin) * 1000)
    first, last = median(spent[: TIMES // 2]), median(spent[TIMES // 2 :])
    print(f"\nsign-in: {median(spent):.1f} ms of CPU, of which the hash {median(hashes):.1f} ms")  # noqa: T201
    print(f"the first {TIMES // 2}: {first:.1f} ms, the last: {last:.1f} ms")  # noqa: T201
    assert median(spent) <= MOST_MS
