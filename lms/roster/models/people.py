"""People: a code for ever, who they are, and which codes are one human being."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import RecordedFact

from ..enums import GrantStatus, LookedAt


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
            models.CheckConstraint(
                condition=~Q(status=GrantStatus.PROPOSED) | Q(decided_by__isnull=True),
                name="erasure_that_waits_was_decided_by_nobody",
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
