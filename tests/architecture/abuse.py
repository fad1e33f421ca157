"""The abuse cases of `abuse.yaml` and the tests that are marked with their ids.

A test is marked by its name (`test_f9_…`) or by a comment behind its head (`# A7`, `# C1, F4`, `# A1-A3`).
`python -m tests.architecture.abuse` writes docs/abuse.md.
"""

import ast
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("abuse.yaml")
ROOT = FILE.parent.parent.parent
PAGE = ROOT / "docs" / "abuse.md"
_ID = r"[A-F]\d{1,2}"
_COMMENT = re.compile(rf"#\s*({_ID}(?:\s*(?:,|-|–|\s)\s*(?:{_ID}|G\d{{1,2}}))*)")
_RANGE = re.compile(rf"({_ID})\s*[-–]\s*({_ID})")
_NAME = re.compile(r"test_((?:[a-f]\d{1,2}_)+)")


@dataclass
class Case:
    """One abuse, its expected end, and the tests that show it."""

    id: str
    title: str
    open: str
    """What is not shown yet; empty: complete."""
    tests: list[str] = field(default_factory=list)


def cases() -> dict[str, Case]:
    """Every case of the list in its order, with its tests."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    found = {
        key: Case(key, line if isinstance(line, str) else line["title"], _open(line))
        for group in told.values()
        for key, line in group.items()
    }
    for key, test in marked():
        found.setdefault(key, Case(key, "", "is not in the list")).tests.append(test)
    return found


def marked() -> Iterator[tuple[str, str]]:
    """(id, test) of every mark in the suite."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        comments = _comments(path)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                head = range(node.lineno, node.body[0].lineno + 1)
                ids = [one for line in head for one in _ids(comments.get(line, ""))]
                if match := _NAME.match(node.name):
                    ids += [part[0].upper() + str(int(part[1:])) for part in match[1].split("_") if part]
                for one in dict.fromkeys(ids):
                    yield one, f"{path.relative_to(ROOT)}::{node.name}"


def _open(line: str | dict[str, str]) -> str:
    return "" if isinstance(line, str) else line["open"]


def _comments(path: Path) -> dict[int, str]:
    with path.open("rb") as file:
        tokens = tokenize.tokenize(file.readline)
        return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def _ids(comment: str) -> list[str]:
    if not _COMMENT.fullmatch(comment.strip()):
        return []
    found = re.findall(_ID, comment)
    for first, last in _RANGE.findall(comment):
        found += [f"{first[0]}{number}" for number in range(int(first[1:]), int(last[1:]) + 1)]
    return sorted(set(found))


# The page ---------------------------------------------------------------------------------------


def page() -> str:
    """docs/abuse.md."""
    found = cases()
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    still = [case.id for case in found.values() if case.open]
    parts = [_HEAD, f"\n{len(found) - len(still)} of {len(found)} cases are complete"]
    parts.append(f"; open: {', '.join(still)}.\n" if still else ".\n")
    for name, group in told.items():
        parts.append(f"\n## {name}\n\n| | Abuse → what must happen | Shown by |\n|---|---|---|\n")
        for key in group:
            case = found[key]
            shown = [f"`{test.removeprefix('tests/')}`" for test in case.tests]
            shown += [f"**open:** {case.open}"] if case.open else []
            parts.append(f"| {key} | {case.title} | {'<br>'.join(shown)} |\n")
    return "".join(parts)


_HEAD = """\
# Abuse cases and their tests

Written from `tests/architecture/abuse.yaml` and the marks in the suite by
`python -m tests.architecture.abuse`. A test checks that every case has a test or says what is open, that no
mark is unknown, and that the tests named here are there. Numbers that are missing are not used.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
