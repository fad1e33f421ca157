"""The stored graph as the record that is checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from content.records.files import Choice, Ending, Node, Scenario


def graph_of(data: Mapping[str, Any]) -> Scenario:
    """Line numbers are the order of appearance. KeyError, TypeError or AttributeError in another form."""
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
    return Scenario(Path(), 0, "", "", "", "", (), (), data["start"], nodes, endings)
