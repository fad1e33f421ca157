"""Files that come in through the pages: kept, looked at, applied."""

import io
from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.kernel.faults import Faults, FileRefused
from lms.kernel.mending import FaultyLines, faulty_lines, put_back
from lms.kernel.tables import WEB_ROWS
from lms.roster import vault
from lms.roster.enums import Permit, UploadKind
from lms.roster.errors import NotPermitted
from lms.roster.imports.absences import import_absences
from lms.roster.imports.outcome import Outcome
from lms.roster.imports.roster import WholeStaff, import_roster
from lms.roster.imports.tables import called_here, table_of
from lms.roster.imports.units import import_units
from lms.roster.models import Person, Unit, Upload
from lms.roster.policies import may_anywhere, people_within_reach, tops_within_reach, units_within_reach
from lms.roster.queries import ended_units_once_below

PERMITS = {
    UploadKind.ROSTER: Permit.MANAGE_ROSTER,
    UploadKind.ABSENCES: Permit.MANAGE_ROSTER,
    UploadKind.UNITS: Permit.MANAGE_UNITS,
}
_KEPT = timedelta(days=1)


@transaction.atomic
def keep_upload(
    *,
    kind: UploadKind,
    name: str,
    content: bytes,
    by: Person,
    today: date,
    whole_unit: Unit | None = None,
    whole_on: date | None = None,
) -> Upload:
    """Keep a file until its sender has looked at what it would change; files of yesterday are thrown away."""
    if not may_anywhere(by, PERMITS[kind], today):
        raise NotPermitted
    kept = keep_file(kind=kind, name=name, content=content, by=by)
    kept.whole_unit, kept.whole_on = whole_unit, whole_on
    kept.save(update_fields=["whole_unit", "whole_on"])
    return kept


@transaction.atomic
def keep_file(*, kind: str, name: str, content: bytes, by: Person) -> Upload:
    """Keep a file of whatever kind for its sender, sealed; the rooms above read it by `kept_file`.

    The caller has looked whether they may send it.
    """
    Upload.objects.filter(uploaded_at__lt=timezone.now() - _KEPT).delete()
    identity = uuid4()
    return Upload.objects.create(
        public_id=identity,
        kind=kind,
        name=name[:200],
        sealed=vault.seal_file(content, identity),
        uploaded_by=by,
    )


def kept_file(upload: Upload) -> io.BytesIO:
    """What was sent, byte for byte."""
    return io.BytesIO(vault.unseal_file(bytes(upload.sealed), upload.public_id))


def preview_upload(*, upload: Upload, today: date) -> Outcome:
    """What applying it would change, and what is wrong with it; raises FileRefused if it cannot be read."""
    return _import(upload, today, dry_run=True)


@transaction.atomic
def apply_upload(*, upload: Upload, today: date) -> Outcome:
    """Write it, all or nothing, in its sender's name, and throw the file away."""
    outcome = _import(upload, today, dry_run=False)
    upload.delete()
    return outcome


def faulty_lines_of(upload: Upload, faults: Faults) -> FaultyLines | None:
    """The lines that are wrong, to be mended alone; None where that would not mend the file."""
    kind = UploadKind(upload.kind)
    return faulty_lines(table_of(kind), kept_file(upload), faults, called_here(kind))


@transaction.atomic
def mend_upload(*, upload: Upload, mended: bytes, name: str, today: date) -> int:
    """Put the mended lines into the kept file, in the places of the faulty ones; how many they were.

    Nothing of the register changes. Raises FileRefused where they are not the faulty lines of this file.
    """
    faults = Faults(name)
    lines = faulty_lines_of(upload, faults_of(upload=upload, today=today))
    if lines is None:
        faults.refuse(_("The file has no faulty lines that could be mended alone."))
    table = table_of(UploadKind(upload.kind))
    content = put_back(table, kept_file(upload), io.BytesIO(mended), lines.lines, faults)
    upload.sealed = vault.seal_file(content, upload.public_id)
    upload.save(update_fields=["sealed"])
    return len(lines.lines)


def faults_of(*, upload: Upload, today: date) -> Faults:
    """What is wrong with the file, told today."""
    try:
        return preview_upload(upload=upload, today=today).faults or Faults()
    except FileRefused as refusal:
        return refusal.faults


def _import(upload: Upload, today: date, *, dry_run: bool) -> Outcome:
    """The file may name what its sender reaches today and nothing else."""
    by = upload.uploaded_by
    file = kept_file(upload)
    kind = UploadKind(upload.kind)
    units = units_within_reach(by, PERMITS[kind], today)
    if kind == UploadKind.UNITS:
        return import_units(
            file,
            name=upload.name,
            by=by,
            within=frozenset(units.values_list("code", flat=True)),
            dry_run=dry_run,
            most_rows=WEB_ROWS,
        )
    if kind == UploadKind.ABSENCES:
        people = people_within_reach(by, PERMITS[kind], today)
        return import_absences(
            file,
            name=upload.name,
            by=by,
            within=frozenset(people.values_list("code", flat=True)),
            approved=False,
            dry_run=dry_run,
            most_rows=WEB_ROWS,
        )
    # What somebody did in a unit that has ended since belongs to the list as well.
    tops = tops_within_reach(by, PERMITS[kind], today).values_list("pk", flat=True)
    ended = ended_units_once_below(tops, today)
    whole = None
    if upload.whole_unit is not None and upload.whole_on is not None:
        whole = WholeStaff(upload.whole_unit, upload.whole_on)
    return import_roster(
        file,
        name=upload.name,
        by=by,
        whole=whole,
        within=frozenset([*units.values_list("code", flat=True), *ended.values_list("code", flat=True)]),
        preview=dry_run,
        most_rows=WEB_ROWS,
    )
