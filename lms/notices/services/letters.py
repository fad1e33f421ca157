"""The day's letter: composed once from what was not yet told, then carried by each channel on its own."""

from datetime import date, datetime

from django.db import transaction

from lms.kernel import jobs
from lms.notices.carriers import carry
from lms.notices.enums import ALWAYS_SENT, Channel
from lms.notices.hours import in_the_day, next_morning
from lms.notices.models import Delivery, Letter, Notice, Wish
from lms.notices.queries import gateways, lines_of
from lms.roster import queries as roster
from lms.roster.records import Contact


@transaction.atomic
def compose_letter(*, person_id: int, on: date) -> Letter | None:
    """Put what the person was not yet told into the letter of that day; None if nothing is new or one went.

    Whoever can be reached by no channel, or declined all, has it on the page alone.
    """
    waiting = list(Notice.objects.filter(person=person_id, letter=None, day__lte=on))
    if not waiting:
        return None
    letter, new = Letter.objects.get_or_create(person_id=person_id, day=on)
    if not new:
        return None
    Notice.objects.filter(pk__in=[notice.pk for notice in waiting]).update(letter=letter)
    binding = any(notice.subject in ALWAYS_SENT for notice in waiting)
    for channel in _channels(person_id, roster.contact_of(person_id), binding):
        delivery = Delivery.objects.create(letter=letter, channel=channel)
        jobs.enqueue("notices.deliver", delivery=delivery.pk)
    return letter


def _channels(person_id: int, contact: Contact, binding: bool) -> list[Channel]:
    """By mail where there is an address, and by the first gateway where there is a number."""
    wish = Wish.objects.filter(person=person_id).first() or Wish()
    channels = []
    if contact.email and (wish.by_mail or binding):
        channels.append(Channel.MAIL)
    if contact.phone and wish.by_message:
        channels += list(gateways())[:1]
    return channels


def deliver(*, delivery_id: int, at: datetime) -> bool:
    """Hand the letter to its channel, unless it was taken before; whether it is done with.

    At night nothing goes out: the work is put off to the morning. Raises NotTaken; what a gateway refuses for
    good is noted and not tried again.
    """
    delivery = Delivery.objects.select_related("letter").filter(pk=delivery_id).first()
    if delivery is None or delivery.accepted_at or delivery.refused:
        return True
    if not in_the_day(at):
        jobs.enqueue("notices.deliver", run_after=next_morning(at), delivery=delivery_id)
        return False
    contact = roster.contact_of(delivery.letter.person_id)
    refused = carry(delivery, contact, lines_of(delivery.letter))
    done = {"refused": refused} if refused else {"accepted_at": at}
    Delivery.objects.filter(pk=delivery_id).update(**done)
    return True


def choose_ways(*, person_id: int, by_mail: bool, by_message: bool) -> None:
    """What the person wants to get beside the page of notices."""
    Wish.objects.update_or_create(
        person_id=person_id, defaults={"by_mail": by_mail, "by_message": by_message}
    )
