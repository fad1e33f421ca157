"""Which pages a trainer may write in."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from .models import CourseIndexPage, CoursePage
from .models.ownership import OwnCourse


def courses_to_write_in(user: AbstractBaseUser | AnonymousUser) -> QuerySet[CoursePage]:
    """One's own courses; for those who edit everywhere, all of them. By title."""
    pages: QuerySet[CoursePage] = CoursePage.objects.filter(alias_of=None).order_by("title")
    catalogue = CourseIndexPage.objects.first()
    if catalogue is None:
        return pages.none()
    if OwnCourse(user, catalogue).everywhere:
        return pages
    return pages.filter(Q(owner=user.pk) | Q(course__writers=user.pk)).distinct()
