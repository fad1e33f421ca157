"""Figures of the examination hall: `make bench`; the load needs PostgreSQL (DATABASE_URL).

LOAD_SHARE=0.1 runs a tenth of the load: the same rates, for a shorter time.
"""

import os
import random
import time
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lms.kernel import bulk
from quizzes import queries, services
from quizzes.models import Attempt, AttemptItem, MarkRevision, QuizVersion
from tests.factories import quizzes as make
from tests.factories import roster
from tests.served import Browser, as_served, paced, told  # noqa: F401 - the fixture

pytestmark = pytest.mark.bench
SHARE = float(os.environ.get("LOAD_SHARE", "1"))


# Analysis ---------------------------------------------------------------------------------------


def sat_by_many(version: QuizVersion, attempts: int, questions: int) -> None:
    """So many attempts that are over, written past the services; each answers as its ability lets it."""
    dice = random.Random(11)
    pool = list(version.pool.values_list("pk", flat=True))
    hardness = {pk: dice.uniform(0.2, 0.9) for pk in pool}
    people = [roster.person() for _ in range(10)]
    now = timezone.now()
    for begin in range(0, attempts, 10_000):
        rows, marks = [], []
        for n in range(begin, min(attempts, begin + 10_000)):
            ability = dice.gauss(0, 0.2)
            met = dice.sample(pool, questions)
            right = [dice.random() < hardness[pk] + ability for pk in met]
            percent = 100 * sum(right) / questions
            rows.append(
                Attempt(
                    person=people[n % 10],
                    quiz_id=version.quiz_id,
                    version=version,
                    number=n // 10 + 1,
                    state="submitted",
                    started_at=now - timedelta(minutes=20),
                    submitted_at=now,
                    sheet={
                        "questions": met,
                        "choices": ["a" if one else dice.choice("bcd") for one in right],
                        "seconds": [dice.randrange(5, 90) for _ in met],
                    },
                )
            )
            marks.append(
                MarkRevision(
                    attempt=rows[-1],
                    chain=rows[-1].public_id,
                    points=["1" if one else "0" for one in right],
                    percent=percent,
                    passed=percent >= 60,
                    recorded_entry=n + 1,
                    recorded=n + 1,
                )
            )
        bulk.insert(rows)
        for mark, row in zip(marks, rows, strict=True):
            mark.attempt = row
        bulk.insert(marks)


@pytest.mark.django_db
def test_a_hundred_thousand_attempts_of_forty_questions_are_analysed_in_ten_seconds() -> None:
    version = make.quiz(*[make.single() for _ in range(120)], blueprint=((1, 40),))
    sat_by_many(version, int(100_000 * SHARE), 40)
    begin = time.process_time()
    figures = queries.quiz_figures(version.quiz)
    spent = time.process_time() - begin
    assert (figures.attempts, len(figures.items)) == (int(100_000 * SHARE), 120)
    told(f"analysis of {figures.attempts:,} attempts × 40 questions", spent, "s CPU", "< 10")
    assert spent < 10


# One attempt ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("as_served")
def test_a_whole_attempt_costs_little_of_the_server(client: Client) -> None:
    def one(version: QuizVersion, pages: int) -> float:
        browser = Browser(client, make.learner())
        begin = time.process_time()
        first = browser.post(reverse("quizzes:quiz", args=[version.public_id]))
        for position in range(1, pages + 1):
            page = f"{first.rsplit('/', 2)[0]}/{position}/"
            browser.get(page)
            browser.post(page, answer="0", go="stay")
        hall = first.rsplit("/", 2)[0]
        browser.get(browser.post(f"{hall}/submit/", key="k"))
        return 1000 * (time.process_time() - begin)

    ten = make.quiz(*[make.single() for _ in range(10)], review="after_submit")
    one(ten, 1)
    five_acts = median(one(ten, 1) for _ in range(25))
    told("start, a page, save, submit, review", five_acts, "ms CPU", "≤ 25 (Moodle: 439)")
    told("the same with ten pages, each saved", median(one(ten, 10) for _ in range(7)), "ms CPU", "")
    assert five_acts <= 25


# Load -------------------------------------------------------------------------------------------


def share(late: list[float], part: float) -> float:
    return late[min(len(late) - 1, int(part * len(late)))]


def begun(version: QuizVersion, count: int) -> list[Attempt]:
    people = [roster.person(f"TAI{uuid4().hex[:10]}") for _ in range(count)]
    return [services.start_attempt(person_id=who.pk, version=version) for who in people]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the load is PostgreSQL's")
def test_ten_thousand_attempts_are_handed_in_within_five_minutes_and_none_is_lost_or_doubled(
    settings: Any,
) -> None:
    settings.LEDGER_INLINE = None
    version = make.quiz(*[make.single() for _ in range(10)])
    mean, burst, saves = int(10_000 * SHARE), int(3_000 * SHARE), int(4_000 * SHARE)
    attempts = begun(version, mean + burst)
    items = list(AttemptItem.objects.filter(attempt__in=[one.pk for one in attempts[:400]]))

    late, failed = paced(
        lambda n: services.save_answer(item=items[n % len(items)], answer="a"), 10_000, saves
    )
    told("answers saved, as fast as they go", saves / late[-1], "/s", "≥ 400")
    assert failed == 0

    late, failed = paced(
        lambda n: services.submit_attempt(attempt=attempts[n], key=f"k{n}"), 10_000 / 300, mean
    )
    told(f"{mean:,} submissions at 33/s: p95", 1000 * share(late, 0.95), "ms", "< 500")
    told(f"{mean:,} submissions at 33/s: the slowest", 1000 * late[-1], "ms", "")
    assert (failed, share(late, 0.95) < 0.5) == (0, True)

    late, failed = paced(lambda n: services.submit_attempt(attempt=attempts[mean + n], key="k"), 300, burst)
    told(f"{burst:,} submissions at 300/s: until the last was answered", burst / 300 + late[-1], "s", "")
    told(f"{burst:,} submissions at 300/s: p95 behind its turn", 1000 * share(late, 0.95), "ms", "")
    assert failed == 0

    over = Attempt.objects.exclude(receipt="").filter(state="submitted").annotate(n=Count("marks"))
    lost, doubled = mean + burst - over.count(), over.filter(n__gt=1).count()
    told("submissions lost", lost, "", "0")
    told("submissions doubled", doubled, "", "0")
    assert (lost, doubled) == (0, 0)
