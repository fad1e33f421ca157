"""Pictures of a conversation as an edition keeps them: where they lie, how large they are."""

from collections.abc import Mapping
from typing import Any

from content.models import Picture

FILTER = "width-640|format-webp"


def played(graph: Mapping[str, Any]) -> dict[str, Any]:
    """The stored graph with each picture's address instead of its number: one query for all of them."""
    nodes = graph.get("nodes", {})
    pictures = Picture.objects.in_bulk([node["picture"] for node in nodes.values() if node.get("picture")])
    return {**graph, "nodes": {key: _seen(node, pictures) for key, node in nodes.items()}}


def _seen(node: Mapping[str, Any], pictures: Mapping[int, Picture]) -> dict[str, Any]:
    said = {name: value for name, value in node.items() if name not in ("picture", "alternative")}
    picture = pictures.get(node.get("picture", 0))
    if picture is None:
        return said
    small = picture.get_rendition(FILTER)
    shown = {"url": small.url, "width": small.width, "height": small.height}
    return {**said, "picture": {**shown, "alternative": node.get("alternative", "")}}
