"""The least valid rows of the register of certificates."""

from datetime import date
from typing import Any

from certificates import services
from certificates.enums import Decision, RevocationReason
from certificates.models import Certificate, Issuer
from content.models import Course
from lms.roster.enums import Role, UnitKind
from lms.roster.models import Person, Unit

from . import learning, roster

DAY = date(2026, 11, 22)


def issuer(code: str = "CAHP", **more: Any) -> Issuer:
    if not Unit.objects.filter(code="HP").exists():
        roster.unit("HP", kind=UnitKind.PROVINCE, name="Hải Phòng")
    return services.ensure_issuer(
        **{
            "code": code,
            "name": "Công an thành phố Hải Phòng",
            "parent_name": "Bộ Công an",
            "place": "Hải Phòng",
            "signatory_title": "Giám đốc",
            "signatory": "Trần Quang Minh",
            "unit_code": "HP",
            **more,
        }
    )


def graduate(full_name: str = "Nguyễn Thị Hồng Vân", *, unit: str = "Phường Hồng Bàng") -> Person:
    """Somebody with a posting."""
    who = roster.person(full_name=full_name, birth_date=date(1988, 3, 9))
    roster.posting(who, roster.unit(name=unit))
    return who


def keeper(
    of: Unit | None = None, *, full_name: str = "Phạm Thu Hà", role: str = Role.REPORTING_OFFICER
) -> Person:
    """Somebody who keeps the register of this unit (the issuer's, if none is given)."""
    who = roster.person(full_name=full_name)
    roster.role(who, of or home(), role)
    return who


def home() -> Unit:
    """The unit whose register the issuer of these tests has."""
    found = issuer().unit
    assert found is not None
    return found


def revoked(
    paper: Certificate, reason: RevocationReason = RevocationReason.FRAUD, *, on: date = DAY
) -> Certificate:
    """Asked for by one keeper and decided by another."""
    asked = services.propose_revocation(
        certificate=paper, reason=reason, explanation="Bài làm hộ.", by=keeper(), on=on
    )
    return services.decide_amendment(
        amendment=asked, decision=Decision.APPROVED, by=keeper(full_name="Lê Văn Bình"), on=on
    )


def certificate(
    who: Person | None = None, what: Course | None = None, *, on: date = DAY, edition: int = 1
) -> Certificate:
    issuer()
    who, what = who or graduate(), what or learning.course()
    learning.completion(who, what, on=on, edition=edition)
    return services.issue_certificate(person_id=who.pk, course_code=what.code, edition=edition, on=on)
