"""Papers that end: their holders are told, and the course is opened to them again."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from content.errors import NoSuchEdition
from lms.learning import services as learning
from lms.learning.enums import Reason

from ..models import Certificate, Reminder
from ..queries import last_day_of
from ..signals import certificate_expiring

DISTANCES = (90, 30, 7)
"""Days before the end, the farthest first."""


def remind_holders(*, on: date) -> int:
    """Tell each holder once of each distance; how many were told.

    Who was out of reach of the job for a while is told of the nearest distance alone. With the first reminder
    the course is opened again, due on the paper's last day, where it still has an edition.
    """
    ending = Certificate.objects.filter(
        valid_until__gt=on,
        valid_until__lte=on + timedelta(days=DISTANCES[0] + 1),
        revoked_on__isnull=True,
        erased_on__isnull=True,
    ).select_related("course")
    return sum(_tell(certificate, on) for certificate in ending.iterator(chunk_size=500))


def _tell(certificate: Certificate, on: date) -> bool:
    last_day = last_day_of(certificate)
    if last_day is None or _is_renewed(certificate):
        return False
    days = min(distance for distance in DISTANCES if (last_day - on).days <= distance)
    try:
        with transaction.atomic():
            Reminder.objects.create(certificate=certificate, days=days, told_on=on)
            _reopen(certificate, last_day, on)
            certificate_expiring.send(
                sender=Certificate,
                certificate_id=certificate.pk,
                person_id=certificate.person_id,
                course_code=certificate.course.code,
                days=days,
                last_day=last_day,
            )
    except IntegrityError:
        if Reminder.objects.filter(certificate=certificate, days=days).exists():
            return False
        raise
    return True


def _is_renewed(certificate: Certificate) -> bool:
    """Whether the holder has a later paper for the course."""
    later = Certificate.objects.filter(
        person=certificate.person_id, course=certificate.course_id, revoked_on__isnull=True
    )
    return (
        later.filter(valid_until__gt=certificate.valid_until).exists()
        or later.filter(valid_until__isnull=True).exists()
    )


def _reopen(certificate: Certificate, last_day: date, on: date) -> None:
    try:
        learning.enrol(
            person_id=certificate.person_id,
            course=certificate.course.code,
            on=on,
            reason=Reason.RENEWAL,
            due=last_day,
        )
    except NoSuchEdition:
        return
