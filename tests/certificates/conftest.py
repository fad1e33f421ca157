from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from lms.accounts.models import User
from lms.roster.models import Person
from tests.factories import certificates as make

SignIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path: Path) -> None:
    """Keys of this test alone, and nothing remembered of the last."""
    settings.KEY_DIR = tmp_path / "keys"
    settings.BASE_URL = "https://vung.example"
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english():
    """Sentences are compared as they stand in the source; the paper is Vietnamese all the same."""
    with translation.override("en"):
        yield


@pytest.fixture
def sign_in() -> SignIn:
    def enter(who: Person) -> Client:
        who.user = User.objects.create(username=who.code)
        who.save()
        client = Client()
        client.force_login(who.user)
        return client

    return enter


@pytest.fixture
def keeper(sign_in: SignIn) -> Client:
    return sign_in(make.keeper())
