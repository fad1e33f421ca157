"""Figures of the starter curriculum: `make bench`."""

import time
from io import StringIO

import pytest
from django.core.management import call_command

from content.models import LessonPage

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
FLOOR = 60
"""Seconds within which every course that ships is loaded and its first edition frozen (issue 6)."""


def test_every_course_that_ships_loads_in_under_a_minute() -> None:
    begin = time.perf_counter()
    call_command("load_starter", stdout=StringIO(), stderr=StringIO())
    first = time.perf_counter() - begin
    begin = time.perf_counter()
    call_command("load_starter", stdout=StringIO(), stderr=StringIO())
    again = time.perf_counter() - begin
    lessons = LessonPage.objects.filter(alias_of=None).count()
    print(f"\n{'seconds to load the starter courses':<60} {lessons:>10,} {first:>12.1f} < {FLOOR}")  # noqa: T201
    print(f"{'seconds to load them again, unchanged':<60} {lessons:>10,} {again:>12.1f} < {FLOOR}")  # noqa: T201
    assert first < FLOOR
    assert again < FLOOR
