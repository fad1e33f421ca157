"""Certificates: what was promised to whom, for ever."""

import uuid
from dataclasses import fields

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .codes import new_code, new_link
from .enums import AmendmentKind, Base, Decision, RevocationReason
from .layouts import Layout
from .numbers import is_pattern

LAYOUT_FIELDS = tuple(field.name for field in fields(Layout))


def validate_pattern(pattern: str) -> None:
    """For forms: a pattern that gives every certificate its own number."""
    if not is_pattern(pattern):
        raise ValidationError(
            _("Use {number} or {number:04} once, {year} once, and {issuer} at most once."), code="pattern"
        )


class Issuer(models.Model):
    """A body that issues certificates, with its own register of numbers."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    unit = models.ForeignKey("roster.Unit", models.PROTECT, null=True, blank=True, related_name="issuers")
    """Whose register it is: who holds the permit for this unit keeps it. Empty: the operator alone."""
    name = models.CharField(_("name"), max_length=200)
    parent_name = models.CharField(_("name of the body above"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=100)
    signatory_title = models.CharField(_("signatory's title"), max_length=200)
    signatory = models.CharField(_("signatory"), max_length=200)
    number_pattern = models.CharField(
        _("pattern of numbers"),
        max_length=80,
        default="{number:04}/{year}/GCN-{issuer}",
        validators=[validate_pattern],
    )
    authorised = models.BooleanField(
        _("authorised to issue a «chứng chỉ»"),
        default=False,
        help_text=_("Only with the number of the document that authorises it."),
    )
    authority_document = models.CharField(_("document of authority"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("issuer")
        verbose_name_plural = _("issuers")
        constraints = [
            models.CheckConstraint(
                condition=Q(authorised=False) | ~Q(authority_document=""),
                name="issuer_is_authorised_by_a_document",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Design(models.Model):
    """One version of how an agency's papers look. Never changed: a paper is always printed as it was issued.

    Saving a design makes its next version; papers issued from then on take that.
    """

    issuer = models.ForeignKey("Issuer", models.PROTECT, related_name="designs")
    version = models.PositiveIntegerField()
    base = models.CharField(_("form"), max_length=16, choices=Base.choices, default=Base.CLASSIC)
    accent = models.CharField(_("colour"), max_length=7, default="#0a6164")
    intro = models.CharField(_("words above the name"), max_length=200, blank=True)
    did = models.CharField(_("words above the course"), max_length=200, blank=True)
    footnote = models.CharField(_("last line"), max_length=200, blank=True)
    background = models.TextField(blank=True)
    emblem = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    """Pictures as `layouts.picture` makes them of what was uploaded."""
    made_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, related_name="+")
    made_on = models.DateField()

    class Meta:
        verbose_name = _("design")
        verbose_name_plural = _("designs")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "version"], name="design_has_its_own_version")
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id}-{self.version}"

    def layout(self) -> Layout:
        return Layout(**{name: getattr(self, name) for name in LAYOUT_FIELDS})


class IssuingRule(models.Model):
    """How a course is certified, where it differs from the rest: by whom, and for how long it holds."""

    course = models.OneToOneField("content.Course", models.PROTECT, related_name="issuing_rule")
    issuer = models.ForeignKey(Issuer, models.PROTECT, null=True, blank=True, related_name="rules")
    validity_months = models.PositiveSmallIntegerField(_("valid for months"), null=True, blank=True)
    """Empty: for ever."""
    outside = models.BooleanField(_("also classes and approved outside records"), default=False)

    def __str__(self) -> str:
        return f"{self.course_id}: {self.validity_months or '∞'}"


class RegisterYear(models.Model):
    """How far an issuer's register of one year has come: numbers without gaps, none used twice."""

    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year"], name="issuer_has_one_register_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id}/{self.year}: {self.last_number}"


class PublicKey(models.Model):
    """The public half of a key that signs, or once signed, certificates; the other half is not in here."""

    key_id = models.CharField(primary_key=True, max_length=16)
    """The first 8 bytes of the SHA-256 of the raw key, in hexadecimal."""
    raw = models.BinaryField(max_length=32, unique=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    """The first day on which another key signs. What this one signed stays good."""
    stolen = models.BooleanField(default=False)
    """Somebody else may have had it: what it signed is believed only where the ledger commits to it."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stolen=False) | Q(until__isnull=False), name="stolen_key_signs_no_more"
            )
        ]

    def __str__(self) -> str:
        return self.key_id


class Certificate(models.Model):
    """One certificate as it was printed: everything on the paper is frozen in `payload` and signed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    link = models.CharField(max_length=22, unique=True, default=new_link, editable=False)
    """128 random bits: whoever has the link has the paper."""
    code = models.CharField(max_length=8, default=new_code, editable=False)
    """40 random bits in Crockford's base 32, asked for together with the number."""
    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    number_text = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="certificates")
    course = models.ForeignKey("content.Course", models.PROTECT, related_name="certificates")
    edition = models.PositiveIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    """1 the first time; each renewal of the same edition is another round."""
    evidence = models.UUIDField(null=True, blank=True, editable=False)
    """The chain of approved evidence that it certifies, of a class or from outside; `edition` is then 0."""
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    """The first day on which it no longer holds."""
    payload = models.JSONField()
    key = models.ForeignKey(PublicKey, models.PROTECT, related_name="certificates")
    signature = models.BinaryField(max_length=64)
    ledger_entry = models.BigIntegerField(editable=False)
    """Row id of the ledger's entry that recorded the issue."""
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    erased_on = models.DateField(null=True, blank=True)
    """The holder's data was erased from `payload`; only the paper itself still says them."""
    revoked_on = models.DateField(null=True, blank=True)
    revocation_reason = models.CharField(max_length=16, choices=RevocationReason.choices, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        indexes = [
            models.Index(fields=["course", "issued_on"]),
            # What a status list asks for: of a stretch of rows the few that were revoked.
            models.Index(
                fields=["issuer", "id"], condition=Q(revoked_on__isnull=False), name="certificate_revoked"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course", "edition", "round"],
                condition=~Q(revocation_reason=RevocationReason.REPLACED),
                name="person_has_one_certificate_per_course_and_edition",
            ),
            models.UniqueConstraint(
                fields=["evidence"],
                condition=~Q(revocation_reason=RevocationReason.REPLACED),
                name="evidence_is_certified_once",
            ),
            models.CheckConstraint(
                condition=Q(evidence__isnull=True, edition__gt=0) | Q(evidence__isnull=False, edition=0),
                name="certificate_is_of_an_edition_or_of_evidence",
            ),
            models.UniqueConstraint(
                fields=["issuer", "year", "number"], name="certificate_number_is_used_once"
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True, revocation_reason="")
                | (Q(revoked_on__isnull=False) & ~Q(revocation_reason="")),
                name="certificate_is_revoked_with_a_day_and_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("issued_on")),
                name="certificate_holds_for_a_day_at_least",
            ),
        ]

    def __str__(self) -> str:
        return self.number_text


class Amendment(models.Model):
    """Somebody asked that a certificate be revoked or its name corrected; somebody else decides.

    `explanation` is for those who keep the register; the public sees the class of reason alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="amendments")
    kind = models.CharField(max_length=16, choices=AmendmentKind.choices)
    reason = models.CharField(_("reason"), max_length=16, choices=RevocationReason.choices)
    explanation = models.CharField(_("explanation"), max_length=500)
    proposed_by = models.ForeignKey("roster.Person", models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    decision = models.CharField(max_length=16, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(decision=""),
                name="certificate_waits_for_one_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="amendment_is_decided_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_on__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_on__isnull=False)),
                name="amendment_is_decided_with_who_and_when",
            ),
            models.CheckConstraint(condition=~Q(explanation=""), name="amendment_is_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.certificate_id}"


class Reminder(models.Model):
    """The holder was told, so many days before it ends, that a certificate ends."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    told_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "days"], name="holder_is_told_once_of_each_distance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.days}"


class RegisterCopy(models.Model):
    """A copy of a paper was made from the register («bản sao từ sổ gốc»), under a number of its own."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey("roster.Person", models.PROTECT, related_name="+")
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "number"], name="copy_has_its_own_number")
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.number}"


class SignedPaper(models.Model):
    """The PDF as it came back from the agency, signed outside by its tools; it is given out from then on.

    The file is kept here and not made anew, since nobody here has the key.
    """

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="signed_paper")
    file = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    signer = models.CharField(max_length=300)
    signed_at = models.DateTimeField(null=True)
    """As the signature itself says."""
    taken_by = models.ForeignKey("roster.Person", models.PROTECT, related_name="+")
    taken_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(signer=""), name="signed_paper_says_who_signed"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.signer}"


class Misses(models.Model):
    """From one address so many public checks found nothing since a moment, within a minute."""

    key = models.CharField(max_length=32, unique=True)
    """Keyed hash of the address: nobody reads addresses here."""
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["since"])]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
