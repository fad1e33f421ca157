import io
import stat
import zipfile

import pytest

from lms.kernel.archives import ArchiveRefused, Limits, entries_of, unpacked


def archive(*entries):
    """A zip of (name or ZipInfo, content) pairs, with names written exactly as given."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in entries:
            out.writestr(name, content)
    return file


def refusal(file, limits=Limits()):  # noqa: B008
    with pytest.raises(ArchiveRefused) as caught:
        entries_of(file, limits)
    return str(caught.value)


def link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_a_sound_archive_lists_its_files_and_leaves_folders_out():
    file = archive(("folder/", ""), ("folder/a.txt", "hello"))
    (info,) = entries_of(file, Limits())
    assert (info.filename, b"".join(unpacked(file, info))) == ("folder/a.txt", b"hello")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("../a", "has an unsafe path"),
        ("a/../../b", "has an unsafe path"),
        ("/etc/passwd", "has an unsafe path"),
        ("a\\b", "has an unsafe path"),
        ("C:a", "has an unsafe path"),
        ("con.txt", "has an unsafe path"),
        ("a//b", "has an unsafe path"),
        ("inner.zip", "is an archive inside the archive"),
        ("x" * 201, "has too long a path"),
    ],
)
def test_an_unsafe_entry_is_refused_by_name(entry, why):  # E5
    """ABUSE E5"""
    assert refusal(archive((entry, "x"))) == f"The entry “{entry[:80]}” {why}."


def test_a_link_is_refused():  # E5
    assert refusal(archive((link("a"), "/etc/passwd"))) == "The entry “a” is a link or a device."


def test_two_names_that_differ_in_case_alone_are_refused():  # E5
    assert refusal(archive(("a.txt", "1"), ("A.TXT", "2"))) == "The entry “A.TXT” is there twice."


def test_too_many_entries_are_refused():  # E5
    file = archive(*((str(n), "") for n in range(4)))
    assert refusal(file, Limits(entries=3)) == "The archive holds 4 entries; at most 3 are taken."


def test_overlapping_entries_are_refused():  # E5
    file = archive(("a", "x" * 100), ("b", "y" * 100))
    content = bytearray(file.getvalue())
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = content[content.index(b"PK\x01\x02") + 42 :][:4]
    assert "overlaps another entry" in refusal(io.BytesIO(bytes(content)))


def test_what_is_no_archive_is_refused():
    assert refusal(io.BytesIO(b"PK\x03\x04")) == "The archive is broken."
