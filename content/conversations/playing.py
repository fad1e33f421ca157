"""Pictures and sounds of a conversation as an edition keeps them: where they lie, how large they are."""

from collections.abc import Mapping
from typing import Any

from content.models import Picture, Recording

FILTER = "width-640|format-webp"


def played(graph: Mapping[str, Any]) -> dict[str, Any]:
    """The stored graph with the address of each picture and sound instead of its number: two queries."""
    nodes = graph.get("nodes", {})
    pictures = Picture.objects.in_bulk(_named(nodes, "picture"))
    sounds = Recording.objects.in_bulk(_named(nodes, "recording"))
    return {**graph, "nodes": {key: _shown(node, pictures, sounds) for key, node in nodes.items()}}


def _named(nodes: Mapping[str, Any], name: str) -> list[int]:
    return [node[name] for node in nodes.values() if node.get(name)]


def _shown(
    node: Mapping[str, Any], pictures: Mapping[int, Picture], sounds: Mapping[int, Recording]
) -> dict[str, Any]:
    shown = {
        name: value for name, value in node.items() if name not in ("picture", "alternative", "recording")
    }
    picture, sound = pictures.get(node.get("picture", 0)), sounds.get(node.get("recording", 0))
    if picture is not None:
        small = picture.get_rendition(FILTER)
        size = {"url": small.url, "width": small.width, "height": small.height}
        shown["picture"] = {**size, "alternative": node.get("alternative", "")}
    if sound is not None and sound.is_ready:
        shown["sound"] = {"url": sound.small.url, "seconds": sound.seconds}
    return shown
