"""Reads permissions.yaml, the one place that says who gets which answer; writes docs/permissions.md.

`python -m tests.architecture.permissions` writes the page anew.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
FILE = HERE / "permissions.yaml"
PAGE = HERE.parents[1] / "docs" / "permissions.md"

ROLES = (
    "learner", "trainer", "reviewer", "unit_manager", "reporting_officer", "auditor", "administrator",
)  # fmt: skip
EVERYBODY = ("anonymous", *ROLES)
RELATIONS = ("self", "own", "child", "parent", "sibling", "foreign")
SPREADS = {
    "in reach": frozenset({"self", "own", "child"}),
    "own": frozenset({"self", "own"}),
    "self": frozenset({"self"}),
}
METHODS = ("get", "post", "put", "patch", "delete")
ANY = "any"
"""Whatever the library decides; for Wagtail's own pages alone."""
_CELL = re.compile(r"(?P<status>any|\d{3})(?: (?P<spread>in reach|own|self))?")
_KEYS = frozenset({"of", "with", "query", "why", *METHODS})


class Misdeclared(Exception):
    """A line of permissions.yaml cannot be read; the words say which and why."""


@dataclass(frozen=True)
class Cell:
    """One answer: a status, and for which relations it holds; beyond them the thing does not exist (404)."""

    status: int | str
    spread: str = ""

    def expected(self, relation: str) -> int | str:
        if not self.spread or relation in SPREADS[self.spread]:
            return self.status
        return 404

    def __str__(self) -> str:
        return f"{self.status} {self.spread}".strip()


@dataclass(frozen=True)
class Declared:
    """What one URL name answers to whom."""

    name: str
    of: str
    """The kind of object that its address names (tests/matrix/world.py); empty where it names none."""
    literal: Mapping[str, Any]
    query: Mapping[str, str]
    why: str
    cells: Mapping[str, Mapping[str, Cell]]
    """By method, then by role."""

    def expected(self, method: str, who: str, relation: str) -> int | str | None:
        """The declared status; None where a method is not declared, and so may do nothing of its own."""
        row = self.cells.get(method)
        return row[who].expected(relation) if row else None


def read() -> dict[str, Declared]:
    """Every line of the file, by URL name or, ending in `*`, by the beginning of an address."""
    rooms = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    found: dict[str, Declared] = {}
    for room, lines in rooms.items():
        for name, line in (lines or {}).items():
            if name in found:
                raise Misdeclared(f"{name} stands twice, again under {room}")
            found[name] = _declared(name, line)
    return found


def rooms() -> dict[str, list[str]]:
    """The names, by the heading that they stand under."""
    return {
        room: list(lines or {}) for room, lines in yaml.safe_load(FILE.read_text(encoding="utf-8")).items()
    }


def _declared(name: str, line: Any) -> Declared:
    if not isinstance(line, dict) or not line.keys() <= _KEYS or not line.keys() & set(METHODS):
        raise Misdeclared(f"{name}: give get and/or post, and of/with/query/why where needed; got {line}")
    cells = {method: _row(name, line[method]) for method in METHODS if method in line}
    return Declared(
        name, line.get("of", ""), line.get("with", {}), line.get("query", {}), line.get("why", ""), cells
    )


def _row(name: str, told: Any) -> dict[str, Cell]:
    """A row of cells; a bare status holds for everybody who is signed in."""
    if not isinstance(told, dict):
        told = {"else": told}
    unknown = told.keys() - set(EVERYBODY) - {"else"}
    if unknown:
        raise Misdeclared(f"{name}: there is no role called {', '.join(sorted(unknown))}")
    row = {"anonymous": _cell(name, told.get("anonymous", 302))}
    for role in ROLES:
        if role not in told and "else" not in told:
            raise Misdeclared(f"{name}: {role} is missing, and there is no `else`")
        row[role] = _cell(name, told.get(role, told.get("else")))
    return row


def _cell(name: str, told: Any) -> Cell:
    match = _CELL.fullmatch(str(told))
    if not match:
        raise Misdeclared(f"{name}: cannot read the answer {told!r}")
    status = match["status"]
    return Cell(status if status == ANY else int(status), match["spread"] or "")


# The page ---------------------------------------------------------------------------------------


def page() -> str:
    """docs/permissions.md."""
    declared = read()
    parts = [_HEAD]
    for room, names in rooms().items():
        parts.append(f"\n## {room}\n\n")
        parts.append("| Page | |" + " | ".join(_short(who) for who in EVERYBODY) + " |\n")
        parts.append("|---|---|" + "---|" * len(EVERYBODY) + "\n")
        for name in names:
            parts.extend(_lines(declared[name]))
    return "".join(parts)


def _lines(line: Declared) -> Iterator[str]:
    first = f"`{line.name}`" + (f" of a {line.of}" if line.of else "")
    for method, row in line.cells.items():
        cells = " | ".join(_word(row[who]) for who in EVERYBODY)
        yield f"| {first} | {method.upper()} | {cells} |\n"
        first = ""


def _word(cell: Cell) -> str:
    return {302: "→", 405: "–"}.get(cell.status, str(cell.status)) + (  # type: ignore[call-overload]
        f" {cell.spread}" if cell.spread else ""
    )


def _short(who: str) -> str:
    return {"anonymous": "visitor", "reporting_officer": "officer", "unit_manager": "manager"}.get(who, who)


_HEAD = """\
# Who gets which answer

Written from `tests/architecture/permissions.yaml` by `python -m tests.architecture.permissions`; a test
checks that it is current, and `tests/matrix/` asks every question of this page and compares the answer.

A status alone holds whatever the object's unit. **in reach**: for objects of the unit that the role is held
for and of every unit below it; anything above, beside or elsewhere is answered 404, as if it did not exist.
**own**: of that unit alone. **self**: for what belongs to the person. → is a redirect (a visitor is sent to
sign in), – is 405. A method that is not listed does nothing of its own: it is refused, or answered like GET.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
