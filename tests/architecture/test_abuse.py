"""Every abuse case has a test, or docs/abuse.md says what is open."""

import re

from . import abuse


def test_every_case_has_a_test_or_says_what_is_open() -> None:
    silent = [case.id for case in abuse.cases().values() if not case.tests and not case.open]
    assert silent == []


def test_no_test_is_marked_with_an_unknown_case() -> None:
    assert [case.tests for case in abuse.cases().values() if not case.title] == []


def test_the_page_names_every_case_and_only_tests_that_are_there() -> None:
    """Not that it names all of them: a test more needs no new page."""
    lines = re.findall(r"^\| ([A-F]\d+) \|.*\|.*\|$", abuse.PAGE.read_text(encoding="utf-8"), re.M)
    named = re.findall(r"`([^`\s]+\.py::\w+)`", abuse.PAGE.read_text(encoding="utf-8"))
    there = {test.removeprefix("tests/") for _case, test in abuse.marked()}
    assert lines == list(abuse.cases())
    assert set(named) - there == set(), "write it again: .venv/bin/python -m tests.architecture.abuse"
