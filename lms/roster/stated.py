"""What the register states about somebody, in words for them; and whether that has changed since."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .enums import AbsenceStatus
from .models import Absence, Audience, PersonRecord, Posting, UnitSpan
from .records import FactStated


def facts_stated(people: Iterable[int]) -> list[FactStated]:
    """What the register believes of these codes of one human being, in words: name, posts, absences."""
    codes = list(people)
    records = PersonRecord.objects.current().filter(person__in=codes).order_by("pk")
    posts = Posting.objects.current().filter(person__in=codes).order_by("-since", "pk")
    away = Absence.objects.current().filter(person__in=codes).exclude(status=AbsenceStatus.REJECTED)
    units = last_names_of_units({row.unit_id for row in posts})
    audiences = [(audience.code, audience.mask) for audience in Audience.objects.all()]
    return [
        *(FactStated("record", row.chain, _record_in_words(row)) for row in records),
        *(
            FactStated(
                "posting",
                row.chain,
                _post_in_words(row, units.get(row.unit_id, ""), audiences),
            )
            for row in posts
        ),
        *(
            FactStated("absence", row.chain, f"{row.reason_label}, {days_in_words(row.since, row.until)}")
            for row in away.order_by("-since", "pk")
        ),
    ]


def units_to_ask(people: Iterable[int], on: date) -> list[int]:
    """The units that answer for the list on which these codes of one human being stand: their posts of the
    day, the oldest first; where they hold none, the last one that they held."""
    rows = list(Posting.objects.current().filter(person__in=list(people)).order_by("since", "pk"))
    now = [row.unit_id for row in rows if row.since <= on and (row.until is None or row.until > on)]
    return now or [row.unit_id for row in rows[-1:]]


def unit_of_posting(chain: UUID) -> int | None:
    """The unit of a post, by its chain."""
    return Posting.objects.current().filter(chain=chain).values_list("unit", flat=True).first()


def last_names_of_units(units: Iterable[int]) -> dict[int, str]:
    """What each unit is or was last called, by id."""
    rows = UnitSpan.objects.current().filter(unit__in=list(units)).order_by("since")
    return dict(rows.values_list("unit_id", "name"))


def changed_after(kind: str, chain: UUID, entry: int) -> bool:
    """Whether a fact was corrected or withdrawn by a ledger entry written after that one."""
    rows = _CONTESTED[kind]._default_manager.filter(chain=chain)
    return rows.filter(Q(recorded_entry__gt=entry) | Q(superseded_entry__gt=entry)).exists()


def stated_after(people: Iterable[int], entry: int) -> bool:
    """Whether anything of the register was recorded about these people by an entry after that one."""
    codes = list(people)
    return any(
        model._default_manager.filter(person__in=codes, recorded_entry__gt=entry).exists()
        for model in _CONTESTED.values()
    )


_CONTESTED: dict[str, type[PersonRecord | Posting | Absence]] = {
    "record": PersonRecord,
    "posting": Posting,
    "absence": Absence,
}


def days_in_words(since: date, until: date | None) -> str:
    first = date_format(since, "d/m/Y")
    if until is None:
        return _("from {first}").format(first=first)
    return _("from {first} until {last}").format(first=first, last=date_format(until, "d/m/Y"))


def _record_in_words(row: PersonRecord) -> str:
    if row.birth_date is None:
        return row.full_name
    return _("{name}, born {day}").format(name=row.full_name, day=date_format(row.birth_date, "d/m/Y"))


def _post_in_words(row: Posting, unit: str, audiences: list[tuple[str, int]]) -> str:
    groups = ", ".join(code for code, mask in audiences if row.audience_mask & mask)
    where = ", ".join(filter(None, [row.title, unit]))
    return "; ".join(filter(None, [where, days_in_words(row.since, row.until), groups]))
