"""The first page of the CMS: what somebody writes in, and the ways to begin."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from .grounds import due_for_review
from .models import CourseIndexPage
from .policies import courses_to_write_in


class CoursesPanel(Component):
    """The courses that the person may write in, what waits unpublished in each, and how much is due."""

    name = "vung_courses"
    order = 10
    template_name = "content/cms_home.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        courses = courses_to_write_in(user)
        changed = Page.objects.filter(Q(has_unpublished_changes=True) | Q(live=False))
        waiting = list(changed.values_list("path", flat=True))
        catalogue = CourseIndexPage.objects.first()
        return {
            "courses": [(page, sum(path.startswith(page.path) for path in waiting)) for page in courses],
            "due": len(due_for_review(courses, timezone.localdate())),
            "catalogue": catalogue
            if catalogue and catalogue.permissions_for_user(user).can_add_subpage()
            else None,
        }
