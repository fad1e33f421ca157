"""What this room does at news: publishing freezes an edition, roles open the CMS."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.signals import post_migrate, post_save
from django.dispatch import receiver
from wagtail.models import Page, ReferenceIndex
from wagtail.signals import page_published, page_unpublished, post_page_move, published, unpublished

from lms.roster.signals import role_ended, role_granted

from .enums import ActivityKind, RecordingState
from .models import (
    Course,
    CourseIndexPage,
    CoursePage,
    EditionActivity,
    LessonPage,
    LibraryItem,
    ModulePage,
    Recording,
    Scenario,
)
from .services import encode_later, ensure_groups, follow_roles, freeze_edition, index_course, index_item
from .signals import edition_frozen


class _Freeze:
    """Freezes one course once the transaction is through."""

    def __init__(self, course: int) -> None:
        self.course = course

    def __call__(self) -> None:
        freeze_edition(Course.objects.get(pk=self.course))


def freeze_on_commit(page: Page) -> None:
    """One edition a transaction, however many pages are published in it."""
    pages = CoursePage.objects.ancestor_of(page, inclusive=True).exclude(course__gathering=True)
    course = pages.values_list("course", flat=True).first()
    if course is None:
        return
    waiting = [entry[1] for entry in connection.run_on_commit]
    if not any(isinstance(callback, _Freeze) and callback.course == course for callback in waiting):
        transaction.on_commit(_Freeze(course))


@receiver([page_published, page_unpublished])
def freeze_what_is_published(sender: Any, instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, LessonPage) and instance.live:
        _mirror(instance)
    if isinstance(instance, CoursePage | ModulePage | LessonPage):
        freeze_on_commit(instance)


@receiver(edition_frozen)
def make_a_course_findable(sender: Any, *, code: str, **kwargs: Any) -> None:
    index_course(course_id=Course.objects.get(code=code).pk)


@receiver(page_unpublished)
def forget_an_unpublished_course(sender: Any, instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, CoursePage) and instance.course_id:
        index_course(course_id=instance.course_id)


@receiver([published, unpublished])
def make_an_item_findable(sender: Any, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, LibraryItem):
        index_item(item=instance)


@receiver(post_page_move)
def freeze_what_was_moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, ModulePage | LessonPage):
        freeze_on_commit(instance)


@receiver(post_save, sender=Recording)
def make_a_recording_smaller(sender: Any, instance: Recording, **kwargs: Any) -> None:
    if instance.source and instance.state == RecordingState.WAITING:
        encode_later(recording=instance)


@receiver(published)
def carry_a_scenario_into_its_courses(sender: Any, instance: Any, **kwargs: Any) -> None:
    """What an edition keeps of it stays; a new one is frozen wherever it has a place."""
    if not isinstance(instance, Scenario):
        return
    if EditionActivity.objects.filter(
        kind=ActivityKind.SCENARIO, reference=instance.code, version=instance.version
    ).exists():
        Scenario.objects.filter(pk=instance.pk).update(version=F("version") + 1)
    for reference in ReferenceIndex.get_references_to(instance):
        page = Page.objects.filter(pk=reference.object_id).first()
        if page is not None and issubclass(reference.content_type.model_class(), Page):
            freeze_on_commit(page)


def _mirror(lesson: LessonPage) -> None:
    """A new lesson of a module also appears where the module is shown as an alias."""
    if lesson.alias_of_id is not None:
        return
    for alias in ModulePage.objects.filter(alias_of=lesson.get_parent()):
        if not LessonPage.objects.child_of(alias).filter(alias_of=lesson).exists():
            freeze_on_commit(lesson.create_alias(parent=alias))


@receiver([role_granted, role_ended])
def open_and_close_the_cms(sender: Any, *, user_id: int | None, on: date, **kwargs: Any) -> None:
    if user_id is not None:
        follow_roles(user_id=user_id, on=on)


@receiver(post_migrate)
def lay_the_ground(sender: Any, **kwargs: Any) -> None:
    """Groups, catalogue and workflow stand after every migration, and after a test has flushed the tables."""
    if sender.label == "content" and CourseIndexPage._meta.db_table in connection.introspection.table_names():
        ensure_groups()
