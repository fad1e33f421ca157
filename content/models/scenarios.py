"""Branching conversations for practising."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from content.coursefiles.scenarios import graph_faults
from content.records.files import Choice, Ending, Node
from content.records.files import Scenario as Graph


class Scenario(models.Model):
    """A conversation whose choices lead to nodes or endings. An edition keeps the graph as it was then."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    title = models.CharField(_("title"), max_length=255)
    setting = models.TextField(_("setting"), help_text=_("Where, when, what has happened."))
    role = models.TextField(_("who the learner is"))
    objectives = models.JSONField(_("objectives"), default=list, blank=True)
    graph = models.JSONField(_("conversation"))
    """{"start": key, "nodes": {key: {…, "choices": [{…, "to": key}]}}, "endings": {key: {…}}}"""
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    def clean(self) -> None:
        """Dead ends, unreachable places and missing places are told in words."""
        try:
            graph = graph_of(self.graph)
        except (KeyError, TypeError, AttributeError) as error:
            text = _t("The conversation is not in the right form: {error}").format(error=error)
            raise ValidationError({"graph": text}) from error
        messages = [_t(text).format(**details) for _line, text, details in graph_faults(graph)]
        if messages:
            raise ValidationError({"graph": messages})


def graph_of(data: dict[str, Any]) -> Graph:
    """The stored JSON as the record that is checked; line numbers are the order of appearance."""
    from pathlib import Path

    nodes = tuple(
        Node(
            key,
            node["speaker"],
            node["says"],
            node.get("narration", ""),
            tuple(Choice(**choice) for choice in node["choices"]),
            line,
        )
        for line, (key, node) in enumerate(data["nodes"].items(), 1)
    )
    endings = tuple(
        Ending(key, ending["kind"], ending["title"], ending["text"], ending["learn"], line)
        for line, (key, ending) in enumerate(data["endings"].items(), 1)
    )
    return Graph(Path(), 0, "", "", "", "", (), (), data["start"], nodes, endings)
