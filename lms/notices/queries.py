"""Named reads of what people were told."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef

from lms.roster import queries as roster

from .enums import Channel
from .models import Letter, Notice, Wish
from .records import NoticeLine

SHOWN = 100


def notices_of(person_id: int) -> list[NoticeLine]:
    """What a person was told, the latest first, a hundred at most: two queries."""
    return _lines(Notice.objects.filter(person=person_id).order_by("-day", "-pk")[:SHOWN])


def new_notices(person_id: int) -> list[NoticeLine]:
    """What a person was told and has not seen: two queries, one where there is nothing."""
    return _lines(Notice.objects.filter(person=person_id, seen_at=None).order_by("-day", "-pk")[:SHOWN])


def lines_of(letter: Letter) -> list[NoticeLine]:
    """What stands in a letter, the nearest deadline first."""
    lines = _lines(letter.notices.order_by("pk"))
    return sorted(lines, key=lambda line: line.due or date.max)


def _lines(rows: Iterable[Notice]) -> list[NoticeLine]:
    found = list(rows)
    who = {row.asked_by_id for row in found if row.asked_by_id}
    names = roster.full_names(who) if who else {}
    return [
        NoticeLine(
            subject=row.subject,
            title=row.title,
            url=row.url,
            due=row.due,
            asked_by=names.get(row.asked_by_id or 0, ""),
            day=row.day,
            new=row.seen_at is None,
        )
        for row in found
    ]


def people_to_write_to(on: date, *, limit: int) -> list[int]:
    """People with something that stands in no letter yet, and no letter of that day."""
    today = Letter.objects.filter(person=OuterRef("person"), day=on)
    rows = Notice.objects.filter(letter=None, day__lte=on).exclude(Exists(today))
    return list(rows.order_by("person").values_list("person", flat=True).distinct()[:limit])


def wish_of(person_id: int) -> tuple[bool, bool]:
    """Whether the person wants letters by mail, and by message."""
    wish = Wish.objects.filter(person=person_id).first() or Wish()
    return wish.by_mail, wish.by_message


def gateways() -> Mapping[Channel, str]:
    """The gateways that the installation has, in the order in which one is chosen: channel and address."""
    return {
        channel: url for channel in (Channel.ZALO, Channel.SMS) if (url := settings.GATEWAYS[channel.value])
    }
