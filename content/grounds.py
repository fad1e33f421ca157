"""What rests on which document, and what is to be looked at again when."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page

from lms.kernel.folding import fold

from .models import CoursePage, LessonPage, ModulePage, ReplacedDocument

NUMBER = re.compile(r"\d+/\d{4}/[^\s,;)]+|\d+/(?:QĐ|NQ|CT|KH|TT|NĐ)-[^\s,;)]+", re.IGNORECASE)
TAUGHT: tuple[type[CoursePage | ModulePage | LessonPage], ...] = (CoursePage, ModulePage, LessonPage)


@dataclass(frozen=True, slots=True)
class Resting:
    """A page that names a document, and which article of it."""

    page: Any
    article: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A document with everything published that rests on it."""

    key: str
    document: str
    places: tuple[Resting, ...]
    replaced: ReplacedDocument | None


def document_key(document: str) -> str:
    """A document's number where it has one, else its name folded: two ways of writing it are one document."""
    found = NUMBER.search(document)
    return (found[0] if found else " ".join(fold(document).split()))[:120].casefold()


def due_for_review(courses: QuerySet[CoursePage], until: date) -> list[Any]:
    """Published pages of these courses whose review is due by then, the longest overdue first: 4 queries."""
    wanted = {"review_due__lte": until, "alias_of": None}
    below = [page.path for page in courses]
    pages = (page for kind in TAUGHT for page in kind.objects.live().filter(**wanted))
    found = [page for page in pages if _is_below(page, below)]
    return sorted(found, key=lambda page: (page.review_due, page.path))


def documents_cited(courses: QuerySet[CoursePage]) -> list[Cited]:
    """Every document that published pages of these courses name, by name: 5 queries whatever their number."""
    replaced = {row.key: row for row in ReplacedDocument.objects.all()}
    below = [page.path for page in courses]
    names: dict[str, str] = {}
    places: dict[str, list[Resting]] = {}
    for kind in TAUGHT:
        for page in kind.objects.live().filter(alias_of=None).order_by("path"):
            if not _is_below(page, below):
                continue
            for document, article in _named(page):
                key = document_key(document)
                names.setdefault(key, document)
                if all(one.page.pk != page.pk or one.article != article for one in places.get(key, ())):
                    places.setdefault(key, []).append(Resting(page, article))
    return [
        Cited(key, names[key], tuple(places[key]), replaced.get(key))
        for key in sorted(names, key=lambda key: fold(names[key]))
    ]


def _is_below(page: Page, paths: Iterable[str]) -> bool:
    return any(page.path.startswith(path) for path in paths)


def _named(page: Any) -> Iterator[tuple[str, str]]:
    """Document and article, from the page's ground and from the boxes of law in its text."""
    streams = [page.legal_ground, *([page.body] if isinstance(page, LessonPage) else [])]
    for stream in streams:
        for block in stream.raw_data:
            if block["type"] in ("ground", "law") and block["value"].get("document"):
                yield block["value"]["document"], block["value"].get("article") or ""
