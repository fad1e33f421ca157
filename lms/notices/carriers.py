"""Who carries a letter: the mail server, or an agency's gateway for SMS or Zalo by a signed webhook."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.kernel import outbound
from lms.roster.records import Contact

from .enums import Channel
from .errors import NotTaken
from .models import Delivery
from .queries import gateways
from .records import NoticeLine


def carry(delivery: Delivery, contact: Contact, lines: Sequence[NoticeLine]) -> str:
    """Hand a letter over, in the language of whom it is for; empty, or why it will never be taken.

    Raises NotTaken where another try may succeed.
    """
    with translation.override(contact.language):
        if delivery.channel == Channel.MAIL:
            return _by_mail(contact, lines)
        return _by_gateway(delivery, contact, lines)


def _by_mail(contact: Contact, lines: Sequence[NoticeLine]) -> str:
    if not contact.email:
        return "no address"
    letter = EmailMessage(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + short(lines),
        body=render_to_string(
            "mail/digest.txt",
            {
                "name": contact.full_name,
                "lines": [(line.words, settings.BASE_URL + line.url) for line in lines],
                "address": settings.BASE_URL + reverse("notices:mine"),
            },
        ),
        to=[contact.email],
        headers={
            "List-Unsubscribe": f"<{settings.BASE_URL + reverse('notices:mine')}>",
            "Precedence": "bulk",
        },
    )
    try:
        letter.send()
    except (SMTPException, OSError) as error:
        # The reason may quote the address; the log may not.
        raise NotTaken(type(error).__name__) from None
    return ""


def _by_gateway(delivery: Delivery, contact: Contact, lines: Sequence[NoticeLine]) -> str:
    """The format of the request is that of standardwebhooks.com; docs/settings.md describes it."""
    url = gateways().get(Channel(delivery.channel), "")
    if not url or not contact.phone:
        return "no gateway" if not url else "no number"
    text = _("Vững: {what} {address}").format(what=short(lines), address=settings.BASE_URL)
    body = json.dumps(
        {"channel": delivery.channel, "to": contact.phone, "text": text, "language": contact.language},
        ensure_ascii=False,
    ).encode()
    headers = outbound.signed_headers(
        settings.GATEWAY_SECRET, str(delivery.public_id), int(datetime.now(UTC).timestamp()), body
    )
    try:
        status = outbound.post(url, body, headers, inside=settings.GATEWAY_PRIVATE_HOSTS)
    except OSError as error:
        raise NotTaken(type(error).__name__) from None
    if 200 <= status < 300:
        return ""
    if 400 <= status < 500 and status not in (408, 429):
        return f"answered {status}"
    raise NotTaken(f"answered {status}")


def short(lines: Sequence[NoticeLine]) -> str:
    """How much there is and by when, in one line that names nothing private."""
    days = sorted(line.due for line in lines if line.due)
    n = len(lines)
    if not days:
        return ngettext("{n} notice for you.", "{n} notices for you.", n).format(n=n)
    words = ngettext(
        "{n} notice for you, the nearest date {day}.", "{n} notices for you, the nearest date {day}.", n
    )
    return words.format(n=n, day=days[0].strftime("%d/%m/%Y"))
