"""Named reads of the register."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.coverage import queries as coverage
from lms.kernel.queries import entries_known_at, subjects_known_at
from lms.learning import queries as learning
from lms.roster import queries as roster
from lms.roster.enums import Permit
from lms.roster.policies import people_within_reach
from lms.roster.queries import Person
from quizzes.records import PaperConcerned

from .codes import read_code
from .documents import stands_in_ledger
from .enums import ISSUED, REVOKED, RevocationReason
from .models import Amendment, Certificate, IssuingRule, SignedPaper
from .policies import issuers_within_reach
from .records import Certifiable, CertificateLine, Happening, RegisterLine, Verified, Waiting
from .signing import armoured, genuine
from .words import check_words

MOST_WAITING = 2_000
"""Of outside records that wait for a paper, so many are looked through at once."""


def certificates_of(person_id: int, on: date) -> list[CertificateLine]:
    """A person's certificates, the newest first."""
    rows = (
        Certificate.objects.filter(person_id=person_id).select_related("course").order_by("-issued_on", "-pk")
    )
    return [
        CertificateLine(
            row.public_id,
            row.link,
            row.number_text,
            row.payload["title"],
            row.course.code,
            row.payload.get("course", ""),
            row.issued_on,
            row.valid_until,
            state_of(row, on),
        )
        for row in rows
    ]


def holders_of(courses: Iterable[str], on: date, known_at: int) -> set[int]:
    """Who held a valid certificate of one of these courses on that day, as known at a ledger size; by row
    id. What was issued or revoked by a later entry is not known, whatever day it names."""
    rows = Certificate.objects.filter(course__code__in=list(courses), issued_on__lte=on)
    rows = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on))
    rows = rows.filter(ledger_entry__in=entries_known_at(known_at, ISSUED))
    revoked = rows.filter(revoked_on__lte=on, public_id__in=subjects_known_at(known_at, REVOKED))
    return set(rows.exclude(pk__in=revoked.values("pk")).values_list("person_id", flat=True))


def by_link(link: str) -> Certificate | None:
    """The certificate whose paper carries this link."""
    if not link.isprintable():
        return None
    return Certificate.objects.filter(link=link).select_related("key", "issuer").first()


def by_number_and_code(number: str, code: str) -> Certificate | None:
    """The certificate with this number, only for whoever knows its code too."""
    return Certificate.objects.filter(number_text__iexact=number.strip(), code=read_code(code)).first()


def state_of(certificate: Certificate, on: date) -> str:
    """`revoked`, `expired` or `valid` on this day, as far as the row tells."""
    if certificate.revoked_on is not None and certificate.revoked_on <= on:
        return "revoked"
    if certificate.valid_until is not None and certificate.valid_until <= on:
        return "expired"
    return "valid"


def last_day_of(certificate: Certificate) -> date | None:
    """The last day on which it holds."""
    return certificate.valid_until - timedelta(days=1) if certificate.valid_until else None


def verified(certificate: Certificate, on: date, *, shown: str = "") -> Verified:
    """What the paper must say, and what it is worth on `on`. Signature and ledger are checked each time.

    `shown` is the signature that the QR code shows; one that differs is not ours. Three queries.
    """
    if certificate.erased_on is not None:
        return Verified(state="erased", on=on, paper=certificate.payload)
    signature = bytes(certificate.signature)
    agency = SignedPaper.objects.filter(certificate=certificate).only("signer", "signed_at").first()
    entry = stands_in_ledger(certificate)
    signed = (
        genuine(certificate.payload, signature, bytes(certificate.key.raw))
        and entry is not None
        and shown in ("", armoured(signature))
    )
    return Verified(
        state=state_of(certificate, on) if signed else "not_genuine",
        on=on,
        paper=certificate.payload,
        revoked_on=certificate.revoked_on,
        revocation_reason=certificate.get_revocation_reason_display(),
        last_day=last_day_of(certificate),
        entry=entry[0] if entry else None,
        recorded_at=entry[1] if entry else None,
        words=check_words(armoured(signature)),
        signer=agency.signer if agency else "",
        signed_at=agency.signed_at if agency else None,
    )


def paper_of(public_id: UUID, *, person_id: int) -> Certificate | None:
    """A certificate's PDF is its holder's: for anybody else it does not exist."""
    return Certificate.objects.filter(public_id=public_id, person_id=person_id).first()


# The register -----------------------------------------------------------------------------------


def register_lines(
    among: QuerySet[Certificate], *, on: date, text: str = "", year: int | None = None, course: str = ""
) -> QuerySet[Certificate]:
    """The lines of a register that somebody looks for: by number or name, year, course; the newest first."""
    rows = among
    if year is not None:
        rows = rows.filter(year=year)
    if course:
        rows = rows.filter(course__code=course)
    if text.strip():
        people = roster.people_named(text)
        rows = rows.filter(Q(number_text__istartswith=text.strip()) | Q(person__in=people))
    return rows.order_by("-issued_on", "-pk")


def unsigned(among: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Papers that no agency has signed outside, the oldest first."""
    rows = among.filter(signed_paper__isnull=True, revoked_on__isnull=True, erased_on__isnull=True)
    return rows.order_by("issued_on", "pk")


def signed_outside(among: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Papers that came back signed."""
    return among.filter(signed_paper__isnull=False)


def certifiable(me: Person, on: date) -> list[Certifiable]:
    """Approved classes and outside records of my people that my issuers certify and have not, oldest first.

    Four queries, however many there are.
    """
    issuers = issuers_within_reach(me, Permit.KEEP_CERTIFICATES, on)
    courses = IssuingRule.objects.filter(issuer__in=issuers, outside=True).values_list(
        "course__code", flat=True
    )
    found = coverage.approved_outside(courses=list(courses), on=on)
    done = Certificate.objects.exclude(revocation_reason=RevocationReason.REPLACED)
    certified = set(done.filter(evidence__isnull=False).values_list("evidence", flat=True))
    waiting = [one for one in found if one.chain not in certified][:MOST_WAITING]
    reach = people_within_reach(me, Permit.KEEP_CERTIFICATES, on)
    mine = reach.filter(pk__in={one.person_id for one in waiting})
    people = {person.id: person for person in roster.people_on(mine, on)}
    return [
        Certifiable(
            one.chain,
            one.course_code,
            people[one.person_id].full_name,
            people[one.person_id].postings[0].unit_name if people[one.person_id].postings else "",
            one.course_title,
            one.source_label,
            one.reference,
            one.completed_on,
        )
        for one in waiting
        if one.person_id in people
    ]


def described(rows: Iterable[Certificate], on: date) -> list[RegisterLine]:
    """These lines, finished for a page."""
    chosen = list(rows)
    waiting = set(
        Amendment.objects.filter(certificate__in=chosen, decision="").values_list("certificate", flat=True)
    )
    return [register_line(row, on, waits=row.pk in waiting) for row in chosen]


def register_line(row: Certificate, on: date, *, waits: bool = False) -> RegisterLine:
    return RegisterLine(
        row.public_id,
        row.number_text,
        row.payload.get("holder", ""),
        row.payload.get("unit", ""),
        row.payload.get("course", ""),
        row.payload.get("details", ""),
        row.issued_on,
        last_day_of(row),
        state_of(row, on),
        waits,
    )


def waiting_amendments(among: QuerySet[Certificate], me: Person) -> list[Waiting]:
    """Requests that wait for a second person, the oldest first."""
    rows = list(
        Amendment.objects.filter(certificate__in=among, decision="")
        .select_related("certificate", "proposed_by")
        .order_by("proposed_on", "pk")
    )
    names = roster.full_names(row.proposed_by_id for row in rows)
    return [
        Waiting(
            row.public_id,
            row.certificate.public_id,
            row.certificate.number_text,
            row.certificate.payload.get("holder", ""),
            row.get_kind_display(),
            row.get_reason_display(),
            row.explanation,
            names.get(row.proposed_by_id, row.proposed_by.code),
            row.proposed_on,
            row.proposed_by_id == me.pk,
        )
        for row in rows
    ]


def history_of(certificate: Certificate) -> list[Happening]:
    """What happened to a certificate, the latest first."""
    amendments = list(certificate.amendments.all())
    copies = list(certificate.copies.all())
    names = roster.full_names(
        [
            *(row.proposed_by_id for row in amendments),
            *(row.decided_by_id for row in amendments if row.decided_by_id),
            *(row.made_by_id for row in copies),
        ]
    )
    happened = [Happening(certificate.issued_on, _("Certificate issued"))]
    for row in amendments:
        kind = row.get_kind_display()
        happened.append(
            Happening(
                row.proposed_on,
                _("Asked to {act}: {reason}").format(act=kind, reason=row.get_reason_display()),
                names.get(row.proposed_by_id, ""),
                row.explanation,
            )
        )
        if row.decided_on and row.decided_by_id:
            happened.append(
                Happening(
                    row.decided_on,
                    _("Decided to {act}: {decision}").format(act=kind, decision=row.get_decision_display()),
                    names.get(row.decided_by_id, ""),
                )
            )
    happened += [
        Happening(row.made_on, _("Copy {number} made").format(number=row.number), names[row.made_by_id])
        for row in copies
    ]
    happened.sort(key=lambda one: one.on)
    return happened[::-1]


def open_amendment(certificate: Certificate) -> Amendment | None:
    """The request about this certificate that waits for a decision."""
    return certificate.amendments.filter(decision="").first()


def register_years(among: QuerySet[Certificate]) -> list[int]:
    return list(among.order_by("-year").values_list("year", flat=True).distinct())


def register_courses(among: QuerySet[Certificate]) -> list[tuple[str, str]]:
    """Code and title of every course that a register has certificates of."""
    return list(among.order_by("course__code").values_list("course__code", "course__title").distinct())


def papers_on_quiz(people: Collection[int], quiz_code: str) -> list[PaperConcerned]:
    """The certificates that these people hold of courses in which this quiz has a place."""
    pairs = learning.courses_with_quiz(people, quiz_code)
    rows = Certificate.objects.filter(person__in=people, course__in={course for _person, course in pairs})
    return [
        PaperConcerned(
            row.person_id,
            row.number_text,
            row.payload.get("course", ""),
            _("revoked") if row.revoked_on else "",
            reverse("certificates:line", args=[row.public_id]),
        )
        for row in rows.order_by("-issued_on", "-pk")
        if (row.person_id, row.course_id) in pairs
    ]
