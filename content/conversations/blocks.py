"""The form in which trainers write a conversation, and the stored graph that it stands for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from content.coursefiles.scenarios import graph_faults
from content.enums import ERRORS, SKILLS
from content.records.files import GraphFault

from .mapping import in_order
from .reading import graph_of

KEY = r"^[\w-]{1,32}$"
ENDINGS = (
    ("good", _("it went well")),
    ("partial", _("partly well")),
    ("failed", _("it did not work out, or a danger was missed")),
)


def key_block(**more: Any) -> blocks.RegexBlock:
    return blocks.RegexBlock(
        regex=KEY,
        max_length=32,
        error_messages={"invalid": _("Letters, digits and hyphens, without spaces.")},
        **more,
    )


class ChoiceBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("what the learner says or does"), rows=2)
    to = key_block(
        label=_("leads to"),
        help_text=_("The short name of another place or of an ending."),
        form_attrs={"data-place": "to"},
    )
    feedback = blocks.TextBlock(label=_("what to learn from it"), rows=2)
    skill = blocks.ChoiceBlock(label=_("skill that it shows"), choices=list(SKILLS.items()), required=False)
    error = blocks.ChoiceBlock(label=_("mistake that it is"), choices=list(ERRORS.items()), required=False)
    safety_missed = blocks.BooleanBlock(
        label=_("misses a danger"),
        help_text=_("Fails the conversation outright; it must lead to an ending that did not work out."),
        required=False,
    )
    trust = blocks.IntegerBlock(label=_("trust, from −3 to 3"), default=0, min_value=-3, max_value=3)
    readiness = blocks.IntegerBlock(
        label=_("readiness to change, from −3 to 3"), default=0, min_value=-3, max_value=3
    )

    class Meta:
        label_format = "{text} → {to}"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["skill"] and cleaned["error"]:
            text = _t("A choice shows a skill or is a mistake, not both.")
            raise StructBlockValidationError({"error": ValidationError(text)})
        return cleaned


class PlaceBlock(blocks.StructBlock):
    key = key_block(
        label=_("short name"), help_text=_("As in n1. Choices name it."), form_attrs={"data-place": "name"}
    )
    speaker = blocks.CharBlock(label=_("who speaks"), max_length=120)
    says = blocks.TextBlock(label=_("what the person says"), rows=3)
    narration = blocks.TextBlock(label=_("what one sees"), rows=2, required=False)
    picture = ImageChooserBlock(label=_("picture"), required=False)
    alternative = blocks.CharBlock(
        label=_("the picture in words"),
        help_text=_("What it shows, for those who cannot see it."),
        required=False,
        max_length=500,
    )
    recording = SnippetChooserBlock(
        "content.Recording",
        label=_("sound"),
        help_text=_("From “Films and sounds”: the person's voice. What is said stands above as text."),
        required=False,
    )
    choices = blocks.ListBlock(ChoiceBlock(label=_("choice")), label=_("choices"), min_num=1)

    class Meta:
        label = _("Place")
        icon = "comment"
        label_format = "{key}: {says}"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["picture"] and not cleaned["alternative"] and not self.is_deferred_validation:
            text = _t("Say in words what the picture shows.")
            raise StructBlockValidationError({"alternative": ValidationError(text)})
        sound = cleaned["recording"]
        if sound and not self.is_deferred_validation and (sound.is_film or not sound.is_ready):
            text = _t("A sound that is ready is wanted here, no film: look at “Films and sounds”.")
            raise StructBlockValidationError({"recording": ValidationError(text)})
        return cleaned


class EndingBlock(blocks.StructBlock):
    key = key_block(
        label=_("short name"), help_text=_("As in e1. Choices name it."), form_attrs={"data-place": "name"}
    )
    kind = blocks.ChoiceBlock(label=_("how it ends"), choices=ENDINGS)
    title = blocks.CharBlock(label=_("title"), max_length=200)
    text = blocks.TextBlock(label=_("what happens"), rows=3)
    learn = blocks.TextBlock(label=_("what to take along"), rows=2)

    class Meta:
        label = _("Ending")
        icon = "flag"
        label_format = "{key}: {title}"


class ConversationBlock(blocks.StreamBlock):
    """The first place is the start. What keeps the conversation from being played is told at its place."""

    node = PlaceBlock()
    ending = EndingBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        twice = _told_twice(cleaned)
        if twice:
            raise StreamBlockValidationError(twice)
        if self.is_deferred_validation:
            return cleaned
        if not any(child.block_type == "node" for child in cleaned):
            raise StreamBlockValidationError(
                non_block_errors=[ValidationError(_t("A conversation begins with a place."))]
            )
        faults = graph_faults(graph_of(graph_from(cleaned)))
        if faults:
            raise StreamBlockValidationError(_told(cleaned, faults))
        return cleaned


def _told_twice(stream: Iterable[Any]) -> dict[int, StructBlockValidationError]:
    """Two places of one name would become one, so that even a draft is not stored with them."""
    counted = Counter(child.value["key"] for child in stream)
    text = _t("This short name is there twice.")
    return {
        index: StructBlockValidationError({"key": ValidationError(text)})
        for index, child in enumerate(stream)
        if child.value["key"] and counted[child.value["key"]] > 1
    }


def _told(stream: Iterable[Any], faults: list[GraphFault]) -> dict[int, StructBlockValidationError]:
    """Each fault at the field to which it belongs: at the choice's «leads to», or at the place itself."""
    index = {child.value["key"]: number for number, child in enumerate(stream)}
    at_choices: dict[int, dict[int, list[ValidationError]]] = {}
    at_places: dict[int, list[ValidationError]] = {}
    for fault in faults:
        error = ValidationError(_t(fault.text).format(**dict(fault.details)))
        place = index.get(fault.place, 0)
        if fault.choice is None:
            at_places.setdefault(place, []).append(error)
        else:
            at_choices.setdefault(place, {}).setdefault(fault.choice, []).append(error)
    told = {}
    for place in at_choices.keys() | at_places.keys():
        choices = {
            number: StructBlockValidationError({"to": ValidationError(errors)})
            for number, errors in at_choices.get(place, {}).items()
        }
        below = {"choices": ListBlockValidationError(block_errors=choices)} if choices else {}
        told[place] = StructBlockValidationError(below, at_places.get(place))
    return told


def graph_from(stream: Iterable[Any]) -> dict[str, Any]:
    """The stored graph of a form's value. A place without a name gets the next free one."""
    taken = {child.value["key"] for child in stream}
    graph: dict[str, Any] = {"start": "", "nodes": {}, "endings": {}}
    for number, child in enumerate(stream, 1):
        value = child.value
        key = value["key"] or next(f"n{n}" for n in range(number, 10_000) if f"n{n}" not in taken)
        taken.add(key)
        if child.block_type == "ending":
            graph["endings"][key] = {name: value[name] or "" for name in ("kind", "title", "text", "learn")}
        else:
            graph["nodes"][key] = _node(value)
            graph["start"] = graph["start"] or key
    return graph


def _node(value: Mapping[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = {name: value[name] or "" for name in ("speaker", "says", "narration")}
    if value["picture"]:
        node |= {"picture": value["picture"].pk, "alternative": value["alternative"] or ""}
    if value["recording"]:
        node["recording"] = value["recording"].pk
    node["choices"] = [
        {
            **{name: choice[name] or "" for name in ("text", "feedback", "to", "skill", "error")},
            **{name: choice[name] or 0 for name in ("trust", "readiness")},
            "safety_missed": bool(choice["safety_missed"]),
        }
        for choice in value["choices"]
    ]
    return node


def stream_of(graph: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A stored graph as the form's raw value, in the order in which it is played."""
    nodes, endings = graph.get("nodes", {}), graph.get("endings", {})
    return [
        {"type": "node", "value": {"key": key, **nodes[key]}}
        if key in nodes
        else {"type": "ending", "value": {"key": key, **endings[key]}}
        for key in in_order(graph)
    ]
