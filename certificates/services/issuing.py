"""Issuing: once, earned, numbered, signed, written down."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import translation

from lms.coverage import queries as coverage
from lms.kernel import services as kernel
from lms.kernel.services import Actor
from lms.learning import queries as learning
from lms.learning.records import Completed
from lms.roster import queries as roster

from ..codes import new_code, new_link
from ..enums import ISSUED, RevocationReason
from ..errors import NoIssuer, NotAllowed, NotEarned, UnprintableName
from ..keys import public_key
from ..layouts import unprintable
from ..models import Certificate, Issuer, IssuingRule, RegisterYear
from ..numbers import numbered
from ..payload import DESIGN, written
from ..records import Achievement
from ..signals import certificate_issued
from ..signing import load_key, stated


def ensure_issuer(
    *,
    code: str,
    name: str,
    place: str,
    signatory_title: str,
    signatory: str,
    parent_name: str = "",
    unit_code: str = "",
) -> Issuer:
    """The issuer with this code, made if there is none; one that stands is left as it is."""
    issuer, _made = Issuer.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "place": place,
            "signatory_title": signatory_title,
            "signatory": signatory,
            "parent_name": parent_name,
            "unit_id": roster.unit_by_code(unit_code).pk if unit_code else None,
        },
    )
    return issuer


@transaction.atomic
def issue_certificate(
    *, person_id: int, course_code: str, edition: int, on: date, by: Actor = "platform"
) -> Certificate:
    """The certificate for a completed course: issued now, or the one that was issued before.

    Conditions are checked in the same transaction. Raises NotEarned, NoIssuer. Twice, in parallel too,
    makes one: the register's row is locked first, and a constraint keeps the promise.
    """
    rule = IssuingRule.objects.filter(course__code=course_code).select_related("issuer").first()
    issuer = rule.issuer if rule and rule.issuer else Issuer.objects.order_by("pk").first()
    if issuer is None:
        raise NoIssuer
    register = locked_register(issuer, on.year)
    with translation.override("vi"):
        completion = learning.completion_of(person_id=person_id, course_code=course_code, edition=edition)
    standing = Certificate.objects.filter(person=person_id, course__code=course_code, edition=edition)
    standing = standing.exclude(revocation_reason=RevocationReason.REPLACED).order_by("-round")
    found = standing.first()
    if found is not None and not _calls_for_another(found, completion):
        return found
    if completion is None:
        raise NotEarned
    months = rule.validity_months if rule else None
    return _register(
        issuer,
        register,
        person_id,
        _achievement(completion),
        on=on,
        valid_until=on + relativedelta(months=months) if months else None,
        by=by,
    )


def _calls_for_another(standing: Certificate, completion: Completed | None) -> bool:
    """A renewal: the course was gone through again, and the paper that stands ends or was revoked."""
    later = completion is not None and completion.round > standing.round
    return later and (standing.valid_until is not None or standing.revoked_on is not None)


@transaction.atomic
def issue_for_evidence(*, chain: UUID, course_code: str, on: date, by: Actor) -> Certificate:
    """The certificate of a class held in a room or of approved outside training: a new one, or the earlier.

    Raises NotAllowed where the course's issuer does not certify such, NotEarned where the evidence is
    not approved, was revoked or has ended; both are looked at in the same transaction.
    """
    rule = IssuingRule.objects.filter(course__code=course_code, outside=True).select_related("issuer").first()
    if rule is None or rule.issuer is None:
        raise NotAllowed
    register = locked_register(rule.issuer, on.year)
    standing = Certificate.objects.exclude(revocation_reason=RevocationReason.REPLACED)
    if found := standing.filter(evidence=chain).first():
        return found
    with translation.override("vi"):
        proofs = coverage.approved_outside(courses=[course_code], on=on, chains=[chain])
    if not proofs:
        raise NotEarned
    proof = proofs[0]
    before = standing.filter(person=proof.person_id, course=proof.course_id, edition=0)
    months = rule.validity_months
    return _register(
        rule.issuer,
        register,
        proof.person_id,
        Achievement(
            course_id=proof.course_id,
            course_code=proof.course_code,
            course_title=proof.course_title,
            level_label=proof.level_label,
            edition=0,
            round=(before.aggregate(last=Max("round"))["last"] or 0) + 1,
            hours=proof.hours,
            result_label=proof.outcome_label,
            completed_on=proof.completed_on,
            reference=proof.reference if not unprintable(proof.reference) else "",
        ),
        on=on,
        valid_until=proof.valid_until or (on + relativedelta(months=months) if months else None),
        by=by,
        evidence=chain,
    )


def issue_missing(*, on: date, course_code: str = "", by: Actor = "operator") -> list[Certificate]:
    """Issue what is due and missing, each in its own transaction; running it twice issues nothing more."""
    have = set(
        Certificate.objects.exclude(revocation_reason=RevocationReason.REPLACED).values_list(
            "person_id", "course_id", "edition", "round"
        )
    )
    due = [
        completion
        for completion in learning.completions(course_code=course_code)
        if (completion.person_id, completion.course_id, completion.edition, completion.round) not in have
    ]
    issued = []
    for completion in due:
        try:
            certificate = issue_certificate(
                person_id=completion.person_id,
                course_code=completion.course_code,
                edition=completion.edition,
                on=on,
                by=by,
            )
        except (NotEarned, UnprintableName):  # withdrawn since it was listed; or nobody can print it
            continue
        if certificate.round == completion.round:
            issued.append(certificate)
    return issued


def _achievement(completion: Completed) -> Achievement:
    return Achievement(
        course_id=completion.course_id,
        course_code=completion.course_code,
        course_title=completion.course_title,
        level_label=completion.level_label,
        edition=completion.edition,
        round=completion.round,
        hours=completion.hours,
        result_label=completion.outcome_label,
        completed_on=completion.completed_on,
    )


def locked_register(issuer: Issuer, year: int) -> RegisterYear:
    RegisterYear.objects.get_or_create(issuer=issuer, year=year)
    return RegisterYear.objects.select_for_update().get(issuer=issuer, year=year)


def _register(
    issuer: Issuer,
    register: RegisterYear,
    person_id: int,
    achievement: Achievement,
    *,
    on: date,
    valid_until: date | None,
    by: Actor,
    evidence: UUID | None = None,
) -> Certificate:
    person = roster.person_on(person_id, on)
    if letters := unprintable(person.full_name):
        raise UnprintableName(letters)
    line = next_line(issuer, register)
    payload = written(
        holder=person.full_name,
        birth_date=person.birth_date,
        unit_name=person.postings[0].unit_name if person.postings else "",
        achievement=achievement,
        issuer={
            "name": issuer.name,
            "parent_name": issuer.parent_name,
            "place": issuer.place,
            "signatory_title": issuer.signatory_title,
            "signatory": issuer.signatory,
            "authority_document": issuer.authority_document,
        },
        authorised=issuer.authorised,
        number=line.number_text,
        code=line.code,
        url=line.url,
        issued_on=on,
        valid_until=valid_until,
        design=design_in_force(issuer),
    )
    certificate = Certificate(
        issuer=issuer,
        person_id=person_id,
        course_id=achievement.course_id,
        edition=achievement.edition,
        round=achievement.round,
        evidence=evidence,
        issued_on=on,
        valid_until=valid_until,
    )
    return enter(certificate, line, payload, by=by)


@dataclass(frozen=True, slots=True)
class Line:
    """The next free line of a register, and the secrets of its paper."""

    year: int
    number: int
    number_text: str
    code: str
    link: str

    @property
    def url(self) -> str:
        return f"{settings.BASE_URL}/verify/{self.link}/"


def design_in_force(issuer: Issuer) -> str:
    """What a paper issued now names as its design: «classic», or one of the issuer's own by its row."""
    own = issuer.designs.order_by("-version").values_list("pk", flat=True).first()
    return f"own:{own}" if own else DESIGN


def next_line(issuer: Issuer, register: RegisterYear) -> Line:
    """Take the next number; the register's row is locked by the caller."""
    RegisterYear.objects.filter(pk=register.pk).update(last_number=F("last_number") + 1)
    register.refresh_from_db(fields=["last_number"])
    text = numbered(
        issuer.number_pattern, number=register.last_number, year=register.year, issuer=issuer.code
    )
    return Line(register.year, register.last_number, text, new_code(), new_link())


def enter(certificate: Certificate, line: Line, payload: dict[str, Any], *, by: Actor) -> Certificate:
    """Write the line: the row, its signature and its entry in the ledger."""
    key = load_key(settings.KEY_DIR)
    certificate.year, certificate.number = line.year, line.number
    certificate.number_text = line.number_text
    certificate.code, certificate.link = line.code, line.link
    certificate.payload = payload
    certificate.key = public_key(key)
    certificate.signature = key.sign(payload)
    fact = stated(payload, key.key_id, certificate.signature)
    certificate.ledger_entry = kernel.append(type=ISSUED, subject=certificate.public_id, fact=fact, by=by)
    certificate.save(force_insert=True)
    certificate_issued.send(
        sender=Certificate, certificate_id=certificate.pk, person_id=certificate.person_id
    )
    return certificate
