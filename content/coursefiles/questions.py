"""The bank of a module: `questions.yaml`."""

from collections.abc import Callable
from pathlib import Path

from content.records.files import Option, Question

from .fields import N_, Faults, Fields, parse_yaml

KINDS = ("single", "several", "true_false", "order", "match", "case")


def read_questions(
    path: Path, read_text: Callable[[Path, Faults], str | None], faults: Faults
) -> tuple[Question, ...]:
    """Every question of a file; none if there is no file."""
    if not path.exists():
        return ()
    text = read_text(path, faults)
    data = parse_yaml(text, path, faults) if text else None
    if data is None:
        return ()
    fields = Fields(data, path, faults)
    questions = tuple(_question(group) for group in fields.groups("questions"))
    fields.done()
    return questions


def _question(fields: Fields) -> Question:
    kind = fields.choice("kind", KINDS)
    question = Question(
        path=fields.path,
        line=fields.line,
        code=fields.text("id"),
        kind=kind,
        objective=fields.integer("objective", 1, 99),
        difficulty=fields.integer("difficulty", 1, 3),
        tags=fields.texts("tags", required=False),
        stem=fields.text("stem"),
        explanation=fields.text("explanation"),
        sources=fields.texts("sources"),
        options=_options(fields, kind),
        answer=fields.flag("answer") if kind == "true_false" else None,
        items=fields.texts("items") if kind == "order" else (),
        pairs=_pairs(fields) if kind == "match" else (),
        extra=fields.texts("extra", required=False) if kind == "match" else (),
        parts=_parts(fields) if kind == "case" else (),
    )
    if kind == "order":
        _several_different(fields, "items", question.items, 3)
    if kind == "match":
        _several_different(fields, "pairs", tuple(left for left, _right in question.pairs), 3)
    return question


def _part(fields: Fields) -> Question:
    kind = fields.choice("kind", KINDS[:-1])
    return Question(
        path=fields.path,
        line=fields.line,
        code="",
        kind=kind,
        objective=0,
        difficulty=0,
        tags=(),
        stem=fields.text("stem"),
        explanation=fields.text("explanation"),
        sources=(),
        options=_options(fields, kind),
        answer=fields.flag("answer") if kind == "true_false" else None,
        items=fields.texts("items") if kind == "order" else (),
        pairs=_pairs(fields) if kind == "match" else (),
        extra=fields.texts("extra", required=False) if kind == "match" else (),
    )


def _parts(fields: Fields) -> tuple[Question, ...]:
    parts = tuple(_part(group) for group in fields.groups("parts"))
    if len(parts) not in (2, 3):
        fields.fault("parts", N_("a case has two or three parts"))
    return parts


def _options(fields: Fields, kind: str) -> tuple[Option, ...]:
    if kind not in ("single", "several"):
        return ()
    options = []
    for group in fields.groups("options"):
        correct = group.flag("correct", default=False)
        options.append(Option(group.text("text"), correct, group.text("why", required=not correct)))
    right = sum(option.correct for option in options)
    if kind == "single" and (right != 1 or len(options) != 4):
        fields.fault("options", N_("“single” has four options, one of them correct"))
    if kind == "several" and (not 4 <= len(options) <= 6 or not 2 <= right < len(options)):
        fields.fault("options", N_("“several” has four to six options, two or more correct, not all"))
    _several_different(fields, "options", tuple(option.text for option in options), 2)
    return tuple(options)


def _pairs(fields: Fields) -> tuple[tuple[str, str], ...]:
    return tuple((group.text("left"), group.text("right")) for group in fields.groups("pairs"))


def _several_different(fields: Fields, name: str, texts: tuple[str, ...], least: int) -> None:
    if len(texts) < least:
        fields.fault(name, N_("“{name}” needs at least {least} entries"), least=least)
    if len({text.casefold() for text in texts}) != len(texts):
        fields.fault(name, N_("two entries of “{name}” say the same"))
