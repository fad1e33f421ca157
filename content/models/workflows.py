"""Trainer → reviewer → published: whoever asked for the review is not the one who grants it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask


class SecondPersonTask(AbstractGroupApprovalTask):
    """Approval by a member of the named groups who is not the one that asked for it."""

    class Meta:
        verbose_name = _("approval by a second person")
        verbose_name_plural = _("approvals by a second person")

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        state = obj.current_workflow_state
        if state is not None and state.requested_by_id == user.pk and not user.is_superuser:
            return []
        return list(super().get_actions(obj, user))

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups can approve, but not what they have asked for themselves")
