"""Who signs in."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .enums import CodeWay
from .passwords import composed


class User(AbstractBaseUser, PermissionsMixin):
    """A key to the door. The person who holds it stands in the roster and may have no key at all."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(_("officer code"), max_length=64, unique=True)
    display_name = models.CharField(_("full name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_staff = models.BooleanField(default=False, editable=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    language = models.CharField(_("language"), max_length=2, default="vi")
    large_text = models.BooleanField(_("large text"), default=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        indexes = [models.Index(Lower("email"), name="user_by_email")]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_code_is_unique_whatever_its_case")
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name().rsplit(" ", 1)[-1]

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(composed(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(composed(raw_password))


for _field in (User.username.field, User.email.field):
    _field.register_lookup(Lower)


class FirstCode(models.Model):
    """A one-time code was issued for an account. The code itself stands nowhere: only its keyed hash.

    It opens the account once, until `expires_at`, with a name by which the register knows its holder.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="first_codes")
    digest = models.BinaryField(max_length=32, unique=True)
    way = models.CharField(max_length=8, choices=CodeWay.choices)
    sent_to = models.BinaryField(max_length=32, default=b"", blank=True)
    """Keyed hash of the address to which it was mailed: using it shows that the address is one's own."""
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    """Who answers for it; empty: the operator."""
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """From then on another code, or nothing, opens the account."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="account_has_one_code_that_waits",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="code_expires_after_it_was_issued"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="code_is_used_or_withdrawn_not_both",
            ),
        ]

    def __str__(self) -> str:
        return f"code of {self.user_id}"


class Tally(models.Model):
    """So many tries failed, or are being made, on one side (an account, an address) in one window of time."""

    side = models.BinaryField(max_length=16)
    """Keyed hash of what the limit is about; says nothing by itself."""
    until = models.DateTimeField(db_index=True)
    tries = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["side", "until"], name="side_has_one_tally_in_a_window")
        ]

    def __str__(self) -> str:
        return f"{self.tries} until {self.until}"


class FactorReset(models.Model):
    """Somebody asked that an account's second factor be taken away, because its holder has lost it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="factor_resets")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(decided_at__isnull=True), name="reset_is_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, granted__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, granted__isnull=False),
                name="reset_is_decided_by_somebody_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("user"))),
                name="reset_is_decided_by_a_second_person",
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("user")), name="reset_is_not_asked_for_oneself"),
        ]

    def __str__(self) -> str:
        return f"reset of {self.user_id}"


class Closure(models.Model):
    """From `closed_at` until `reopened_at` the account opened for nobody."""

    user = models.ForeignKey(User, models.CASCADE, related_name="closures")
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(reopened_at__isnull=True),
                name="account_is_closed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | Q(reopened_at__gte=F("closed_at")),
                name="account_is_reopened_after_it_was_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"closure of {self.user_id}"
