"""What a lesson weighs on an empty cache as deployed: pages and styles compressed, fonts as they are."""

import gzip
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.queries import outline
from content.records.editions import EditionListed
from lms.learning import queries, services
from tests.factories import content as courses
from tests.factories import quizzes

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
FIRST, FOLLOWING, REQUESTS = 80_000, 25_000, 8
COMPRESSED = {".css", ".js", ".svg"}


@pytest.fixture
def browser(client: Client) -> Client:
    who = quizzes.learner()
    client.force_login(who.user)
    edition = courses.edition_with_check("P1")
    services.enrol(person_id=who.pk, course=edition.code, on=DAY)
    return client


def lesson_url(edition: EditionListed, position: int = 1) -> str:
    return queries.address(edition.code, outline(edition).lessons[position - 1])


def file(address: str) -> bytes:
    found = finders.find(address.removeprefix("/static/"))
    assert found is not None, address
    return Path(found).read_bytes()


def weight(address: str) -> int:
    content = file(address)
    return len(gzip.compress(content)) if Path(address).suffix in COMPRESSED else len(content)


def needed(html: str) -> list[str]:
    """What the browser asks for beside the page itself: links, scripts, and the fonts of the styles."""
    found = re.findall(r'<link rel="(?:stylesheet|icon|manifest)" href="([^"]+)"', html)
    found += re.findall(r'<script[^>]* src="([^"]+)"', html)
    for sheet in [one for one in found if one.endswith(".css")]:
        fonts = re.findall(r'url\(["\']?([^"\')]+\.woff2)', file(sheet).decode())
        found += [f"/static/fonts/{Path(font).name}" for font in fonts]
    return list(dict.fromkeys(found))


def test_a_first_lesson_takes_few_requests_and_few_bytes_and_the_next_only_its_page(browser: Client) -> None:
    edition = queries.edition_now("P1")
    page = browser.get(lesson_url(edition), headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    own = len(page.content)
    beside = needed(gzip.decompress(page.content).decode())
    assert 1 + len(beside) <= REQUESTS
    assert own + sum(map(weight, beside)) <= FIRST
    assert own <= FOLLOWING


@pytest.mark.parametrize("lessons", [20, 200])
def test_a_course_of_two_hundred_lessons_opens_with_the_queries_of_one_of_twenty(
    lessons: int, client: Client
) -> None:
    page = courses.course_page("DAI")
    module = courses.module_page(page)
    for _number in range(lessons):
        courses.lesson_page(module)
    courses.freeze_course(code="DAI")
    who = quizzes.learner()
    client.force_login(who.user)
    services.enrol(person_id=who.pk, course="DAI", on=DAY)
    client.get("/learn/DAI/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/learn/DAI/")
    assert len(asked) <= 6
    assert len(outline(queries.edition_now("DAI")).lessons) == lessons


@pytest.mark.parametrize("lessons", [10, 60])
def test_saving_progress_costs_four_queries_however_long_the_course(lessons: int, client: Client) -> None:
    """Session, user, the place in the course, the row; on every database, without a cache."""
    edition = courses.edition("P2", lessons=lessons)
    who = quizzes.learner()
    client.force_login(who.user)
    services.enrol(person_id=who.pk, course="P2", on=DAY)
    client.post(lesson_url(edition, 1))
    with CaptureQueriesContext(connection) as asked:
        client.post(lesson_url(edition, 2))
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) == 4
