"""Named reads of the register. Days are arguments; what is read is what is believed now."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Max, Q, QuerySet, When
from django.db.models.expressions import RawSQL

from lms.kernel.folding import fold

from . import vault
from .enums import AbsenceReason, AbsenceStatus, LookedAt
from .errors import NoSuchUnitOnDay, UnknownCode
from .models import (
    Absence,
    Audience,
    Look,
    NationalId,
    PersonMerge,
    PersonRecord,
    Posting,
    RosterConfirmation,
    UnitSpan,
)
from .models import (
    Person as Person,  # the types, for rooms that name them
)
from .models import (
    Unit as Unit,
)
from .records import (
    ErasureShown,
    LookTold,
    PersonOnDay,
    Post,
    PostingOnDay,
    RosterFreshness,
    UnitFound,
    UnitOnDay,
)
from .stated import (
    changed_after as changed_after,
)
from .stated import (
    facts_stated as facts_stated,
)
from .stated import (
    last_names_of_units as last_names_of_units,
)
from .stated import (
    stated_after as stated_after,
)
from .stated import (
    unit_of_posting as unit_of_posting,
)
from .stated import (
    units_to_ask as units_to_ask,
)

_STANDS = "s.superseded_entry IS NULL AND s.since <= %s AND (s.until IS NULL OR s.until > %s)"
"""A unit's span that is believed now and covers a day; takes the day twice."""


# By code ----------------------------------------------------------------------------------------


def unit_by_code(code: str) -> Unit:
    """The unit, or UnknownCode."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise UnknownCode(code)
    return unit


def person_by_code(code: str) -> Person:
    """The person, or UnknownCode."""
    person = Person.objects.filter(code=code).first()
    if person is None:
        raise UnknownCode(code)
    return person


def actor(code: str | None) -> Person | str:
    """Who answers for an act in the ledger: the person with this code, or the operator."""
    return person_by_code(code) if code else "operator"


# Units ------------------------------------------------------------------------------------------


def units_below(tops: Iterable[int] | QuerySet[Unit, int], on: date) -> QuerySet[Unit]:
    """The units with these ids and every unit below them in the tree of that day: one recursive statement.

    Units that do not exist on that day are left out, with whatever hangs below them.
    """
    ids = list(tops)
    if not ids:
        return Unit.objects.none()
    holes = ", ".join(["%s"] * len(ids))
    sql = (
        "WITH RECURSIVE below(id) AS ("  # noqa: S608 — holes and a constant, no values
        f"SELECT s.unit_id FROM roster_unitspan s WHERE s.unit_id IN ({holes}) AND {_STANDS} "
        "UNION SELECT s.unit_id FROM roster_unitspan s JOIN below b ON s.parent_id = b.id "
        f"WHERE {_STANDS}) SELECT id FROM below"
    )
    return Unit.objects.filter(pk__in=RawSQL(sql, [*ids, on, on, on, on]))  # noqa: S611


def ended_units_once_below(tops: Iterable[int] | QuerySet[Unit, int], on: date) -> QuerySet[Unit]:
    """Units that exist no longer on that day and that once stood, at whatever time, below these."""
    ids = list(tops)
    if not ids:
        return Unit.objects.none()
    holes = ", ".join(["%s"] * len(ids))
    sql = (
        "WITH RECURSIVE once(id) AS ("  # noqa: S608 — holes and a constant, no values
        f"SELECT id FROM roster_unit WHERE id IN ({holes}) UNION SELECT s.unit_id FROM roster_unitspan s "
        "JOIN once o ON s.parent_id = o.id WHERE s.superseded_entry IS NULL) SELECT id FROM once"
    )
    standing = UnitSpan.objects.current().on(on).values("unit")
    return Unit.objects.filter(pk__in=RawSQL(sql, ids)).exclude(pk__in=standing)  # noqa: S611


def unit_on(unit: Unit, on: date) -> UnitOnDay:
    """The unit as it stood on that day, or NoSuchUnitOnDay."""
    found = units_on(Unit.objects.filter(pk=unit.pk), on)
    if not found:
        raise NoSuchUnitOnDay(unit.code, on)
    return found[0]


def units_on(units: QuerySet[Unit], on: date) -> list[UnitOnDay]:
    """These units as they stood on that day, by code; those that did not exist are left out."""
    return _described(UnitSpan.objects.current().on(on).filter(unit__in=units))


def units_with_ids(ids: Iterable[int], on: date) -> list[UnitOnDay]:
    """The units with these ids as they stood on that day."""
    return units_on(Unit.objects.filter(pk__in=list(ids)), on)


def last_names(codes: Iterable[str]) -> dict[str, str]:
    """What each unit is or was last called, by code; codes that nobody knows are left out."""
    rows = UnitSpan.objects.current().filter(unit__code__in=list(codes)).order_by("since")
    return dict(rows.values_list("unit__code", "name"))


def children_of(unit: Unit | int, on: date) -> list[UnitOnDay]:
    """The units directly below, on that day, by code."""
    return _described(UnitSpan.objects.current().on(on).filter(parent=unit))


def path_of(unit: Unit, on: date) -> list[UnitOnDay]:
    """From the root of that day's tree down to the unit itself; empty if the unit did not exist."""
    return paths_of([unit.pk], on).get(unit.pk, [])


def paths_of(units: Iterable[int], on: date) -> dict[int, list[UnitOnDay]]:
    """For each unit id the path from the root down to itself, all in one statement."""
    ids = list(units)
    if not ids:
        return {}
    return _paths(f"s.unit_id IN ({', '.join(['%s'] * len(ids))})", ids, on)


def paths_of_codes(codes: Iterable[str], units: Iterable[int], on: date) -> dict[int, list[UnitOnDay]]:
    """As `paths_of`, of units by their codes and of others by their ids."""
    texts, ids = list(codes), list(units)
    named, numbers = (", ".join(["%s"] * len(some)) or "NULL" for some in (texts, ids))
    which = f"(s.unit_id IN (SELECT id FROM roster_unit WHERE code IN ({named})) OR s.unit_id IN ({numbers}))"  # noqa: S608
    return _paths(which, [*texts, *ids], on)


def _paths(which: str, params: Sequence[str | int], on: date) -> dict[int, list[UnitOnDay]]:
    sql = (
        "WITH RECURSIVE up(origin, span, parent, height) AS ("  # noqa: S608 — holes and constants, no values
        f"SELECT s.unit_id, s.id, s.parent_id, 0 FROM roster_unitspan s WHERE {which} "
        f"AND {_STANDS} UNION ALL SELECT up.origin, s.id, s.parent_id, up.height + 1 "
        f"FROM roster_unitspan s JOIN up ON s.unit_id = up.parent WHERE up.height < 50 AND {_STANDS}) "
        "SELECT s.*, up.origin AS origin, u.code AS unit_code, u.public_id AS unit_public_id FROM up "
        "JOIN roster_unitspan s ON s.id = up.span JOIN roster_unit u ON u.id = s.unit_id "
        "ORDER BY up.origin, up.height DESC"
    )
    paths: dict[int, list[UnitOnDay]] = {}
    for span in UnitSpan.objects.raw(sql, [*params, on, on, on, on]):
        beside = vars(span)
        step = _on_day(span, UUID(str(beside["unit_public_id"])), beside["unit_code"])
        paths.setdefault(beside["origin"], []).append(step)
    return paths


def search_units(text: str, on: date, *, among: QuerySet[Unit], limit: int = 20) -> list[UnitFound]:
    """Units by name or code, whatever the tones: first those with a word that begins so."""
    folded = fold(text)
    if not folded:
        return []
    spans = UnitSpan.objects.current().on(on).filter(unit__in=among)
    spans = spans.filter(Q(folded_name__contains=folded) | Q(unit__code__istartswith=text.strip()))
    begins = Q(folded_name__startswith=folded) | Q(folded_name__contains=f" {folded}")
    spans = spans.annotate(rank=Case(When(begins, then=0), default=1))
    found = spans.select_related("unit").order_by("rank", "folded_name", "unit__code")[:limit]
    units = [_unit_on_day(span) for span in found]
    paths = paths_of([unit.id for unit in units], on)
    return [
        UnitFound(unit, tuple(step.name for step in reversed(paths.get(unit.id, [])[:-1]))) for unit in units
    ]


def _described(spans: QuerySet[UnitSpan]) -> list[UnitOnDay]:
    return [_unit_on_day(span) for span in spans.select_related("unit").order_by("unit__code")]


def _unit_on_day(span: UnitSpan) -> UnitOnDay:
    return _on_day(span, span.unit.public_id, span.unit.code)


def _on_day(span: UnitSpan, public_id: UUID, code: str) -> UnitOnDay:
    return UnitOnDay(
        span.unit_id,
        public_id,
        code,
        span.name,
        span.kind,
        span.parent_id,
        span.sector,
        span.since,
        span.until,
    )


def register_is_empty() -> bool:
    """Whether no unit has been imported yet."""
    return not Unit.objects.exists()


# People -----------------------------------------------------------------------------------------


def person_of(user: AbstractBaseUser | AnonymousUser) -> Person | None:
    """Who the signed-in user is in the register; a user may have no place there."""
    if not user.is_authenticated:
        return None
    return Person.objects.filter(user_id=user.pk).first()


def people_on(people: QuerySet[Person], on: date) -> list[PersonOnDay]:
    """These people with their names and postings of that day, sorted by given name as lists are here."""
    chosen = people.values("pk")
    records = {
        record.person_id: record
        for record in PersonRecord.objects.current().filter(person__in=chosen).select_related("person")
    }
    postings: dict[int, list[PostingOnDay]] = {}
    for person, posting in _postings(Posting.objects.current().on(on).filter(person__in=chosen), on):
        postings.setdefault(person, []).append(posting)
    described = [
        PersonOnDay(
            record.person_id,
            record.person.public_id,
            record.person.code,
            record.full_name,
            record.birth_date,
            tuple(postings.get(record.person_id, ())),
        )
        for record in records.values()
    ]
    return sorted(described, key=lambda person: (name_order(person.full_name), person.code))


def person_on(person_id: int, on: date) -> PersonOnDay:
    """One person with name and postings of that day; LookupError if the register holds no such person."""
    found = people_on(Person.objects.filter(pk=person_id), on)
    if not found:
        raise LookupError(person_id)
    return found[0]


def people_with_codes(codes: Iterable[str], on: date) -> list[PersonOnDay]:
    """These people, with names and postings of that day, sorted by given name."""
    return people_on(Person.objects.filter(code__in=list(codes)), on)


def unit_names_of(people: Collection[int], on: date) -> Counter[str]:
    """How many of these people work in which unit on that day; who holds two postings counts in both."""
    rows = _postings(Posting.objects.current().on(on).filter(person__in=list(people)), on)
    return Counter(name for _person, name in {(person, posting.unit_name) for person, posting in rows})


def name_order(full_name: str) -> tuple[str, str]:
    """Vietnamese lists go by the given name, which comes last."""
    folded = fold(full_name)
    return folded.rpartition(" ")[2], folded


def full_names(people: Iterable[int]) -> dict[int, str]:
    """The names now believed, by person id."""
    rows = PersonRecord.objects.current().filter(person__in=list(people))
    return dict(rows.values_list("person_id", "full_name"))


def person_ids(codes: Iterable[str]) -> dict[str, int]:
    """The ids of these officer codes; unknown ones are left out."""
    wanted = list(codes)
    found: dict[str, int] = {}
    for at in range(0, len(wanted), 5_000):
        rows = Person.objects.filter(code__in=wanted[at : at + 5_000])
        found.update(rows.values_list("code", "pk"))
    return found


def unit_ids(codes: Iterable[str]) -> dict[str, int]:
    """The ids of these unit codes; unknown ones are left out."""
    return dict(Unit.objects.filter(code__in=list(codes)).values_list("code", "pk"))


def person_codes(people: Iterable[int]) -> dict[int, str]:
    """Officer codes by person id, of any number of people."""
    chosen = list(people)
    found: dict[int, str] = {}
    for start in range(0, len(chosen), 10_000):
        rows = Person.objects.filter(pk__in=chosen[start : start + 10_000])
        found.update(rows.values_list("pk", "code"))
    return found


def postings_on(person: Person, on: date) -> list[PostingOnDay]:
    """The person's postings on that day, the oldest first."""
    return [posting for _person, posting in _postings(person.postings.current().on(on), on)]


def posting_history(person: Person) -> list[PostingOnDay]:
    """All postings of the person, each with the unit's name as of the posting's last day known."""
    rows = person.postings.current().order_by("since").select_related("unit")
    audiences = _audiences()
    spans: dict[int, list[UnitSpan]] = {}
    for span in UnitSpan.objects.current().filter(unit__in=rows.values("unit")).order_by("since"):
        spans.setdefault(span.unit_id, []).append(span)
    history = []
    for row in rows:
        names = [s for s in spans.get(row.unit_id, []) if row.until is None or s.since < row.until]
        history.append(_posting_on_day(row, names[-1].name if names else row.unit.code, audiences))
    return history


def search_people(text: str, on: date, *, among: QuerySet[Person], limit: int = 20) -> list[PersonOnDay]:
    """People by name or officer code, whatever the tones; every word must occur in the name."""
    words = fold(text).split()
    if not words:
        return []
    named = PersonRecord.objects.current().filter(person__in=among)
    by_name = Q()
    for word in words:
        by_name &= Q(folded_name__contains=word)
    named = named.filter(by_name | Q(person__code__istartswith=text.strip()))
    chosen = named.order_by("folded_name", "person__code").values_list("person", flat=True)[:limit]
    return people_on(Person.objects.filter(pk__in=list(chosen)), on)


def people_named(text: str) -> QuerySet[PersonRecord, int]:
    """The ids of all people, in whatever unit, whose name holds every word of `text`, whatever the tones."""
    named = PersonRecord.objects.current()
    for word in fold(text).split():
        named = named.filter(folded_name__contains=word)
    return named.values_list("person", flat=True)


def people_below(tops: Iterable[int], on: date) -> QuerySet[Person]:
    """The people who hold a posting, on that day, in one of these units or below."""
    postings = Posting.objects.current().on(on).filter(unit__in=units_below(tops, on))
    return Person.objects.filter(pk__in=postings.values("person"))


def same_human(a: Person, b: Person) -> bool:
    """Whether two codes are one human being: the same code, or merged."""
    return human_of(a) == human_of(b)


def human_of(person: Person) -> int:
    """The id of the person under whom this human being is counted."""
    merge = PersonMerge.objects.current().filter(person=person).values_list("same_as", flat=True).first()
    return person.pk if merge is None else merge


def _postings(rows: QuerySet[Posting], on: date) -> list[tuple[int, PostingOnDay]]:
    audiences = _audiences()
    found = list(rows.select_related("unit").order_by("since", "pk"))
    spans = UnitSpan.objects.current().on(on).filter(unit__in={row.unit_id for row in found})
    names = dict(spans.values_list("unit_id", "name"))
    return [
        (row.person_id, _posting_on_day(row, names.get(row.unit_id, row.unit.code), audiences))
        for row in found
    ]


def _posting_on_day(row: Posting, unit_name: str, audiences: list[tuple[str, int]]) -> PostingOnDay:
    return PostingOnDay(
        row.pk,
        row.unit_id,
        row.unit.code,
        unit_name,
        row.title,
        tuple(code for code, mask in audiences if row.audience_mask & mask),
        row.since,
        row.until,
        row.decision,
    )


def _audiences() -> list[tuple[str, int]]:
    return [(audience.code, audience.mask) for audience in Audience.objects.all()]


def audience_mask(codes: Iterable[str]) -> int:
    """The mask of these audience codes; KeyError for one that the register does not know."""
    masks = dict(_audiences())
    mask = 0
    for code in codes:
        mask |= masks[code]
    return mask


def audience_choices() -> list[tuple[str, str]]:
    """Code and name of every audience, as a form offers them."""
    return [(audience.code, f"{audience.code} · {audience.name}") for audience in Audience.objects.all()]


def audience_masks_and_names() -> list[tuple[int, str]]:
    """Every audience's mask and name, in the register's order."""
    return [(audience.mask, audience.name) for audience in Audience.objects.all()]


def audience_codes(mask: int) -> tuple[str, ...]:
    return tuple(code for code, bit in _audiences() if mask & bit)


# Freshness --------------------------------------------------------------------------------------


def roster_freshness(top: Unit, on: date) -> list[RosterFreshness]:
    """Of every unit below `top` with people in it on that day: when its list was last confirmed by that day.

    Those that were never confirmed first, then the oldest.
    """
    below = units_below([top.pk], on)
    people = dict(
        Posting.objects.current()
        .on(on)
        .filter(unit__in=below)
        .values_list("unit")
        .annotate(Count("person", distinct=True))
    )
    confirmed = dict(
        RosterConfirmation.objects.current()
        .filter(unit__in=list(people), day__lte=on)
        .values_list("unit")
        .annotate(Max("day"))
    )
    units = units_on(Unit.objects.filter(pk__in=list(people)), on)
    rows = [
        RosterFreshness(unit.id, unit.code, unit.name, people[unit.id], confirmed.get(unit.id))
        for unit in units
    ]
    return sorted(rows, key=lambda row: (row.confirmed_on or date.min, row.unit_code))


def postings_without_a_unit(on: date) -> QuerySet[Posting]:
    """Postings of that day in units that exist no longer: no figure counts them until they are moved."""
    standing = UnitSpan.objects.current().on(on).values("unit")
    return Posting.objects.current().on(on).exclude(unit__in=standing).order_by("unit__code")


# One human being --------------------------------------------------------------------------------


def codes_of_human(person_id: int) -> list[int]:
    """The ids of every code under which this human being stands in the register: one query."""
    standing = PersonMerge.objects.current()
    head = standing.filter(person=person_id).values("same_as")
    merges = standing.filter(Q(person=person_id) | Q(same_as=person_id) | Q(same_as__in=head))
    return sorted({person_id, *(pk for pair in merges.values_list("person", "same_as") for pk in pair)})


def posts_ever(people: Iterable[int]) -> list[Post]:
    """Every post that these people ever held, as believed now."""
    rows = Posting.objects.current().filter(person__in=list(people)).order_by("since", "pk")
    return [Post(*row) for row in rows.values_list("unit_id", "audience_mask", "since", "until")]


def approved_absences(people: Iterable[int], on: date) -> dict[str, date | None]:
    """The reasons for which these people are away on that day, with approval, and until when."""
    rows = Absence.objects.current().on(on).filter(person__in=list(people), status=AbsenceStatus.APPROVED)
    return dict(rows.values_list("reason", "until"))


def absence_reasons(people: Iterable[int], on: date) -> dict[int, str]:
    """Why each of these people is away on that day, with approval, in words."""
    rows = Absence.objects.current().on(on).filter(person__in=list(people), status=AbsenceStatus.APPROVED)
    labels = dict(AbsenceReason.choices)
    return {
        person: str(labels.get(reason, reason)) for person, reason in rows.values_list("person", "reason")
    }


# Codes that may be one human being ----------------------------------------------------------------


def namesakes(among: QuerySet[Person], on: date, *, limit: int = 25) -> list[list[PersonOnDay]]:
    """Groups of people with the same folded name and day of birth, one of them within reach, not merged."""
    merged = PersonMerge.objects.current().values("person")
    records = PersonRecord.objects.current().filter(birth_date__isnull=False).exclude(person__in=merged)
    shared = records.values("folded_name", "birth_date").annotate(codes=Count("pk")).filter(codes__gt=1)
    keys = list(shared.order_by("folded_name", "birth_date").values_list("folded_name", "birth_date")[:limit])
    same = records.filter(
        folded_name__in={name for name, _born in keys}, birth_date__in={born for _name, born in keys}
    )
    codes: dict[tuple[str, date | None], set[int]] = {}
    for name, born, person in same.values_list("folded_name", "birth_date", "person"):
        if (name, born) in keys:
            codes.setdefault((name, born), set()).add(person)
    chosen = {person for people in codes.values() for person in people}
    reached = set(among.filter(pk__in=chosen).values_list("pk", flat=True))
    found = {person.id: person for person in people_on(Person.objects.filter(pk__in=chosen), on)}
    return [[found[person] for person in sorted(people)] for people in codes.values() if people & reached]


def merges_of(among: QuerySet[Person], on: date, *, limit: int = 50) -> list[PersonMerge]:
    """Mergers of codes whose human being is within reach, the newest first."""
    rows = PersonMerge.objects.current().filter(Q(same_as__in=among) | Q(person__in=among))
    return list(rows.select_related("person", "same_as", "merged_by").order_by("-pk")[:limit])


def own_national_id(person: Person) -> str:
    """My own number, for me alone; empty where the vault holds none. Opening another's is a service."""
    row = NationalId.objects.filter(person=person).first()
    return vault.unseal(bytes(row.sealed), person.public_id) if row else ""


# Who looked ---------------------------------------------------------------------------------------


def looks_at(people: Iterable[int], on: date, *, limit: int = 100) -> list[LookTold]:
    """Who opened a page of these codes of one human being, the newest first: four queries."""
    rows = (
        Look.objects.filter(person__in=list(people)).order_by("-day", "-pk").values("day", "looker", "page")
    )
    found = list(rows[:limit])
    lookers = {
        person.id: person
        for person in people_on(Person.objects.filter(pk__in={r["looker"] for r in found}), on)
    }
    told = []
    for row in found:
        who = lookers.get(row["looker"])
        told.append(
            LookTold(
                row["day"],
                who.code if who else "",
                who.full_name if who else "",
                "; ".join(post.unit_name for post in who.postings) if who else "",
                str(LookedAt(row["page"]).label),
            )
        )
    return told


def erasure_shown(person: Person) -> ErasureShown:
    """What the erasure of this human being, under all codes, would empty."""
    codes = codes_of_human(person.pk)
    postings = Posting.objects.current().filter(person__in=codes)
    return ErasureShown(
        code=person.code,
        full_name=full_names([person.pk]).get(person.pk, ""),
        left_on=postings.aggregate(last=Max("until"))["last"],
        particulars=PersonRecord.objects.filter(person__in=codes).count(),
        posts=postings.count(),
        absences=Absence.objects.current().filter(person__in=codes).count(),
        looks=Look.objects.filter(person__in=codes).count(),
        national_id=NationalId.objects.filter(person__in=codes).exists(),
        sign_in=Person.objects.filter(pk__in=codes, user__isnull=False).exists(),
    )
