"""Translation catalogues without a gettext binary: one a room under `locale/<room>/<language>/`.

Message ids are English, so that English is complete by nature; Vietnamese is what must be written.
`django`, `wagtail` and `allauth` hold what those projects lack, so that it can be offered to them.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation import template as django_template

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(
        ("_", "_t", "gettext", "gettext_lazy", "gettext_noop", "N_"),
        None,
    ),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
TEMPLATE_ROOMS = dict.fromkeys(("account", "allauth", "mfa", "socialaccount", "usersessions"), "accounts")
"""Template folders whose room has another name; a folder of no room belongs to the portal."""
Key = tuple[str | None, str]
"""Context and text: what tells one message from another."""


@dataclass(frozen=True)
class Message:
    """One text to translate, and where it stands."""

    msgid: str
    plural: str = ""
    context: str | None = None
    places: list[tuple[str, str]] = field(default_factory=list, compare=False, hash=False)


def rooms() -> dict[str, Path]:
    """Room name → its package folder."""
    root = Path(settings.ROOT)
    inner = {p.parent.name: p.parent for p in sorted((root / "lms").glob("*/__init__.py"))}
    outer = {name: root / name for name in ("content", "quizzes", "certificates")}
    return {**inner, **outer}


def messages_of(room: str) -> list[Message]:
    """Every text of a room's code and templates, in order of appearance, each once."""
    return collect(_files_of(room), under=Path(settings.ROOT))


def collect(paths: Iterable[Path], *, under: Path) -> list[Message]:
    """Every text of these files, each once; one that is counted anywhere is counted everywhere."""
    found: dict[Key, Message] = {}
    for path in paths:
        relative = path.relative_to(under).as_posix()
        for line, msgid, plural, context in extract_file(path):
            key = (context, msgid)
            message = found.setdefault(key, Message(msgid, plural, context))
            if plural and not message.plural:
                message = found[key] = replace(message, plural=plural)
            message.places.append((relative, str(line)))
    return list(found.values())


def catalogue_path(room: str, domain: str = "django") -> Path:
    return Path(settings.ROOT) / "locale" / room / "vi" / "LC_MESSAGES" / f"{domain}.po"


def update(room: str) -> list[Message]:
    """Bring a room's catalogue into step with its code; return what still has no translation."""
    rewrite(catalogue_path(room), messages_of(room))
    return missing(room)


def missing(room: str) -> list[Message]:
    """Texts of a room that its Vietnamese catalogue does not carry."""
    have = translated(catalogue_path(room))
    return [m for m in messages_of(room) if (m.context, m.msgid) not in have]


def rewrite(path: Path, messages: Iterable[Message]) -> None:
    """Write a catalogue of exactly these messages, with the translations it has already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    new = polib.POFile(wrapwidth=100)
    new.metadata = {
        "Language": "vi",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    translations: dict[Key, polib.POEntry] = {(entry.msgctxt, entry.msgid): entry for entry in old}
    for message in messages:
        before = translations.get((message.context, message.msgid))
        entry = polib.POEntry(
            msgid=message.msgid,
            msgctxt=message.context,
            occurrences=[(place, "") for place in sorted({place for place, _line in message.places})],
            flags=["python-brace-format"] if "{" in message.msgid else [],
        )
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = (before.msgstr_plural if before else None) or {0: ""}
        else:
            entry.msgstr = before.msgstr if before else ""
        if "%(" in message.msgid or "%s" in message.msgid:
            entry.flags = ["python-format"]
        new.append(entry)
    new.sort(key=lambda entry: (entry.msgctxt or "", entry.msgid.lower(), entry.msgid))
    path.write_text(str(new), encoding="utf-8")


def translated(path: Path) -> dict[Key, str]:
    """What a catalogue, if it is there, has a finished translation of."""
    said = {
        (entry.msgctxt, entry.msgid): entry.msgstr_plural.get(0) if entry.msgid_plural else entry.msgstr
        for entry in (polib.pofile(str(path)) if path.exists() else ())
        if not entry.fuzzy
    }
    return {key: text for key, text in said.items() if text}


def compile_all() -> int:
    """Write a `.mo` beside every `.po` that is newer than it; return how many were written."""
    written = 0
    for source in sorted(Path(settings.ROOT).glob("locale/*/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime <= source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))
            written += 1
    return written


def _files_of(room: str) -> Iterator[Path]:
    package = rooms()[room]
    yield from sorted(p for p in package.rglob("*.py") if "migrations" not in p.parts)
    templates = Path(settings.ROOT) / "templates"
    known = set(rooms())
    for path in sorted(p for p in templates.rglob("*") if p.suffix in {".html", ".txt", ".svg"}):
        folder = path.relative_to(templates).parts[0]
        owner = TEMPLATE_ROOMS.get(folder, folder if folder in known else "portal")
        if owner == room:
            yield path


def extract_file(path: Path) -> Iterator[tuple[int, str, str, str | None]]:
    """Line, text, plural and context of every text in a Python file or a template."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What stood for markup keeps its indentation, which to a reader of Python would mean something.
        source = "\n".join(map(str.strip, django_template.templatize(source).splitlines()))
    stream = io.BytesIO(source.encode())
    for line, text, _comments, context in extract("python", stream, keywords=KEYWORDS):
        if isinstance(text, tuple):
            yield line, text[0], text[1] if len(text) > 1 else "", context
        else:
            yield line, text, "", context
