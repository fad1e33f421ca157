"""What can be found follows what is public."""

from html import unescape

from django.db import transaction
from django.utils.html import strip_tags

from content.enums import FoundKind
from content.models import Course, CoursePage, EditionLesson, FindableText, LibraryItem


@transaction.atomic
def index_course(*, course_id: int) -> int:
    """Make the newest edition of a course findable, nothing of it where it is not public; how many rows."""
    FindableText.objects.filter(course=course_id).delete()
    course = Course.objects.get(pk=course_id)
    edition = course.editions.order_by("-number").first()
    if edition is None or not CoursePage.objects.live().filter(course=course).exists():
        return 0
    modules = edition.modules.order_by("position")
    about = [edition.introduction]
    for module in modules:
        about += [module.title, module.introduction, *module.objectives]
    rows = [_row(FoundKind.COURSE, course, 0, edition.title, " ".join(about))]
    lessons = EditionLesson.objects.filter(edition=edition).order_by("position")
    rows += [
        _row(FoundKind.LESSON, course, lesson.position, lesson.title, f"{lesson.summary} {lesson.html}")
        for lesson in lessons
    ]
    FindableText.objects.bulk_create(rows)
    return len(rows)


def index_what_is_missing() -> int:
    """Make findable what no news announced: courses published before there was a search; how many."""
    known = FindableText.objects.filter(course__isnull=False).values("course")
    missing = CoursePage.objects.live().exclude(course__in=known).values_list("course", flat=True)
    return sum(bool(index_course(course_id=course)) for course in missing if course is not None)


@transaction.atomic
def index_item(*, item: LibraryItem) -> None:
    """Make an item of the library findable while it is public."""
    FindableText.objects.filter(item=item).delete()
    if item.live:
        words = [item.summary, item.topics, item.publisher, str(item.get_kind_display())]
        row = FindableText(kind=FoundKind.ITEM, item=item, title=item.title, text=_plain(" ".join(words)))
        row.fold().save()


def _row(kind: str, course: Course, position: int, title: str, html: str) -> FindableText:
    row = FindableText(kind=kind, course=course, position=position, title=title, text=_plain(html))
    return row.fold()


def _plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html.replace("<", " <"))).split())
