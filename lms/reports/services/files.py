"""Writing a report into files."""

from collections.abc import Iterable
from hashlib import sha256

from django.db import transaction

from lms.reports.documents import WRITERS
from lms.reports.enums import SENT, FileFormat
from lms.reports.models import ClosedReport, UnitReport, WrittenFile
from lms.reports.writing import letter_of, letter_of_figure


def write_files(
    *, report: UnitReport, formats: Iterable[FileFormat] = tuple(FileFormat)
) -> list[WrittenFile]:
    """Write a sent report anew in these formats, in place of what was written of it before.

    Takes some seconds for a province: belongs behind the page, which shows each file as soon as it is there.
    A report that was not sent leaves no file.
    """
    if report.status not in SENT:
        return []
    letter = letter_of(report)
    return [_replace(report, format_, WRITERS[format_](letter)) for format_ in formats]


@transaction.atomic
def _replace(report: UnitReport, format_: FileFormat, content: bytes) -> WrittenFile:
    UnitReport.objects.select_for_update().get(pk=report.pk)
    report.files.filter(format=format_).update(report=None)
    return _keep(report, format_, content)


def write_figure(*, closed: ClosedReport, format_: FileFormat) -> WrittenFile:
    """One closed figure as a letter of its own."""
    return _keep(None, format_, WRITERS[format_](letter_of_figure(closed)))


def _keep(report: UnitReport | None, format_: FileFormat, content: bytes) -> WrittenFile:
    """The same bytes are the same file: remembered once, that they can be told from altered ones."""
    row, _made = WrittenFile.objects.update_or_create(
        sha256=sha256(content).hexdigest(),
        defaults={"report": report, "format": format_, "content": content},
    )
    return row
