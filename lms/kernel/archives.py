"""Archives that come in: judged by what they declare before anything is unpacked, then held to it."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext_lazy as _

from lms.kernel.errors import Refused

_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))]
)
_NESTED = (".zip", ".jar", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".zst")


class ArchiveRefused(Refused):
    """The archive is broken, too large or not safe to unpack; the sentence names the entry."""

    code = "archive_refused"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold at most. Sizes are bytes after unpacking."""

    entries: int = 5_000
    total: int = 200_000_000
    path: int = 200
    nested: bool = False


def entries_of(file: IO[bytes], limits: Limits) -> list[zipfile.ZipInfo]:
    """The files of a zip archive, folders left out; nothing is unpacked.

    Refused by number, declared total size, unsafe path (absolute, ``..``, a device name, too long), link,
    encryption, nested archive, the same name twice (case ignored), overlapping entries.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise ArchiveRefused(_("The archive is broken.")) from error
    infos = archive.infolist()
    if len(infos) > limits.entries:
        raise ArchiveRefused(
            _("The archive holds %(count)d entries; at most %(limit)d are taken.")
            % {"count": len(infos), "limit": limits.entries}
        )
    total = sum(info.file_size for info in infos)
    if total > limits.total:
        raise ArchiveRefused(
            _("Unpacked, the archive would take %(size)d MB; at most %(limit)d MB are taken.")
            % {"size": total // 1_000_000, "limit": limits.total // 1_000_000}
        )
    seen: set[str] = set()
    for info in infos:
        _judge(info, seen, limits)
    last_end = 0
    for info in sorted(infos, key=lambda entry: entry.header_offset):
        if info.header_offset < last_end:
            raise _refused(info, _("overlaps another entry"))
        last_end = info.header_offset + 30 + info.compress_size
    return [info for info in infos if not info.is_dir()]


def unpacked(
    file: IO[bytes] | zipfile.ZipFile, info: zipfile.ZipInfo, chunk: int = 1 << 20
) -> Iterator[bytes]:
    """The bytes of one entry, piece by piece. An entry that is longer than it declares is refused.

    Whoever reads thousands of entries opens the archive once: its list is read at every opening.
    """
    try:
        opened = nullcontext(file) if isinstance(file, zipfile.ZipFile) else zipfile.ZipFile(file)
        with opened as archive, archive.open(info) as stream:
            while piece := stream.read(chunk):
                yield piece
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise _refused(info, _("is broken or not what it declares")) from error


def _judge(info: zipfile.ZipInfo, seen: set[str], limits: Limits) -> None:
    name = info.filename
    parts = name.rstrip("/").split("/")
    if (
        not name
        or name.startswith(("/", "\\"))
        or "\\" in name
        or ":" in name
        or any(part in ("", ".", "..") for part in parts)
        or any(ord(letter) < 32 for letter in name)
        or any(part.split(".")[0].rstrip().lower() in _DEVICES for part in parts)
        or info.orig_filename != name
    ):
        raise _refused(info, _("has an unsafe path"))
    if len(name) > limits.path:
        raise _refused(info, _("has too long a path"))
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(info, _("is a link or a device"))
    if info.flag_bits & 0x1:
        raise _refused(info, _("is encrypted"))
    if not limits.nested and name.lower().endswith(_NESTED):
        raise _refused(info, _("is an archive inside the archive"))
    folded = name.rstrip("/").casefold()
    if folded in seen:
        raise _refused(info, _("is there twice"))
    seen.add(folded)


def _refused(info: zipfile.ZipInfo, why: object) -> ArchiveRefused:
    return ArchiveRefused(
        _("The entry “%(name)s” %(why)s.")
        % {"name": "".join(c if c.isprintable() else "?" for c in info.filename[:80]), "why": why}
    )
