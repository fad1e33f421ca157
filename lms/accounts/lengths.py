"""How long a password must be: longer where nothing else guards what belongs to others."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from .passwords import composed
from .register import register

FEWEST = 12
FEWEST_ALONE = 15
"""For whoever sees others and has no second factor (NIST SP 800-63B-4: a password that is the only one)."""


def fewest_for(user: AbstractBaseUser | None) -> int:
    """The fewest characters that this account's password may have today."""
    if user is None or user.pk is None or not register().sees_others(user.pk, timezone.localdate()):
        return FEWEST
    factors = Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return FEWEST if factors.exists() else FEWEST_ALONE


def rule_for(user: AbstractBaseUser | None) -> str:
    """The rule in a sentence, as it stands under the field."""
    fewest = fewest_for(user)
    if fewest == FEWEST:
        return _("At least {count} characters.").format(count=fewest)
    return _(
        "At least {count} characters, since your role shows you what belongs to others and nothing but the "
        "password guards it. With a second factor, {fewer} are enough."
    ).format(count=fewest, fewer=FEWEST)


class LongEnough:
    """Refuses what is shorter than the account's own measure; signs are counted as they are stored."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        typed = len(composed(password) or "")
        if typed < fewest_for(user):
            raise ValidationError(
                _("This password has {typed} characters. {rule}").format(typed=typed, rule=rule_for(user)),
                code="password_too_short",
            )

    def get_help_text(self) -> str:
        return rule_for(None)
