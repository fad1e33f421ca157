"""Every question of docs/permissions.md is asked: each address, each role, each unit, each method (A6).

One database serves all of them; a question's traces are rolled back. Whatever is answered with 200 must not
name anybody of a unit beyond the asker's reach (A4, A14), and what lies beyond reach is answered like what
does not exist (A1–A3).
"""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from lms.accounts.models import User
from lms.roster import services as roster
from lms.roster.models import Person, Posting, RoleGrant
from quizzes.models import MarkRevision
from tests.architecture import permissions
from tests.architecture.addresses import Address, addresses
from tests.architecture.permissions import ANY, EVERYBODY, METHODS, Declared
from tests.architecture.test_permissions import find

from .world import CANARY, UNIT_OF, World

pytestmark = pytest.mark.django_db
DECLARED = permissions.read()
SEES_ALL = {"A", "A1"}
"""The units whose people the askers may meet: their own and below."""


class Matrix:
    """The world, and a browser for each who asks."""

    def __init__(self) -> None:
        self.world = World()
        self.clients = self.world.clients()

    def ask(self, method: str, who: str, url: str) -> tuple[int, str]:
        """The answer's status and text; nothing stays of the question."""
        browser = Client(raise_request_exception=False)
        browser.cookies.update(self.clients[who].cookies)
        with transaction.atomic():
            response = getattr(browser, method)(url)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        cache.clear()
        return response.status_code, body.decode(errors="replace")


@pytest.fixture(autouse=True)
def _own_keys() -> None:
    """The world's keys serve every question."""


@pytest.fixture(scope="module")
def matrix(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Matrix]:
    folder = tmp_path_factory.mktemp("matrix")
    with (
        override_settings(KEY_DIR=folder / "keys", MEDIA_ROOT=folder / "media", LEDGER_INLINE=True),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        logging.disable(logging.ERROR)  # thousands of refusals, all of them meant
        yield Matrix()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_objects_yet(matrix: Matrix) -> None:
    """What one test has made is rolled back after it."""
    matrix.world.forget_objects()


KNOWN = sorted(
    {
        one.name: one for one in addresses() if (line := find(DECLARED, one)) and line.name == one.name
    }.values(),
    key=lambda one: one.name,
)


@pytest.mark.parametrize("address", KNOWN, ids=lambda one: one.name)
def test_every_question_gets_the_declared_answer(address: Address, matrix: Matrix) -> None:  # A1 A2 A3 A6
    line = DECLARED[address.name]
    measured: dict[str, dict[str, dict[str, int]]] = {}
    wrong, leaks = [], []
    for relation in matrix.world.relations(line.of):
        for who in EVERYBODY:
            url = _url(address, line, matrix.world, relation, who)
            for method in METHODS if relation == "own" else ("get", "post"):
                status, body = matrix.ask(method, who, url)
                measured.setdefault(method, {}).setdefault(who, {})[relation] = status
                if not _fits(line, method, who, relation, measured):
                    wrong.append(f"{method} by {who}, object: {relation}: {status}")
                leaks += [f"{method} by {who}: names {name}" for name in _told(body, who, line, relation)]
    assert not wrong, "\n".join(
        [f"{address.name} answers otherwise than permissions.yaml says:", *wrong, "", _line(line, measured)]
    )
    assert leaks == []


@pytest.mark.parametrize(
    "address", [one for one in KNOWN if DECLARED[one.name].of not in ("", "nothing", "course")],
    ids=lambda one: one.name,
)  # fmt: skip
def test_beyond_reach_is_answered_like_what_does_not_exist(address: Address, matrix: Matrix) -> None:  # A1-A3
    line = DECLARED[address.name]
    for who in permissions.ROLES:
        if line.expected("get", who, "foreign") != 404:
            continue
        there, nowhere = (
            _url(address, line, matrix.world, "foreign", who, missing=missing) for missing in (False, True)
        )
        status, body = matrix.ask("get", who, there)
        absent, same = matrix.ask("get", who, nowhere)
        assert (status, len(body.replace(there, ""))) == (absent, len(same.replace(nowhere, ""))), who


def _opened(line: Declared) -> list[tuple[str, str]]:
    """The methods and roles of whom this address tells more than a learner."""
    return [
        (method, role)
        for method in line.cells
        for role in permissions.ROLES
        if line.expected(method, role, "own") != line.expected(method, "learner", "own")
    ]


def _end_roles(who: Person, today: date) -> None:
    for grant in RoleGrant.objects.current().filter(person=who):
        roster.end_role(grant=grant, on=today, by="operator", today=today)


def _end_postings(who: Person, today: date) -> None:
    for posting in Posting.objects.current().filter(person=who):
        roster.end_posting(posting=posting, on=today, by="operator", today=today)


@pytest.mark.parametrize("lose", [_end_roles, _end_postings], ids=["the role", "the last posting"])
@pytest.mark.parametrize(
    "address", [one for one in KNOWN if _opened(DECLARED[one.name])], ids=lambda one: one.name
)
def test_a8_whose_role_or_last_posting_has_ended_is_answered_like_a_learner_at_the_next_request(
    address: Address, lose: Callable[[Person, date], None], matrix: Matrix
) -> None:
    line, world, wrong = DECLARED[address.name], matrix.world, []
    for method, who in _opened(line):
        url = _url(address, line, world, "own", who)
        with transaction.atomic():
            lose(world.askers[who], world.today)
            status, _body = matrix.ask(method, who, url)
            transaction.set_rollback(True)
        if status not in (line.expected(method, "learner", "own"), 404):
            wrong.append(f"{method} by who was {who}: {status}")
    assert wrong == []


FROM_ELSEWHERE = {"saml_acs", "certificates:wallet_token", "certificates:wallet_credential"}
"""Programs and providers post here, without a page of ours; none of these acts by whose session it is."""


@pytest.mark.parametrize("address", KNOWN, ids=lambda one: one.name)
def test_f14_what_another_site_has_a_browser_send_is_refused(address: Address, matrix: Matrix) -> None:
    line = DECLARED[address.name]
    for who in ("anonymous", "administrator"):
        browser = Client(raise_request_exception=False, enforce_csrf_checks=True)
        browser.cookies.update(matrix.clients[who].cookies)
        url = _url(address, line, matrix.world, "own", who)
        statuses = {
            getattr(browser, method)(url).status_code for method in ("post", "put", "patch", "delete")
        }
        assert address.name in FROM_ELSEWHERE or statuses <= {403}, (who, statuses)


@pytest.mark.parametrize("who", permissions.ROLES)
def test_f15_no_page_shows_itself_inside_anothers(who: str, matrix: Matrix) -> None:
    framed, shown = [], 0
    for address in KNOWN:
        url = _url(address, DECLARED[address.name], matrix.world, "own", who)
        with transaction.atomic():
            answer = matrix.clients[who].get(url)
            transaction.set_rollback(True)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        shown += 1
        policy = answer.get("Content-Security-Policy", "")
        if "frame-ancestors 'none'" not in policy and answer.get("X-Frame-Options") != "DENY":
            framed.append(address.name)
    assert framed == []
    assert shown > 10


FILES = (
    "coverage:proof",
    "coverage:uploaded_activities",
    "coverage:uploaded_evidence",
    "coverage:uploaded_courses",
    "quizzes:marking_file",
    "reports:file",
    "portal:my_data_paper",
    "roster:uploaded",
)
"""Addresses that give a file of somebody's out, or show what stands in one."""


def test_a13_a_file_is_had_only_by_its_address_after_a_look_at_who_asks(matrix: Matrix) -> None:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bai-nop.pdf").write_bytes(b"%PDF-1.7 of somebody")
    guesses = ["/media/bai-nop.pdf", "/static/../media/bai-nop.pdf", "/documents/999999/bai-nop.pdf"]
    for who in permissions.ROLES:
        assert [matrix.ask("get", who, guess)[0] for guess in guesses] == [404] * 3, who
    there = [one for one in KNOWN if one.name in FILES and DECLARED[one.name].of]
    assert len(there) == 7
    for address in there:
        line = DECLARED[address.name]
        for who in permissions.ROLES:
            guessed = matrix.ask("get", who, _url(address, line, matrix.world, "foreign", who))[0]
            nowhere = matrix.ask("get", who, _url(address, line, matrix.world, "own", who, missing=True))[0]
            assert (guessed, guessed in (403, 404)) == (nowhere, True), (address.name, who)


MORE = {
    "role": "administrator",
    "is_staff": "1",
    "is_superuser": "1",
    "unit": "P",
    "person": "CB-P",
    "owner": "CB-P",
    "score": "100",
    "points": "100",
    "status": "approved",
}


@pytest.mark.parametrize("address", KNOWN, ids=lambda one: one.name)
def test_a7_what_a_learner_adds_to_a_form_gives_nobody_a_role_a_post_or_a_mark(
    address: Address, matrix: Matrix
) -> None:
    line, browser = DECLARED[address.name], Client(raise_request_exception=False)
    browser.cookies.update(matrix.clients["learner"].cookies)
    with transaction.atomic():
        url = _url(address, line, matrix.world, "own", "learner")
        before = _standing()
        browser.post(url, MORE)
        after = _standing()
        transaction.set_rollback(True)
    matrix.world.forget_objects()
    assert after == before


def _standing() -> list[object]:
    """Who holds what, works where, may do what, and has which marks."""
    return [
        list(rows.order_by("pk"))
        for rows in (
            User.objects.values_list("username", "is_active", "is_staff", "is_superuser"),
            RoleGrant.objects.values_list("person", "unit", "role", "status"),
            Posting.objects.values_list("person", "unit", "until"),
            MarkRevision.objects.values_list(),
        )
    ]


UNDER = [one for one in addresses() if one.name not in DECLARED and find(DECLARED, one)]


@pytest.mark.parametrize("address", UNDER, ids=lambda one: f"{one.name} {one.route}")
def test_a14_a_librarys_own_pages_keep_to_the_line_of_their_beginning(
    address: Address, matrix: Matrix
) -> None:
    """Wagtail's pages: nobody but trainers and reviewers, and no name of anybody in any of them (A14)."""
    line = find(DECLARED, address)
    assert line is not None
    try:
        url = (
            reverse(address.name, kwargs=dict.fromkeys(address.holes, 1))
            if address.holes
            else "/" + re.split(r"[<^]", address.route, maxsplit=1)[0]
        )
    except NoReverseMatch:
        url = "/" + re.split(r"[<^]", address.route, maxsplit=1)[0]
    for who in ("anonymous", "learner", "administrator", "trainer", "reviewer"):
        expected = line.expected("get", who, "own")
        for method in ("get",) if expected == ANY else ("get", "post"):
            status, body = matrix.ask(method, who, url)
            assert status in (404, 405) or expected in (status, ANY), f"{method} {url} by {who}: {status}"
            if status == 200:
                assert [name for name in CANARY.values() if name in body] == []


def _url(
    address: Address, line: Declared, world: World, relation: str, who: str, *, missing: bool = False
) -> str:
    values = {**world.object_of(line.of, relation, who), **line.literal}
    if missing:
        values = {name: _unlike(value) for name, value in values.items()} | dict(line.literal)
    if address.holes:
        url = reverse(address.name, kwargs={name: values[name] for name in address.holes})
    else:
        url = reverse(address.name, args=line.literal.get("args", ()))
    asked = {parameter: values[name] for parameter, name in line.query.items()}
    return f"{url}?{urlencode(asked)}" if asked else url


def _unlike(value: object) -> object:
    """A value of the same form that names nothing."""
    if isinstance(value, int):
        return value
    return "ZZ" if isinstance(value, str) and len(value) < 20 else (
        "A" * 22 if isinstance(value, str) else uuid4()
    )  # fmt: skip


def _fits(
    line: Declared, method: str, who: str, relation: str, measured: dict[str, dict[str, dict[str, int]]]
) -> bool:
    status = measured[method][who][relation]
    expected = line.expected(method, who, relation)
    if expected is not None:
        return status == expected or expected == ANY
    # A method that is not declared is refused, or is a reading like GET.
    return status in (302, 403, 404, 405) or status == measured["get"][who][relation]


def _told(body: str, who: str, line: Declared, relation: str) -> list[str]:
    """Names of people of units beyond reach that the answer tells, unless the thing itself may be had."""
    if line.why:
        return []
    allowed = SEES_ALL if who not in ("anonymous", "learner") else set()
    if relation == "self":
        allowed = allowed | {UNIT_OF[relation]}
    return [name for unit, name in CANARY.items() if unit not in allowed and name in body]


def _line(line: Declared, measured: dict[str, dict[str, dict[str, int]]]) -> str:
    """What was measured, as the file would say it; to be judged, not copied."""
    methods = [method for method in METHODS if method in line.cells or method in ("get", "post")]
    of = f"of: {line.of}, " if line.of else ""
    rows = ", ".join(f"{method}: {_row(measured[method])}" for method in methods if method in measured)
    return f"  measured: {line.name}: {{{of}{rows}}}"


def _row(row: dict[str, dict[str, int]]) -> str:
    words = {who: _cell(by_relation) for who, by_relation in row.items()}
    rest = [word for who, word in words.items() if who != "anonymous"]
    common = max(set(rest), key=rest.count)
    told = [f"{who}: {word}" for who, word in words.items() if who != "anonymous" and word != common]
    if words["anonymous"] != "302":
        told.insert(0, f"anonymous: {words['anonymous']}")
    return f"{{{', '.join([*told, f'else: {common}'])}}}" if told else common


def _cell(by_relation: dict[str, int]) -> str:
    if len(set(by_relation.values())) == 1:
        return str(next(iter(by_relation.values())))
    for spread, relations in permissions.SPREADS.items():
        inside = {status for relation, status in by_relation.items() if relation in relations}
        outside = {status for relation, status in by_relation.items() if relation not in relations}
        if len(inside) == 1 and outside == {404}:
            return f"{inside.pop()} {spread}"
    return str(by_relation)
