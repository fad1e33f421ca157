"""Somebody of the register with an account, and the door they come through."""

import pytest
from django.urls import reverse

from lms.accounts.models import User
from lms.kernel.services import correct_fact
from lms.roster.models import Person, PersonRecord
from tests.factories import roster

PASSWORD = "mot-cau-ngan-cua-rieng-toi"


def officer(
    code: str = "HP0001",
    full_name: str = "Nguyễn Văn An",
    *,
    phone: str = "",
    email: str = "",
    password: str = "",
) -> Person:
    """A person of the register with an account under the officer code."""
    who = roster.person(code, full_name)
    record = PersonRecord.objects.current().get(person=who)
    if phone or email:
        correct_fact(record, {"phone": phone, "email": email}, by="operator")
    who.user = User.objects.create_user(code, password=password or None, display_name=full_name)
    who.save()
    return who


@pytest.fixture
def come_in(client):
    """Type a name and a code into the page of the first sign-in."""

    def come(name: str, code: str, browser=client, **headers):
        return browser.post(reverse("first_code"), {"name": name, "code": code}, **headers)

    return come


@pytest.fixture
def sign_in(client):
    """Type a name and a password into the sign-in page."""

    def sign(name: str, password: str, browser=client, **headers):
        return browser.post(reverse("account_login"), {"login": name, "password": password}, **headers)

    return sign
