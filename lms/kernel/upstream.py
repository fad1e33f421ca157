"""Vietnamese for what the libraries say to our people and have no Vietnamese for.

Each library has a catalogue of its own, so that it can be offered to that project. It holds only what the
library lacks, and what it has but says badly. Django lays these over the libraries' own (LOCALE_PATHS).
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import polib

from lms.kernel import catalogues
from lms.kernel.catalogues import Key, Message

DOMAINS = ("django", "djangojs")


@dataclass(frozen=True)
class Library:
    """Packages translated as one, and the paths in them that no user of ours meets."""

    packages: tuple[str, ...]
    without: tuple[str, ...] = ()


LIBRARIES = {
    "django": Library(
        ("django",),
        without=(
            "django/conf/app_template/",
            "django/conf/project_template/",
            "django/contrib/admin/",
            "django/contrib/admindocs/",
            "django/contrib/auth/management/",
            "django/contrib/flatpages/",
            "django/contrib/gis/",
            "django/contrib/postgres/",
            "django/contrib/redirects/",
            "django/contrib/sites/",
            "django/contrib/syndication/",
            "django/core/management/",
            "django/views/debug.py",
            "django/views/static.py",
            "django/views/templates/",
            "django/views/generic/",
        ),
    ),
    "allauth": Library(("allauth",), without=("allauth/headless/", "allauth/idp/", "allauth/templates/idp/")),
    "wagtail": Library(
        # What Wagtail's screens show from the packages it stands on belongs to it.
        ("wagtail", "taggit", "treebeard", "django_filters"),
        without=(
            "django_filters/rest_framework/",
            "treebeard/admin.py",
            "wagtail/api/",
            "wagtail/contrib/forms/",
            "wagtail/contrib/redirects/",
            "wagtail/contrib/search_promotions/",
            "wagtail/contrib/simple_translation/",
            "wagtail/contrib/styleguide/",
            "wagtail/contrib/table_block/",
            "wagtail/project_template/",
            "wagtail/test/",
        ),
    ),
}


def messages_of(name: str, domain: str = "django") -> list[Message]:
    """What a library says, from its sources; its scripts come compiled: from their English catalogue."""
    library = LIBRARIES[name]
    read = _sources if domain == "django" else _english
    return [message for package in library.packages for message in read(_folder(package), library)]


def theirs(name: str, domain: str = "django") -> dict[Key, str]:
    """What the library's own Vietnamese catalogues say."""
    library = LIBRARIES[name]
    return {
        key: said
        for package in map(_folder, library.packages)
        for path in _within(package, f"locale/vi/LC_MESSAGES/{domain}.po", library)
        for key, said in catalogues.translated(path).items()
    }


def ours(name: str, domain: str = "django") -> dict[Key, str]:
    """What our catalogue of the library says."""
    return catalogues.translated(catalogues.catalogue_path(name, domain))


def wanted(name: str, domain: str = "django") -> list[Message]:
    """What our catalogue of a library is to hold: what it lacks, and what ours says instead of its own."""
    has = theirs(name, domain).keys() - ours(name, domain).keys()
    return [m for m in messages_of(name, domain) if (m.context, m.msgid) not in has]


def missing(name: str, domain: str = "django") -> list[Message]:
    """What neither the library nor our catalogue says in Vietnamese."""
    own = ours(name, domain)
    return [m for m in wanted(name, domain) if (m.context, m.msgid) not in own]


def update(name: str, domain: str = "django") -> list[Message]:
    """Bring our catalogue of a library into step with the installed release; return what is missing."""
    messages = wanted(name, domain)
    if messages:
        catalogues.rewrite(catalogues.catalogue_path(name, domain), messages)
    return missing(name, domain)


def _folder(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None and spec.origin is not None, f"{package} is not installed"
    return Path(spec.origin).parent


def _within(package: Path, pattern: str, library: Library) -> list[Path]:
    """The files of a package that our users may meet."""
    root = package.parent
    return sorted(
        path
        for path in package.rglob(pattern)
        if not path.relative_to(root).as_posix().startswith(library.without)
    )


def _sources(package: Path, library: Library) -> list[Message]:
    files = (
        path
        for path in _within(package, "*", library)
        if path.suffix in {".py", ".html", ".txt"} and not {"locale", "migrations", "tests"} & set(path.parts)
    )
    return catalogues.collect(files, under=package.parent)


def _english(package: Path, library: Library) -> list[Message]:
    return [
        Message(
            entry.msgid, entry.msgid_plural, entry.msgctxt, [(str(path.relative_to(package.parent)), "1")]
        )
        for path in _within(package, "locale/en/LC_MESSAGES/djangojs.po", library)
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    ]
