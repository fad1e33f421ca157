"""Branching conversations for practising."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from content.activities import stage
from content.conversations.forms import MapPanel, ScenarioForm
from content.conversations.reading import graph_of
from content.coursefiles.scenarios import graph_faults
from content.records.files import GraphFault


class Scenario(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A conversation whose choices lead to nodes or endings. An edition keeps the graph as it was then."""

    code = models.SlugField(
        _("code"), max_length=32, unique=True, help_text=_("Letters, digits and hyphens; it is for ever.")
    )
    title = models.CharField(_("title"), max_length=255)
    setting = models.TextField(_("setting"), help_text=_("Where, when, what has happened."))
    role = models.TextField(_("who the learner is"))
    objectives = models.JSONField(_("objectives"), default=list, blank=True)
    graph = models.JSONField(_("conversation"), default=dict)
    """{"start": key, "nodes": {key: {…, "choices": [{…, "to": key}]}}, "endings": {key: {…}}}"""
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("whose it is"),
        help_text=_("The trainer who writes in it; others copy it."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    """Rises when what an edition keeps is published anew."""
    updated = models.DateTimeField(auto_now=True)

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="scenario")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="scenario",
        for_concrete_model=False,
    )

    base_form_class = ScenarioForm
    panels = [
        FieldPanel("title"),
        FieldPanel("code"),
        FieldPanel("setting"),
        FieldPanel("role"),
        MapPanel(heading=_("Map of the conversation")),
        FieldPanel("conversation"),
        FieldPanel("owner", permission="content.name_writers"),
    ]

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    @property
    def revisions(self) -> Any:
        return self._revisions

    def with_content_json(self, content: dict[str, Any]) -> "Scenario":
        """A draft says what is said, not whose it is nor which version."""
        found: Scenario = super().with_content_json(content)
        found.version, found.owner_id = self.version, self.owner_id
        return found

    def faults(self) -> list[GraphFault]:
        """What keeps it from being played. KeyError, TypeError or AttributeError in another form."""
        return graph_faults(graph_of(self.graph))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """As a learner plays it, nothing stored."""
        from content.conversations.playing import played

        graph = {"setting": self.setting, "role": self.role, **played(self.graph)}
        return stage()(request, self.title, graph)

    def make_preview_request(
        self, original_request: Any = None, preview_mode: Any = None, extra_request_attrs: Any = None
    ) -> Any:
        """The way so far stands in the address: the trainer's own request is the one that is served."""
        return self.serve_preview(original_request, preview_mode or "")
