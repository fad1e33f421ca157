"""Named reads of what is public beside the courses: the library, the counselling lines, the search."""

from collections.abc import Sequence

from django.db.models import Case, IntegerField, QuerySet, Value, When

from .enums import FoundKind
from .finding import excerpt, searchable, words_of
from .models import FindableText, HotLine, LibraryItem
from .records.found import Found

MOST_FOUND = 60


def items(*, kind: str = "", language: str = "", audience: str = "", topic: str = "") -> list[LibraryItem]:
    """What stands in the library, the newest first: one query, two with covers."""
    rows = LibraryItem.objects.filter(live=True).select_related("document", "cover")
    if kind:
        rows = rows.filter(kind=kind)
    if language:
        rows = rows.filter(language=language)
    wanted = searchable(topic)
    return [
        row
        for row in rows
        if (not audience or audience in row.audiences)
        and (not topic or wanted in [searchable(one) for one in row.topic_list])
    ]


def topics(rows: Sequence[LibraryItem]) -> list[str]:
    """Every topic of these items once, by name."""
    named = {searchable(topic): topic for row in rows for topic in row.topic_list}
    return [named[key] for key in sorted(named)]


def hot_lines() -> QuerySet[HotLine]:
    return HotLine.objects.all()


def find(query: str) -> list[Found]:
    """Courses, lessons and items in which every word begins a word of the text: one query.

    What has the words in this order in its title comes first, then in its text, then courses before lessons.
    """
    words = words_of(query)
    if not words:
        return []
    rows = FindableText.objects.select_related("course", "item")
    for word in words:
        rows = rows.filter(folded__contains=f" {word}")
    phrase = " " + " ".join(words)
    rank = Case(
        When(folded_title__contains=phrase, then=Value(0)),
        When(folded__contains=phrase, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    kinds = Case(When(kind=FoundKind.LESSON, then=Value(1)), default=Value(0), output_field=IntegerField())
    ranked = rows.annotate(rank=rank, kinds=kinds).order_by("rank", "kinds", "course_id", "position", "pk")
    return [_found(row, words) for row in ranked[:MOST_FOUND]]


def _found(row: FindableText, words: Sequence[str]) -> Found:
    return Found(
        row.kind,
        str(FoundKind(row.kind).label),
        row.title,
        row.course.code if row.course else "",
        row.course.title if row.course else "",
        row.position,
        row.item.slug if row.item else "",
        tuple(excerpt(row.text, words)),
    )
