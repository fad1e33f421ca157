"""The form of a scenario: a conversation is written in blocks and stored as a graph; its map stands above."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import Panel
from wagtail.blocks.base import BlockField

from content.coursefiles.scenarios import graph_faults

from .blocks import ConversationBlock, graph_from, stream_of
from .mapping import drawn, in_order
from .reading import graph_of


class ScenarioForm(WagtailAdminModelForm):
    """`conversation` is the form's own field; the model keeps `graph`."""

    conversation = BlockField(
        ConversationBlock(),
        label=_("conversation"),
        help_text=_(
            "The first place is the start. A draft may be unfinished; what is missing stands on the map."
        ),
    )

    class Media:
        js = ("js/scenario.js",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        block = self.fields["conversation"].block
        self.initial["conversation"] = block.to_python(stream_of(self.instance.graph))
        if "code" in self.fields and self.instance.pk:
            self.fields["code"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "conversation" in cleaned:
            self.instance.graph = graph_from(cleaned["conversation"])
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is None and self.instance.owner_id is None:
            self.instance.owner = self.for_user
        return super().save(commit=commit)


class MapPanel(Panel):
    """The conversation as it was last sent: drawn, in words what is wrong, and as a table."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/scenario_map.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, **map_of(_shown(self.form, self.instance))}


def _shown(form: Any, instance: Any) -> dict[str, Any]:
    """What was posted, where it was refused; else what is stored."""
    if form.is_bound and form.errors:
        field = form["conversation"]
        posted = form.fields["conversation"].widget.value_from_datadict(
            form.data, form.files, field.html_name
        )
        return graph_from(posted)
    return dict(instance.graph)


def map_of(graph: dict[str, Any]) -> dict[str, Any]:
    """What the map's template shows."""
    empty = not graph.get("nodes")
    faults = [] if empty else graph_faults(graph_of(graph))
    places = {**graph.get("nodes", {}), **graph.get("endings", {})}
    return {
        "map": None if empty else drawn(graph),
        "faults": list(dict.fromkeys(_t(fault.text).format(**dict(fault.details)) for fault in faults)),
        "places": [{"key": key, **places[key]} for key in in_order(graph)],
    }


def shown(graph: dict[str, Any]) -> SafeString:
    """The map on a page that only shows it."""
    from django.template.loader import render_to_string

    return render_to_string("content/scenario_map.html", map_of(graph))
