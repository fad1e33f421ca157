"""A folder of text files → a Curriculum, with every fault at once (content/starter/README.md)."""

import re
import unicodedata
from datetime import date
from pathlib import Path

from content.records.files import (
    Blueprint,
    Claim,
    CourseFile,
    Curriculum,
    Draw,
    LegalGround,
    Lesson,
    Module,
    Scenario,
    Sheet,
    Source,
)

from .boxes import parse_body
from .checks import check_curriculum
from .fields import N_, Faults, Fields, parse_yaml, split_front
from .questions import read_questions
from .scenarios import read_scenario

LEVELS = ("co_ban", "nang_cao", "chuyen_sau")
SPECIALISTS = ("doctor", "jurist", "school_psychologist")
NUMBERED = re.compile(r"^(\d+)-([a-z0-9-]+)\.(?:md|yaml)$")
CODE = re.compile(r"^[A-Z][A-Z0-9-]{0,31}$")


def read_curriculum(root: Path) -> Curriculum:
    """Read everything below `root`; files that cannot be read are left out and told among the faults."""
    faults = Faults()
    courses = [_course(path, faults) for path in sorted((root / "courses").glob("*.md"))]
    modules = [_module(path, faults) for path in sorted((root / "modules").glob("*/module.md"))]
    found = Curriculum(
        root,
        tuple(course for course in courses if course),
        tuple(module for module in modules if module),
        (),
    )
    check_curriculum(found, faults)
    unique = dict.fromkeys(sorted(faults.found, key=lambda fault: (str(fault.path), fault.line)))
    return Curriculum(root, found.courses, found.modules, tuple(unique))


def _text(path: Path, faults: Faults) -> str | None:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        faults.add(path, 1, N_("the file is not UTF-8"))
        return None
    for number, line in enumerate(text.split("\n"), 1):
        if not unicodedata.is_normalized("NFC", line):
            faults.add(path, number, N_("the text is not in NFC"))
    return text


def _legal_ground(fields: Fields) -> tuple[LegalGround, ...]:
    return tuple(
        LegalGround(group.text("document"), group.text("article", False), group.day("in_force", False))
        for group in fields.groups("legal_ground")
    )


def _course(path: Path, faults: Faults) -> CourseFile | None:
    text = _text(path, faults)
    if text is None:
        return None
    front, intro, _line = split_front(text, path, faults)
    if front is None:
        return None
    fields = Fields(front, path, faults)
    course = CourseFile(
        path=path,
        code=_code(fields, path.stem),
        title=fields.text("title"),
        level=fields.choice("level", LEVELS),
        hours=fields.decimal("hours"),
        audiences=fields.texts("audiences"),
        modules=fields.texts("modules"),
        legal_ground=_legal_ground(fields),
        review_due=fields.day("review_due") or date.max,
        intro=intro.strip(),
    )
    if not course.intro:
        fields.fault("title", N_("two or three sentences for the catalogue are missing"))
    fields.done()
    return course


def _code(fields: Fields, folder: str) -> str:
    code = fields.text("code")
    if code and not CODE.match(code):
        fields.fault("code", N_("a code is capital letters and digits"))
    if code and code != folder:
        fields.fault("code", N_("the code “{code}” must be the name of the file or folder"), code=code)
    return code


def _module(path: Path, faults: Faults) -> Module | None:
    text = _text(path, faults)
    if text is None:
        return None
    front, intro, _line = split_front(text, path, faults)
    if front is None:
        return None
    fields = Fields(front, path, faults)
    folder = path.parent
    module = Module(
        path=path,
        code=_code(fields, folder.name),
        title=fields.text("title"),
        level=fields.choice("level", LEVELS),
        hours=fields.decimal("hours"),
        audiences=fields.texts("audiences"),
        objectives=fields.texts("objectives"),
        legal_ground=_legal_ground(fields),
        reviewer=fields.text("reviewer", False),
        review_due=fields.day("review_due") or date.max,
        test=_blueprint(fields),
        intro=intro.strip(),
        lessons=tuple(_lessons(folder / "lessons", faults)),
        scenarios=tuple(_scenarios(folder / "scenarios", faults)),
        questions=read_questions(folder / "questions.yaml", _text, faults),
        sheet=_sheet(folder / "sheet.md", faults),
    )
    if not module.intro:
        fields.fault("title", N_("a paragraph why this module is worth the time is missing"))
    fields.done()
    return module


def _blueprint(fields: Fields) -> Blueprint:
    value = fields.take("test", True)
    inner = Fields(value, fields.path, fields.faults, fields.lines.get("test", fields.line))
    blueprint = Blueprint(
        pass_mark=inner.decimal("pass_mark"),
        attempts=inner.integer("attempts", 1, 20),
        minutes=inner.integer("minutes", 1, 300),
        draws=tuple(
            Draw(group.integer("objective", 1, 99), group.integer("draw", 1, 99))
            for group in inner.groups("blueprint")
        ),
    )
    inner.done()
    return blueprint


def _numbered(folder: Path, pattern: str, faults: Faults) -> list[tuple[Path, int, str]]:
    found = []
    for path in sorted(folder.glob(pattern)):
        match = NUMBERED.match(path.name)
        if match:
            found.append((path, int(match[1]), match[2]))
        else:
            faults.add(
                path, 1, N_("the file name must be a number, a hyphen and small letters without marks")
            )
    found.sort(key=lambda item: item[1])
    for expected, (path, number, _slug) in enumerate(found, 1):
        if number != expected:
            faults.add(path, 1, N_("the files are numbered from 1 without a gap; {number} is expected"),
                       number=expected)  # fmt: skip
    return found


def _lessons(folder: Path, faults: Faults) -> list[Lesson]:
    lessons = []
    for path, position, slug in _numbered(folder, "*.md", faults):
        text = _text(path, faults)
        front, body, line = split_front(text, path, faults) if text else (None, "", 1)
        if front is None:
            continue
        fields = Fields(front, path, faults)
        lessons.append(
            Lesson(
                path=path,
                position=position,
                slug=slug,
                title=fields.text("title"),
                summary=fields.text("summary"),
                objectives=fields.integers("objectives"),
                minutes=fields.integer("minutes", 1, 60),
                clinical=fields.flag("clinical", default=False),
                sources=_sources(fields),
                review=_claims(fields),
                body=body,
                body_line=line,
                blocks=parse_body(body, path, line, faults),
            )
        )
        fields.done()
    return lessons


def _sources(fields: Fields) -> tuple[Source, ...]:
    sources = []
    for group in fields.groups("sources"):
        url = group.text("url", False)
        if url and not url.startswith("https://") and not url.startswith("http://"):
            group.fault("url", N_("“{name}” must be a web address"))
        year = group.integer("year", 1900, 2100) if "year" in group.data else None
        sources.append(
            Source(group.text("id"), group.text("title"), group.text("publisher", False), url, year)
        )
    return tuple(sources)


def _claims(fields: Fields) -> tuple[Claim, ...]:
    return tuple(
        Claim(group.text("claim"), group.choice("who", SPECIALISTS), group.line)
        for group in fields.groups("review", required=False)
    )


def _scenarios(folder: Path, faults: Faults) -> list[Scenario]:
    scenarios = []
    for path, position, slug in _numbered(folder, "*.yaml", faults):
        text = _text(path, faults)
        data = parse_yaml(text, path, faults) if text else None
        if data is not None:
            scenarios.append(read_scenario(Fields(data, path, faults), position, slug))
    return scenarios


def _sheet(path: Path, faults: Faults) -> Sheet | None:
    if not path.exists():
        return None
    text = _text(path, faults)
    front, body, line = split_front(text, path, faults) if text else (None, "", 1)
    if front is None:
        return None
    fields = Fields(front, path, faults)
    sheet = Sheet(path, fields.text("title"), body, line, parse_body(body, path, line, faults))
    fields.done()
    return sheet
