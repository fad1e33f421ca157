"""Planted strings of a person never come out where they do not belong: G5, docs/trust.md §4.

The world of the matrix is asked every question, with every log kept, and afterwards logs, addresses, jobs,
sessions, caches, mails, the ledger and Wagtail's tables are searched. The control at the end shows that the
search finds what is there.
"""

import logging
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings

from lms.kernel import jobs
from lms.roster.models import NationalId, PersonRecord
from lms.roster.vault import fingerprint, seal
from tests.architecture import permissions
from tests.architecture.permissions import EVERYBODY
from tests.matrix.test_matrix import KNOWN, _url
from tests.matrix.world import CANARY, World

pytestmark = pytest.mark.django_db
NUMBER, PHONE, MAIL, PASSWORD = "031088007777", "0912007777", "canary7777@vi-du.vn", "mat-khau-canary-7777"
PERSONAL = (NUMBER, PHONE, MAIL, PASSWORD, *CANARY.values())
CLEAN = (
    "kernel_ledgerentry", "kernel_job", "kernel_ledgercheckpoint", "wagtailcore_", "wagtailsearch_",
    "wagtailadmin_", "content_", "django_session",
)  # fmt: skip
"""Tables in which nothing of the register may stand; those that begin so."""


class Kept(logging.Handler):
    """Every line of every log, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("{asctime} {levelname} {name} {message}", style="{"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("django.db"):
            return  # statements are logged in debugging alone, never by an installation
        self.lines.append(self.format(record))


@pytest.fixture(autouse=True)
def _own_keys() -> None:
    """The world's keys serve every question."""


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def world(tmp_path) -> Iterator[World]:
    with override_settings(KEY_DIR=tmp_path / "keys", MEDIA_ROOT=tmp_path / "media", LEDGER_INLINE=True):
        made = World()
        for person in made.people.values():
            PersonRecord.objects.filter(person=person).update(phone=PHONE, email=MAIL)
            break
        who = made.people["A"]
        assert who.user
        who.user.email = MAIL
        who.user.set_password(PASSWORD)
        who.user.save()
        sealed = seal(NUMBER, who.public_id)
        NationalId.objects.create(person=who, sealed=sealed, fingerprint=fingerprint(NUMBER))
        yield made


def rows(*begins: str) -> str:
    """Every value of the tables that begin so."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(begins):
                cursor.execute(f'SELECT * FROM "{table}"')
                found += [f"{table}: {value!r}" for row in cursor.fetchall() for value in row]
    return "\n".join(found)


def told(text: str) -> list[str]:
    return [word for word in PERSONAL if word in text]


def test_no_personal_string_comes_out_where_it_does_not_belong(world: World, kept: Kept) -> None:  # G5
    """Every page is opened by everybody who may, forms are sent empty, sign-in fails and succeeds."""
    addresses, errors = [], []
    browsers = world.clients()
    declared = permissions.read()
    for address in KNOWN:
        line = declared[address.name]
        for who in EVERYBODY:
            url = _url(address, line, world, "own", who)
            addresses.append(url)
            for method in ("get", "post"):
                browser = Client(raise_request_exception=False)
                browser.cookies.update(browsers[who].cookies)
                with transaction.atomic():
                    answer = getattr(browser, method)(url)
                    if answer.status_code >= 400 and not answer.streaming:
                        errors.append(answer.content.decode(errors="replace"))
                    addresses.append(answer.headers.get("Location", ""))
                    transaction.set_rollback(True)
    sign_in(PASSWORD)
    sign_in(PASSWORD + "-sai")
    jobs.work_all(most=20)
    assert told("\n".join(kept.lines)) == []
    assert told("\n".join(addresses)) == []
    assert told("\n".join(errors)) == []
    assert told(rows(*CLEAN)) == []
    assert told(repr(getattr(cache, "_cache", {}))) == []
    assert told("\n".join(f"{letter.subject}{letter.body}" for letter in mail.outbox)) == []


def test_an_error_tells_nothing_of_whom_it_met(world: World, kept: Kept, monkeypatch) -> None:
    """A page that breaks over a person's row: neither the answer nor the log says whose."""
    from lms.roster.views import people

    def breaks(*_args: object, **_more: object) -> None:
        raise RuntimeError("the page broke")

    monkeypatch.setattr(people, "render", breaks)
    browser = world.clients()["unit_manager"]
    answer = browser.get(f"/desk/roster/person/{world.people['A'].public_id}/")
    assert answer.status_code == 500
    assert told(answer.text) == []
    assert told("\n".join(kept.lines)) == []


def test_the_search_finds_what_is_there(world: World) -> None:
    """The control: a name stands in the register, so the same search must find it there."""
    assert CANARY["A"] in rows("roster_personrecord")
    assert NUMBER not in rows("roster_nationalid")


def sign_in(password: str) -> None:
    Client(raise_request_exception=False).post("/accounts/login/", {"login": "CB-A", "password": password})
