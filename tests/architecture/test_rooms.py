"""The map of docs/architecture.md: who may enter whose room, and by which door."""

from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    "lms", "content", "quizzes", "certificates", "templates", "tests", "docs", "locale", ".ci",
    "manage.py", "pyproject.toml", "README.md", "Makefile", "uv.lock", ".gitignore", ".importlinter",
    "LICENSE",
}  # fmt: skip
DOORS = {"services", "queries", "policies", "records", "enums", "signals", "errors", "entry"}
OPEN_ROOMS = {"lms.kernel", "lms.config"}
"""The kernel is a library and has no inside; nothing imports config but the machine."""


def room_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "lms" else parts[0]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("lms", "content", "quizzes", "certificates", cache_dir=None)


def test_a_room_is_entered_only_by_its_door(graph: grimp.ImportGraph) -> None:
    trespasses = []
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            here, there = room_of(importer), room_of(imported)
            if here == there or there in OPEN_ROOMS or here == "lms.config":
                continue
            rest = imported.removeprefix(there).lstrip(".").split(".")[0]
            if rest not in DOORS:
                trespasses.append(f"{importer} → {imported}")
    assert trespasses == []


def test_every_room_stands_in_the_import_contract() -> None:
    contract = (ROOT / ".importlinter").read_text()
    rooms = {f"lms.{p.parent.name}" for p in (ROOT / "lms").glob("*/__init__.py")}
    assert {room for room in rooms if room not in contract} == set()


def test_the_top_level_holds_nothing_else() -> None:
    import subprocess

    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split("/")[0] for line in tracked.splitlines()} - TOP_LEVEL == set()
