"""The register: units and their history, people, postings, absences, roles.

Anchors (`Unit`, `Person`, `Audience`) are names that never change; what is *believed* about them are facts.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import DatedFact, RecordedFact

from .enums import AbsenceReason, AbsenceStatus, GrantStatus, LookedAt, Role, UnitKind, UploadKind


class Unit(models.Model):
    """A unit's code, for ever. What it was called and where it stood on a day is a `UnitSpan`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("unit code"), max_length=32, unique=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.code


class UnitSpan(DatedFact):
    """From `since` until `until` the unit had this name and kind and stood under this parent."""

    not_stated = frozenset({"folded_name"})

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="spans")
    name = models.CharField(_("name"), max_length=200)
    folded_name = models.CharField(max_length=200, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=16, choices=UnitKind.choices)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="child_spans")
    sector = models.CharField(_("sector"), max_length=64, blank=True)
    successor = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(_("decision"), max_length=200, blank=True)

    class Meta(DatedFact.Meta):
        indexes = [models.Index(fields=["unit", "since"])]
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(until__isnull=True, superseded_entry__isnull=True),
                name="unit_has_one_open_span",
            ),
            models.UniqueConstraint(
                fields=["unit", "since"],
                condition=Q(superseded_entry__isnull=True),
                name="unit_has_one_span_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("unit")),
                name="unit_is_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Audience(models.Model):
    """A group that plans name as having to be trained. `bit` is its place in a posting's mask."""

    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=200)
    bit = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["bit"]
        constraints = [
            models.CheckConstraint(condition=Q(bit__lt=62), name="audience_bit_fits_a_signed_bigint")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def mask(self) -> int:
        return 1 << self.bit


class Person(models.Model):
    """A human being by officer code; one row however many postings and accounts."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("officer code"), max_length=64, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="person"
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.code


class PersonRecord(RecordedFact):
    """What is believed about who a person is."""

    not_stated = frozenset({"folded_name"})
    erasable = frozenset({"full_name", "folded_name", "birth_date", "phone", "email"})

    person = models.ForeignKey(Person, models.PROTECT, related_name="records")
    full_name = models.CharField(_("full name"), max_length=200)
    folded_name = models.CharField(max_length=200, editable=False)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta(RecordedFact.Meta):
        indexes = [
            # Who has the same name and day of birth.
            models.Index(
                fields=["folded_name", "birth_date"],
                condition=Q(superseded_entry__isnull=True),
                name="person_by_name_and_birth",
            )
        ]
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(superseded_entry__isnull=True),
                name="person_has_one_current_record",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Posting(DatedFact):
    """From `since` until `until` the person worked in this unit with these audiences."""

    erasable = frozenset({"title", "decision"})

    person = models.ForeignKey(Person, models.PROTECT, related_name="postings", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings", db_index=False)
    title = models.CharField(_("position"), max_length=200, blank=True)
    audience_mask = models.BigIntegerField(default=0)
    """The audiences as bits of `Audience.bit`: one integer test in place of a join over a million rows."""
    decision = models.CharField(_("decision"), max_length=200, blank=True)

    class Meta(DatedFact.Meta):
        indexes = [
            models.Index(fields=["person", "since"]),
            models.Index(fields=["unit", "since"]),
            # What is believed now, whole, in the order of people and of units: coverage reads a million rows
            # from these and never meets a superseded one.
            models.Index(
                fields=["person", "unit", "since", "until", "audience_mask", "recorded", "superseded"],
                condition=Q(superseded__isnull=True),
                name="posting_now_by_person",
            ),
            models.Index(
                fields=["unit", "person", "since", "until", "audience_mask", "recorded", "superseded"],
                condition=Q(superseded__isnull=True),
                name="posting_now_by_unit",
            ),
            models.Index(
                fields=["superseded"],
                condition=Q(superseded__isnull=False),
                name="posting_superseded",
            ),
        ]
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "unit", "since"],
                condition=Q(superseded_entry__isnull=True),
                name="person_has_one_posting_per_unit_and_first_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.unit_id}"


class Absence(DatedFact):
    """From `since` until `until` the person was away for this reason; it counts once approved."""

    erasable = frozenset({"decision"})

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences", db_index=False)
    reason = models.CharField(_("reason"), max_length=32)
    decision = models.CharField(_("decision"), max_length=200, blank=True)
    status = models.CharField(max_length=16, choices=AbsenceStatus.choices, default=AbsenceStatus.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    """Who decided; empty where the operator's import did."""

    class Meta(DatedFact.Meta):
        indexes = [models.Index(fields=["person", "since"])]
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "reason", "since"],
                condition=Q(superseded_entry__isnull=True),
                name="person_has_one_absence_per_reason_and_first_day",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(approved_by=models.F("proposed_by")),
                name="absence_is_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("person")),
                name="absence_is_not_approved_by_who_is_away",
            ),
        ]

    @property
    def reason_label(self) -> str:
        """The reason in words; one that the settings add speaks for itself."""
        return str(dict(AbsenceReason.choices).get(self.reason, self.reason))

    def __str__(self) -> str:
        return f"{self.person_id}: {self.reason}"


class RosterConfirmation(RecordedFact):
    """On `day` somebody answerable confirmed that the unit's list of staff was right."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="confirmations")
    day = models.DateField()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(RecordedFact.Meta):
        indexes = [models.Index(fields=["unit", "day"])]

    def __str__(self) -> str:
        return f"{self.unit_id} on {self.day}"


class RoleGrant(DatedFact):
    """From `since` until `until` the person held this role for this unit and everything below it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="role_grants")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="role_grants")
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    status = models.CharField(max_length=16, choices=GrantStatus.choices, default=GrantStatus.APPROVED)
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(DatedFact.Meta):
        indexes = [models.Index(fields=["person", "role"])]
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "unit", "role"],
                condition=Q(until__isnull=True, superseded_entry__isnull=True)
                & ~Q(status=GrantStatus.REJECTED),
                name="person_holds_a_role_once_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=models.F("person")),
                name="nobody_grants_themselves_a_role",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=models.F("person")) & ~Q(approved_by=models.F("granted_by"))),
                name="role_is_approved_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role} of {self.unit_id}"


class PersonMerge(RecordedFact):
    """The code `person` names the same human being as `same_as`, who goes on under that code.

    Both keep their histories; whoever counts people counts `same_as` for `person`. Withdrawing the fact parts
    them again. `same_as` is never itself merged into another (services.merge_people keeps it so), so one step
    leads from any code to its human being.
    """

    erasable = frozenset({"reason"})

    person = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    same_as = models.ForeignKey(Person, models.PROTECT, related_name="merged_codes")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    merged_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(RecordedFact.Meta):
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(superseded_entry__isnull=True),
                name="person_is_merged_into_one_other",
            ),
            models.CheckConstraint(
                condition=~Q(person=models.F("same_as")), name="person_is_not_merged_into_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} = {self.same_as_id}"


class ErasureRequest(RecordedFact):
    """Somebody who has left is to be forgotten; one person asked, and it is done when a second one agrees."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="erasure_requests")
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(max_length=16, choices=GrantStatus.choices, default=GrantStatus.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    erasable = frozenset({"reason"})

    class Meta(RecordedFact.Meta):
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(superseded_entry__isnull=True) & ~Q(status=GrantStatus.REJECTED),
                name="person_is_erased_once",
            ),
            models.CheckConstraint(
                condition=(Q(proposed_by__isnull=True) | ~Q(proposed_by=models.F("person")))
                & (
                    Q(decided_by__isnull=True)
                    | (~Q(decided_by=models.F("person")) & ~Q(decided_by=models.F("proposed_by")))
                ),
                name="erasure_is_decided_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.status}"


class NationalId(models.Model):
    """The vault: a person's national ID number, readable only with keys that lie outside the database.

    No fact and not in the ledger. `sealed` is bound to its person, so that a ciphertext moved to another row
    does not open; `fingerprint` is a keyed hash by which the same number is found again.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="national_id")
    sealed = models.BinaryField()
    fingerprint = models.BinaryField(max_length=32, unique=True)

    class Meta:
        verbose_name = _("national ID number")
        verbose_name_plural = _("national ID numbers")

    def __str__(self) -> str:
        return f"national ID number of {self.person_id}"


class Look(models.Model):
    """On this day somebody opened this page of somebody else, once or many times.

    Shown to the person who was looked at. No fact and not in the ledger: who opened a number of the vault is
    there, with the reason.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="looks")
    looker = models.ForeignKey(Person, models.CASCADE, related_name="+")
    page = models.CharField(max_length=16, choices=LookedAt.choices)
    day = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("look at a record")
        verbose_name_plural = _("looks at a record")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "looker", "page", "day"], name="look_is_noted_once_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(looker=models.F("person")), name="nobody_looks_at_their_own_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.looker_id} → {self.person_id} on {self.day}"


class Upload(models.Model):
    """A file that somebody has sent and not applied yet; deleted when it is applied, or after a day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=UploadKind.choices)
    name = models.CharField(max_length=200)
    sealed = models.BinaryField()
    """The file itself, readable only with the vault's key: it may hold what the vault holds."""
    whole_unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+")
    whole_on = models.DateField(null=True, blank=True)
    uploaded_by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(whole_unit__isnull=True, whole_on__isnull=True)
                | Q(whole_unit__isnull=False, whole_on__isnull=False),
                name="upload_of_a_whole_staff_names_unit_and_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
