"""Whose course it is: trainers write in their own, reviewers in all (ABUSE A15)."""

from functools import cached_property
from typing import Any

from django.db.models import Q
from wagtail.models import Page, PagePermissionTester


class OwnCourse(PagePermissionTester):
    """Wagtail's permissions, less what lies in somebody else's course.

    Wagtail lets whoever may add pages below the catalogue add them below every course, and edit for ever what
    he once made there. Here both hold only in a course that he began or is named in as a writer.
    """

    @cached_property
    def everywhere(self) -> bool:
        return bool(self.user.is_superuser or "change" in getattr(self, "permissions", ()))

    @cached_property
    def own(self) -> bool:
        from .pages import CoursePage

        pages = CoursePage.objects.ancestor_of(self.page, inclusive=True)
        return bool(pages.filter(Q(owner=self.user.pk) | Q(course__writers=self.user.pk)).exists())

    def can_add_subpage(self) -> bool:
        return bool(super().can_add_subpage()) and (self.everywhere or self.own)

    def can_edit(self) -> bool:
        if self.everywhere:
            return bool(super().can_edit())
        if not self.user.is_active:
            return False
        if "add" in self.permissions and self.own:
            return True
        task = self.page.current_workflow_task
        return bool(task and task.user_can_access_editor(self.page, self.user))

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(super().can_delete(ignore_bulk)) and (self.everywhere or self.own)

    def can_move_to(self, destination: Page) -> bool:
        if not super().can_move_to(destination):
            return False
        return self.everywhere or bool(destination.permissions_for_user(self.user).can_add_subpage())

    def can_copy_from(self) -> bool:
        """What one may copy one may read: another's drafts are not to be read by copying them."""
        return self.everywhere or self.own or bool(self.page.live)

    def can_copy(self) -> bool:
        return bool(super().can_copy()) and self.can_copy_from()


class InACourse:
    """A page whose permissions follow the course in which it stands."""

    def permissions_for_user(self, user: Any) -> OwnCourse:
        return OwnCourse(user, self)
