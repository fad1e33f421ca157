"""HTML of a converted file → rich text as the CMS stores it, tables, and the blocks of a lesson."""

import re
from typing import Any

import nh3
from bs4 import Tag

TAGS = {"p", "h2", "h3", "b", "i", "ul", "ol", "li", "a", "br"}
LINE = {"b", "i", "a", "br"}
SCHEMES = {"http", "https", "mailto", "tel"}
EMPTY = re.compile(r"<(p|b|i|h2|h3|li|a)(?:\s[^>]*)?>\s*</\1>")
STRESSED = re.compile(r"<(/?)(strong|em)>")
MOST_ROWS = 300
FILE_NAME = re.compile(r"\.(png|jpe?g|gif|bmp|tiff?|webp|emf|wmf)$", re.IGNORECASE)


def rich(element: Tag, tags: set[str] = TAGS) -> str:
    """An element as rich text: the short list of tags, links that lead outside, nothing empty."""
    return tidy(clean(str(element), tags))


def clean(html: str, tags: set[str] = TAGS) -> str:
    cleaned = nh3.clean(
        STRESSED.sub(lambda tag: f"<{tag[1]}{'b' if tag[2] == 'strong' else 'i'}>", html),
        tags=tags,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel=None,
    )  # fmt: skip
    return re.sub(r"<a>(.*?)</a>", r"\1", cleaned, flags=re.DOTALL)


def tidy(html: str) -> str:
    """Without elements that hold nothing."""
    before = None
    while before != html:
        before, html = html, EMPTY.sub("", html)
    return html.strip()


def plain(element: Tag) -> str:
    return " ".join(element.get_text(" ").split()) if element.find() else " ".join(element.get_text().split())


def table_of(element: Tag) -> tuple[dict[str, Any] | None, str, bool]:
    """A table as {head, rows}; a table of one cell as the text of a box; whether cells were merged."""
    grid: list[list[str]] = []
    merged = False
    waiting: dict[int, tuple[int, str]] = {}
    for row in element.find_all("tr")[:MOST_ROWS]:
        cells: list[str] = []
        for cell in row.find_all(["td", "th"], recursive=False):
            _fill(cells, waiting)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            merged = merged or wide > 1 or high > 1
            text = _cell(cell)
            for _column in range(wide):
                if high > 1:
                    waiting[len(cells)] = (high - 1, text)
                cells.append(text)
        _fill(cells, waiting)
        grid.append(cells)
    grid = [row for row in grid if any(row)]
    if not grid:
        return None, "", False
    if sum(len(row) for row in grid) == 1:
        only = element.find(["td", "th"])
        return None, rich(only, TAGS - {"h2", "h3"}) if isinstance(only, Tag) else "", False
    columns = max(len(row) for row in grid)
    grid = [[*row, *[""] * (columns - len(row))] for row in grid]
    return {"head": grid[0], "rows": grid[1:]}, "", merged


def _fill(cells: list[str], waiting: dict[int, tuple[int, str]]) -> None:
    """Repeat what reaches down from a row above."""
    while len(cells) in waiting:
        column = len(cells)
        left, text = waiting.pop(column)
        if left > 1:
            waiting[column] = (left - 1, text)
        cells.append(text)


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return min(50, max(1, int(value))) if value.isdigit() else 1


def _cell(cell: Tag) -> str:
    """Paragraphs and list items of a cell as lines."""
    for item in cell.find_all("li"):
        item.insert(0, "• ")
    parts = [rich(part, LINE) for part in cell.find_all(["p", "li", "h1", "h2", "h3"])] or [rich(cell, LINE)]
    return "<br/>".join(part for part in parts if part)


def described(text: object) -> str:
    """The words that replace a picture; a file's name, which programs put there by themselves, is none."""
    words = " ".join(str(text or "").split())
    return "" if FILE_NAME.search(words) else words


class Pieces:
    """A lesson as it grows: text runs together until a heading or something else cuts it."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.words = 0
        self._done: list[tuple[str, Any]] = []
        self._text: list[str] = []

    def add_heading(self, html: str, *, deep: bool) -> None:
        words = re.sub(r"<[^>]+>", "", html).strip()
        if not words:
            return
        if not deep:
            self._cut()
        self._text.append(f"<h3>{words}</h3>" if deep else f"<h2>{words}</h2>")
        self.words += len(words.split())

    def add_text(self, html: str) -> None:
        if html:
            self._text.append(html)
            self.words += len(re.sub(r"<[^>]+>", " ", html).split())

    def add_block(self, kind: str, value: Any) -> None:
        self._cut()
        self._done.append((kind, value))
        if kind == "table":
            rows = [value["head"], *value["rows"]]
            self.words += sum(len(re.sub(r"<[^>]+>", " ", cell).split()) for row in rows for cell in row)

    def caption(self, text: str) -> bool:
        """Give the words to the picture just before them; False where there is none."""
        if self._text or not self._done or self._done[-1][0] != "picture":
            return False
        kind, value = self._done[-1]
        self._done[-1] = (kind, {**value, "caption": text[:500]})
        return True

    def blocks(self) -> tuple[tuple[str, Any], ...]:
        self._cut()
        return tuple(self._done)

    def _cut(self) -> None:
        if self._text:
            self._done.append(("text", "".join(self._text)))
            self._text = []
