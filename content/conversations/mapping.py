"""A conversation as a map: each place in a row by how many choices lead there. Pure; lengths in SVG units."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from content.coursefiles.scenarios import reachable

WIDE, TALL = 176, 68
APART, BETWEEN = 24, 64
MARGIN = 16
LINE, LINES = 24, 2
"""Letters in a line, lines in a box."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node or an ending on the map."""

    key: str
    kind: str
    """`start`, `node`, or the kind of the ending."""
    lines: tuple[tuple[int, str], ...]
    """Height and text of each."""
    whole: str
    x: int
    y: int
    lost: bool
    """No choice leads here from the start."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A choice on the map. `manner`: `skill`, `error`, `danger` or `plain`."""

    path: str
    manner: str
    text: str


@dataclass(frozen=True, slots=True)
class Map:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    manners: tuple[str, ...] = ("skill", "error", "danger", "plain")


def drawn(graph: Mapping[str, Any]) -> Map:
    """The map of a conversation, also of an unfinished one; what leads nowhere is left out."""
    nodes, endings = graph.get("nodes", {}), graph.get("endings", {})
    places = {**nodes, **endings}
    rows = _rows(graph)
    seen = reachable(graph.get("start", ""), _edges(nodes))
    broadest = max((len(row) for row in rows), default=1)
    width = 2 * MARGIN + broadest * WIDE + (broadest + 1) * APART
    boxes: dict[str, Box] = {}
    for level, row in enumerate(rows):
        left = (width - len(row) * WIDE - (len(row) - 1) * APART) // 2
        for column, key in enumerate(row):
            x, y = left + column * (WIDE + APART), MARGIN + level * (TALL + BETWEEN)
            boxes[key] = _box(key, places[key], graph.get("start", ""), x, y, key not in seen)
    height = 2 * MARGIN + len(rows) * TALL + max(0, len(rows) - 1) * BETWEEN
    arrows = tuple(
        Arrow(
            _path(boxes[key], boxes[choice["to"]], number, len(node["choices"])),
            _manner(choice),
            choice["text"],
        )
        for key, node in nodes.items()
        for number, choice in enumerate(node["choices"])
        if choice["to"] in boxes
    )
    return Map(width, height, tuple(boxes.values()), arrows)


def in_order(graph: Mapping[str, Any]) -> list[str]:
    """Every place, the start first, then as choices lead to them; last what nothing leads to."""
    return [key for row in _rows(graph) for key in row]


def _edges(nodes: Mapping[str, Any]) -> dict[str, list[str]]:
    return {key: [choice["to"] for choice in node["choices"]] for key, node in nodes.items()}


def _rows(graph: Mapping[str, Any]) -> list[list[str]]:
    """Breadth first from the start; what is not reached stands in a last row of its own."""
    nodes, endings = graph.get("nodes", {}), graph.get("endings", {})
    edges = _edges(nodes)
    start = graph.get("start", "")
    rows = [[start]] if start in nodes else []
    seen = set(rows[0]) if rows else set()
    while rows and rows[-1]:
        following = _fresh((to for key in rows[-1] for to in edges.get(key, ())), seen, {**nodes, **endings})
        rows.append(following)
    lost = sorted((nodes.keys() | endings.keys()) - seen)
    return [row for row in [*rows, lost] if row]


def _fresh(keys: Iterable[str], seen: set[str], places: Mapping[str, Any]) -> list[str]:
    found = [key for key in dict.fromkeys(keys) if key not in seen and key in places]
    seen.update(found)
    return found


def _box(key: str, place: Mapping[str, Any], start: str, x: int, y: int, lost: bool) -> Box:
    whole = str(place.get("title") or place.get("says") or "")
    wrapped = textwrap.wrap(whole, LINE, max_lines=LINES, placeholder="…")
    lines = tuple((40 + 17 * number, line) for number, line in enumerate(wrapped))
    kind = place.get("kind") or ("start" if key == start else "node")
    return Box(key, str(kind), lines, whole, x, y, lost)


def _path(box: Box, target: Box, number: int, of: int) -> str:
    """From the lower edge of a box to the upper edge of the next; back up it goes round on the side."""
    x = box.x + WIDE * (number + 1) // (of + 1)
    y, to_x, to_y = box.y + TALL, target.x + WIDE // 2, target.y
    if target.y > box.y:
        half = (to_y - y) // 2
        return f"M{x} {y}C{x} {y + half} {to_x} {to_y - half} {to_x} {to_y - 5}"
    side = target.x + WIDE
    out = max(box.x + WIDE, side) + APART - 4
    to_y += TALL // 2
    return f"M{x} {y}C{x} {y + 40} {out} {y + 30} {out} {(y + to_y) // 2}S{out} {to_y} {side + 5} {to_y}"


def _manner(choice: Mapping[str, Any]) -> str:
    if choice.get("safety_missed"):
        return "danger"
    if choice.get("error"):
        return "error"
    return "skill" if choice.get("skill") else "plain"
