"""The unmarked checks of a lesson, read from the HTML that an edition keeps. Pure: no database."""

from functools import lru_cache

from bs4 import BeautifulSoup, Tag

from .records.editions import AnswerListed, CheckListed

MARK = "data-check"
"""Stands at the checks whose choices may be counted: their text says so to whoever answers."""


@lru_cache(maxsize=256)
def checks_in(html: str) -> tuple[CheckListed, ...]:
    """The checks in order, parsed once a process.

    Those that were frozen before choices were counted are left out.
    """
    if MARK not in html:
        return ()
    found = BeautifulSoup(html, "html.parser").find_all("section", attrs={MARK: True})
    return tuple(_check(section) for section in found if isinstance(section, Tag))


def _check(section: Tag) -> CheckListed:
    answers = tuple(
        AnswerListed(_words(answer.select_one("summary")), "answer--right" in answer["class"])
        for answer in section.select("details.answer")
    )
    return CheckListed(int(str(section[MARK])), _words(section.select_one(".box__text")), answers)


def _words(node: Tag | None) -> str:
    return " ".join(node.get_text(" ").split()) if node else ""
