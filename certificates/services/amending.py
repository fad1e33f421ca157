"""Revoking a certificate and correcting its name: one person asks, a second decides."""

from datetime import date

from django.db import IntegrityError, transaction

from lms.kernel import services as kernel
from lms.kernel.services import Actor
from lms.roster import queries as roster
from lms.roster.queries import Person

from ..enums import REVOKED, AmendmentKind, Decision, RevocationReason
from ..errors import (
    AlreadyDecided,
    AlreadyRevoked,
    NameIsRight,
    NotYourself,
    UnprintableName,
    WaitsForDecision,
)
from ..layouts import unprintable
from ..models import Amendment, Certificate
from ..payload import corrected
from ..signals import certificate_revoked
from .issuing import enter, locked_register, next_line


def propose_revocation(
    *, certificate: Certificate, reason: RevocationReason, explanation: str, by: Person, on: date
) -> Amendment:
    """Ask that a certificate be revoked. Raises AlreadyRevoked, WaitsForDecision, NotYourself."""
    return _propose(AmendmentKind.REVOKE, certificate, reason, explanation, by, on)


def propose_correction(*, certificate: Certificate, explanation: str, by: Person, on: date) -> Amendment:
    """Ask that a certificate be issued again under the name that the register of staff has now.

    Names are corrected there and never typed here. Raises NameIsRight if nothing differs.
    """
    _right_name(certificate, on)
    return _propose(AmendmentKind.CORRECT_NAME, certificate, RevocationReason.REPLACED, explanation, by, on)


@transaction.atomic
def decide_amendment(*, amendment: Amendment, decision: Decision, by: Person, on: date) -> Certificate:
    """Approve or reject. The certificate that stands afterwards: the revoked one, the new one, or as it was.

    Raises NotYourself for who asked, whatever account or code they use, and for the holder; AlreadyDecided.
    """
    if roster.same_human(by, amendment.proposed_by):
        raise NotYourself
    certificate = Certificate.objects.select_for_update().get(pk=amendment.certificate_id)
    _not_the_holder(certificate, by)
    claimed = Amendment.objects.filter(pk=amendment.pk, decision="").update(
        decision=decision, decided_by=by, decided_on=on
    )
    if not claimed:
        raise AlreadyDecided
    if decision == Decision.REJECTED:
        return certificate
    if certificate.revoked_on is not None:
        raise AlreadyRevoked
    if amendment.kind == AmendmentKind.CORRECT_NAME:
        return _replace(certificate, amendment, by=by, on=on)
    _revoke(certificate, RevocationReason(amendment.reason), on=on, by=by, asked_by=amendment.proposed_by)
    return certificate


def _propose(
    kind: AmendmentKind,
    certificate: Certificate,
    reason: RevocationReason,
    explanation: str,
    by: Person,
    on: date,
) -> Amendment:
    if certificate.revoked_on is not None:
        raise AlreadyRevoked
    _not_the_holder(certificate, by)
    try:
        with transaction.atomic():
            return Amendment.objects.create(
                certificate=certificate,
                kind=kind,
                reason=reason,
                explanation=explanation,
                proposed_by=by,
                proposed_on=on,
            )
    except IntegrityError as error:
        if Amendment.objects.filter(certificate=certificate, decision="").exists():
            raise WaitsForDecision from error
        raise


def _not_the_holder(certificate: Certificate, by: Person) -> None:
    if roster.same_human(by, certificate.person):
        raise NotYourself


def _right_name(certificate: Certificate, on: date) -> tuple[str, date | None]:
    person = roster.person_on(certificate.person_id, on)
    probe = corrected(
        certificate.payload,
        holder=person.full_name,
        birth_date=person.birth_date,
        number="",
        code="",
        url="",
        issued_on=on,
    )
    if all(probe[field] == certificate.payload[field] for field in ("holder", "holder_line")):
        raise NameIsRight
    return person.full_name, person.birth_date


def _revoke(
    certificate: Certificate, reason: RevocationReason, *, on: date, by: Actor, asked_by: Person
) -> None:
    certificate.revoked_on, certificate.revocation_reason = on, reason
    certificate.save(update_fields=["revoked_on", "revocation_reason"])
    kernel.append(
        type=REVOKED,
        subject=certificate.public_id,
        fact={
            "number": certificate.number_text,
            "on": on,
            "reason": reason.value,
            "asked_by": asked_by.code,
        },
        by=by,
    )
    certificate_revoked.send(
        sender=Certificate,
        certificate_id=certificate.pk,
        person_id=certificate.person_id,
        reason=reason.value,
    )


def _replace(old: Certificate, amendment: Amendment, *, by: Person, on: date) -> Certificate:
    """Revoke the old paper as replaced, and enter the new one that names it."""
    full_name, birth_date = _right_name(old, on)
    if letters := unprintable(full_name):
        raise UnprintableName(letters)
    register = locked_register(old.issuer, on.year)
    _revoke(old, RevocationReason.REPLACED, on=on, by=by, asked_by=amendment.proposed_by)
    line = next_line(old.issuer, register)
    new = Certificate(
        issuer=old.issuer,
        person_id=old.person_id,
        course_id=old.course_id,
        edition=old.edition,
        round=old.round,
        evidence=old.evidence,
        issued_on=on,
        valid_until=old.valid_until,
        replaces=old,
    )
    payload = corrected(
        old.payload,
        holder=full_name,
        birth_date=birth_date,
        number=line.number_text,
        code=line.code,
        url=line.url,
        issued_on=on,
    )
    return enter(new, line, payload, by=by)
