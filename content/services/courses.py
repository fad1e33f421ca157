"""Courses by their codes, for records of what is taught elsewhere."""

from decimal import Decimal

from django.contrib.auth import get_user_model
from django.db import transaction

from content.models import Course
from lms.kernel.services import Actor, append


@transaction.atomic
def state_course(*, code: str, title: str, level: str, hours: Decimal | None, by: Actor) -> Course:
    """Make the course known under its code, or bring its title, level and hours up to date."""
    course, _made = Course.objects.update_or_create(
        code=code, defaults={"title": title, "level": level, "hours": hours}
    )
    told = {"code": code, "title": title, "level": level, "hours": None if hours is None else str(hours)}
    append(type="content.course_stated", subject=course.public_id, fact=told, by=by)
    return course


def name_writer(*, code: str, username: str) -> None:
    """Let a trainer write in a course beside the one who began it."""
    Course.objects.get(code=code).writers.add(get_user_model().objects.get(username=username))
