"""Scenarios and recordings in the CMS: every trainer reads all of them and changes his own (ABUSE A15)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.models import Revision
from wagtail.permissions import ModelPermissionPolicy
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, InspectView, SnippetViewSet

from .conversations.forms import shown
from .models import Recording, Scenario
from .recordings import is_there


class OwnOnly(ModelPermissionPolicy):
    """Whoever may add may change what is his; only reviewers change everything."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(super().user_has_permission(user, action)) or (
            action == "change" and bool(super().user_has_permission(user, "add"))
        )

    def user_has_any_permission_for_instance(self, user: Any, actions: Sequence[str], instance: Any) -> bool:
        if any(super(OwnOnly, self).user_has_permission(user, action) for action in actions):
            return True
        adds = super().user_has_permission(user, "add")
        return "change" in actions and bool(adds) and instance.owner_id == user.pk

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)


class Lacking(Column):
    """What those who cannot hear or see would miss."""

    def get_value(self, instance: Any) -> str:
        return ", ".join(instance.lacking())


class SecondPerson:
    """Nobody publishes a scenario that they alone have written since it was last published."""

    request: Any
    object: Any

    def get_available_actions(self) -> list[str]:
        actions: list[str] = super().get_available_actions()  # type: ignore[misc]
        if "publish" in actions and self._wrote_alone():
            actions.remove("publish")
            if "action-publish" in self.request.POST:
                text = _(
                    "Saved as a draft. A second person publishes what you have written: send it to review."
                )
                messages.warning(self.request, text)
        return actions

    def _wrote_alone(self) -> bool:
        user = self.request.user
        if user.is_superuser:
            return False
        if self.object is None or self.object.pk is None:
            return True
        since = Revision.objects.for_instance(self.object)
        if self.object.live_revision_id:
            since = since.filter(pk__gt=self.object.live_revision_id)
        return not since.exclude(user=user).exclude(user=None).exists()


class ScenarioCreateView(SecondPerson, CreateView):
    pass


class OwnEditView(EditView):
    """Wagtail asks for a snippet only whether one may change any; here it depends on whose it is."""

    def get_object(self, queryset: Any = None) -> Any:
        found = super().get_object(queryset)
        task = getattr(found, "current_workflow_task", None)
        in_review = bool(task and task.user_can_access_editor(found, self.request.user))
        if not in_review and not self.user_has_permission_for_instance("change", found):
            raise PermissionDenied
        return found


class OwnIndexView(IndexView):
    def get_edit_url(self, instance: Any) -> str | None:
        """What is not one's own opens to be read."""
        mine = self.user_has_permission_for_instance("change", instance)
        url: str | None = super().get_edit_url(instance) if mine else self.get_inspect_url(instance)
        return url


class ScenarioEditView(SecondPerson, OwnEditView):
    pass


class ScenarioInspectView(InspectView):
    """The conversation as a map instead of as it is stored."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name == "graph":
            return shown(self.object.graph)
        return super().get_field_display_value(field_name, field)


class ScenarioViewSet(SnippetViewSet):
    model = Scenario
    icon = "group"
    add_to_admin_menu = True
    menu_order = 250
    list_display = ["code", "title", "owner", "version", "updated"]
    search_fields = ["code", "title"]
    inspect_view_enabled = True
    inspect_view_fields = ["code", "title", "setting", "role", "owner", "graph"]
    add_view_class = ScenarioCreateView
    edit_view_class = ScenarioEditView
    index_view_class = OwnIndexView
    inspect_view_class = ScenarioInspectView

    @property
    def permission_policy(self) -> OwnOnly:
        return OwnOnly(self.model)


class RecordingInspectView(InspectView):
    """The player and what it lacks."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name == "state":
            return render_to_string(
                "content/recording_state.html", {"recording": self.object, "has_ffmpeg": is_there()}
            )
        return super().get_field_display_value(field_name, field)


class RecordingViewSet(SnippetViewSet):
    model = Recording
    icon = "media"
    add_to_admin_menu = True
    menu_order = 255
    list_display = [
        "title",
        "get_state_display",
        Lacking("lacking", label=gettext_lazy("still missing")),
        "owner",
    ]
    list_filter = ["state"]
    search_fields = ["title", "transcript"]
    inspect_view_enabled = True
    inspect_view_fields = ["title", "state", "transcript"]
    edit_view_class = OwnEditView
    index_view_class = OwnIndexView
    inspect_view_class = RecordingInspectView

    @property
    def permission_policy(self) -> OwnOnly:
        return OwnOnly(self.model)
