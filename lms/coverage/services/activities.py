"""What units held: recorded by one, decided by another, corrected and revoked with a reason."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from lms.coverage.enums import EvidenceStatus, activity_kinds
from lms.coverage.errors import NotYetHeld, UnknownActivityKind
from lms.coverage.models import Activity
from lms.coverage.services.proofs import hashes_of, lay_beside
from lms.kernel.scans import Scan
from lms.kernel.services import Actor, correct_fact, record_fact
from lms.roster.enums import Permit
from lms.roster.errors import AlreadyDecided, AlreadyThere, ReasonNeeded
from lms.roster.queries import Unit, unit_on
from lms.roster.services.rights import acting, require, require_second_person


@transaction.atomic
def record_activity(
    *,
    unit: Unit,
    kind: str,
    day: date,
    title: str,
    place: str,
    participants: int,
    by: Actor,
    today: date,
    reference: str = "",
    scans: Sequence[Scan] = (),
) -> Activity:
    """Say that the unit held this; it counts once a second person approves.

    Raises NotPermitted, UnknownActivityKind, NotYetHeld, NoSuchUnitOnDay, AlreadyThere, TooManyProofs.
    """
    require(by, Permit.PREPARE_REPORT, unit, today)
    _check(unit, kind, day, today)
    stated = Activity(
        unit=unit,
        kind=kind,
        day=day,
        title=title.strip(),
        place=place.strip(),
        participants=participants,
        reference=reference.strip(),
        status=EvidenceStatus.DECLARED,
        declared_by=acting(by),
        proofs=hashes_of(scans),
    )
    if _same(stated).exists():
        raise AlreadyThere
    row = record_fact(stated, by=by)
    lay_beside(row, scans, unit_id=unit.pk)
    return row


@transaction.atomic
def correct_activity(
    *,
    activity: Activity,
    kind: str,
    day: date,
    title: str,
    place: str,
    participants: int,
    by: Actor,
    today: date,
    reference: str = "",
    scans: Sequence[Scan] = (),
) -> Activity:
    """State it otherwise, or add papers; what was decided waits for its decision again."""
    require(by, Permit.PREPARE_REPORT, activity.unit, today)
    _check(activity.unit, kind, day, today)
    values: dict[str, object] = {
        "kind": kind,
        "day": day,
        "title": title.strip(),
        "place": place.strip(),
        "participants": participants,
        "reference": reference.strip(),
        "proofs": hashes_of(scans, activity.proof_hashes),
    }
    if all(getattr(activity, name) == value for name, value in values.items()):
        return activity
    values |= {"status": EvidenceStatus.DECLARED, "declared_by": acting(by), "decided_by": None}
    values["revoked_on"] = None
    stated = Activity(unit=activity.unit, kind=kind, day=day, title=title.strip())
    if _same(stated).exclude(chain=activity.chain).exists():
        raise AlreadyThere
    lay_beside(activity, scans, unit_id=activity.unit_id)
    return correct_fact(activity, values, by=by)


def approve_activity(*, activity: Activity, by: Actor, today: date) -> Activity:
    """The second person's yes: from now on it counts."""
    return _decide(activity, EvidenceStatus.APPROVED, by, today, "")


def reject_activity(*, activity: Activity, by: Actor, today: date, reason: str) -> Activity:
    """The second person's no, with the reason."""
    if not reason.strip():
        raise ReasonNeeded
    return _decide(activity, EvidenceStatus.REJECTED, by, today, reason.strip())


@transaction.atomic
def revoke_activity(*, activity: Activity, on: date, by: Actor, today: date, reason: str) -> Activity:
    """From that day on it no longer counts; what was counted before that day stays counted."""
    require(by, Permit.APPROVE_EVIDENCE, activity.unit, today)
    require_second_person(by, activity.declared_by)
    if not reason.strip():
        raise ReasonNeeded
    return correct_fact(activity, {"revoked_on": on}, by=by, reason=reason.strip())


@transaction.atomic
def _decide(activity: Activity, status: EvidenceStatus, by: Actor, today: date, reason: str) -> Activity:
    require(by, Permit.APPROVE_EVIDENCE, activity.unit, today)
    require_second_person(by, activity.declared_by)
    if activity.status != EvidenceStatus.DECLARED:
        raise AlreadyDecided
    return correct_fact(activity, {"status": status, "decided_by": acting(by)}, by=by, reason=reason)


def _check(unit: Unit, kind: str, day: date, today: date) -> None:
    if kind not in activity_kinds():
        raise UnknownActivityKind(kind)
    if day > today:
        raise NotYetHeld
    unit_on(unit, day)


def _same(stated: Activity) -> QuerySet[Activity]:
    rows: QuerySet[Activity] = Activity.objects.current()
    return rows.filter(unit=stated.unit, kind=stated.kind, day=stated.day, title=stated.title)
