"""A whole course as one ZIP: a manifest with hashes, the pages, their media, the questions."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from content.errors import PackageRefused
from lms.kernel.archives import Limits, entries_of, unpacked

FORMAT = "vung-course"
VERSION = 1
LIMITS = Limits(entries=5_000, total=4_000_000_000, nested=False)
MOST_TEXT = 50_000_000
"""Bytes of the manifest, and of the pages."""


def packed(about: Mapping[str, Any], course: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """`about`: what the manifest says beside the hashes; `files`: media and questions by path."""
    held = {"course.json": _json(course), **files}
    hashes = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in held.items()
    }
    manifest = {"format": FORMAT, "version": VERSION, **about, "files": hashes}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", _json(manifest))
        for name in sorted(held):
            archive.writestr(name, held[name])
    return target.getvalue()


def opened(file: IO[bytes]) -> tuple[dict[str, Any], dict[str, Any], dict[str, bytes]]:
    """Manifest, course and files of a package; ArchiveRefused or PackageRefused."""
    entries = {entry.filename: entry for entry in entries_of(file, LIMITS)}
    if "manifest.json" not in entries or entries["manifest.json"].file_size > MOST_TEXT:
        raise PackageRefused(_("This is not a course that Vững has exported: it has no manifest."))
    manifest = _read(b"".join(unpacked(file, entries.pop("manifest.json"))))
    if manifest.get("format") != FORMAT or not isinstance(manifest.get("files"), dict):
        raise PackageRefused(_("This is not a course that Vững has exported: it has no manifest."))
    if manifest.get("version") != VERSION:
        raise PackageRefused(
            _("The course was exported by a newer version. Bring this installation up to date.")
        )
    if entries.keys() != manifest["files"].keys() or "course.json" not in entries:
        raise PackageRefused(
            _("The files are not those of which the manifest speaks: it was altered or is damaged.")
        )
    files = {name: b"".join(unpacked(file, entry)) for name, entry in entries.items()}
    for name, data in files.items():
        stated = manifest["files"][name]
        if not isinstance(stated, dict) or stated.get("sha256") != hashlib.sha256(data).hexdigest():
            text = _("The file “{name}” is not the one that was exported: it was altered or is damaged.")
            raise PackageRefused(text.format(name=name))
    course = _read(files.pop("course.json"))
    return manifest, course, files


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()


def _read(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError as error:
        raise PackageRefused(_("The course inside cannot be read: it is damaged.")) from error
    if not isinstance(found, dict):
        raise PackageRefused(_("The course inside cannot be read: it is damaged."))
    return found
