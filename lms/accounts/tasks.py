"""Letters, and forgetting what is no longer needed."""

from datetime import timedelta
from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import int_to_base36
from django.utils.translation import gettext as _

from lms.kernel import jobs

from .enums import CodeWay
from .models import Tally, User
from .register import register
from .services.codes import expired_before, issue_codes


@jobs.handler("accounts.invite")
def send_invitation(*, user: int, by: int) -> None:
    """Twice sent, the first letter's code opens nothing any more: the last letter is the right one.

    Whoever asked for it must still be allowed to; 0 is the operator.
    """
    holder = User.objects.filter(pk=user, is_active=True).first()
    address = register().address_of(user)
    if holder is None or not address:
        return
    if by and not register().keeps_account(by, user, timezone.localdate()):
        return
    made = issue_codes(user_ids=[user], by=by or None, way=CodeWay.MAILED, address=address)[user]
    with translation.override(holder.language):
        letter = EmailMessage(
            subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + _("your first sign-in"),
            body=render_to_string(
                "mail/invitation.txt",
                {
                    "code": made.code,
                    "address": settings.BASE_URL + reverse("first_code"),
                    "expires": timezone.localtime(made.expires_at),
                },
            ),
            to=[address],
        )
    _send(letter)


@jobs.handler("accounts.forget", every=timedelta(days=1))
def forget() -> None:
    """Tallies of windows that are over, and codes of long ago."""
    now = timezone.now()
    Tally.objects.filter(until__lt=now).delete()
    expired_before(now)


@jobs.handler("accounts.reset_letter")
def send_reset_letter(*, user: int) -> None:
    """The link is made as the letter is written; a later one makes it no worse, using it makes all void."""
    holder = User.objects.filter(pk=user, is_active=True).exclude(email="").first()
    if holder is None:
        return
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": int_to_base36(holder.pk), "key": default_token_generator.make_token(holder)},
    )
    with translation.override(holder.language):
        letter = EmailMessage(
            subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + _("choose a new password"),
            body=render_to_string("mail/reset.txt", {"address": settings.BASE_URL + path}),
            to=[holder.email],
        )
    _send(letter)


def _send(letter: EmailMessage) -> None:
    try:
        letter.send()
    except (SMTPException, OSError) as error:
        # The reason may quote the address; the log may not.
        raise RuntimeError(f"the letter was not taken: {type(error).__name__}") from None
