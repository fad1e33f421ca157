"""Whose register somebody keeps."""

from datetime import date

from django.db.models import QuerySet

from lms.roster import policies as roster
from lms.roster.enums import Permit
from lms.roster.queries import Person

from .models import Certificate, Issuer


def issuers_within_reach(me: Person, permit: Permit, on: date) -> QuerySet[Issuer]:
    """The issuers of units for which I hold the permit on that day."""
    return Issuer.objects.filter(unit__in=roster.units_within_reach(me, permit, on))


def certificates_within_reach(me: Person, on: date) -> QuerySet[Certificate]:
    """The lines of the registers that I keep; the holder may have left long ago."""
    return Certificate.objects.filter(issuer__in=issuers_within_reach(me, Permit.KEEP_CERTIFICATES, on))
