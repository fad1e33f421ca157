"""What a roster changes, and all that is wrong with it: pure thought, in two passes over the file.

The first pass (`Check`) reads every line and remembers of each only hashes, so that a million lines fit
into memory; the second (`plan`) goes through the file again in batches, and knows of each batch what is
believed now.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from lms.kernel.faults import Faults
from lms.kernel.folding import fold
from lms.kernel.spans import Span, gaps

from .outcome import Change, Kind
from .unit_plan import shown

OWN = ("full_name", "birth_date", "national_id", "phone", "email")
"""A person's own columns: they must agree between all lines of one person."""

PostingKey = tuple[str, str, date]
"""A posting by officer code, unit code and first day: a line with the same key restates it."""


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line of a roster as it was read, its audiences as a mask; empty texts say nothing."""

    line: int
    person: str
    full_name: str
    birth_date: date | None
    national_id: str
    phone: str
    email: str
    unit: str
    title: str
    audience_mask: int
    since: date
    until: date | None
    decision: str

    @property
    def key(self) -> PostingKey:
        return self.person, self.unit, self.since

    @property
    def own(self) -> tuple[str, date | None, str, str, str]:
        return self.full_name, self.birth_date, self.national_id, self.phone, self.email


@dataclass(frozen=True, slots=True)
class PersonFact:
    """What is believed about who a person is."""

    full_name: str
    birth_date: date | None
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class PostingFact:
    person: str
    unit: str
    title: str
    audience_mask: int
    since: date
    until: date | None
    decision: str

    @property
    def key(self) -> PostingKey:
        return self.person, self.unit, self.since


class Check:
    """The first pass: what is wrong within the file, and against the units. Keeps 24 bytes a line."""

    def __init__(
        self,
        units: Mapping[str, Sequence[Span]],
        faults: Faults,
        *,
        within: frozenset[str] | None = None,
        staff_on: tuple[date, frozenset[str]] | None = None,
    ) -> None:
        """`units`: the life of each unit; `within`: the only units that lines may name.

        `staff_on`: a day, and the only units that lines about that day may name.
        """
        self._units = units
        self._faults = faults
        self._within = within
        self._staff_on = staff_on
        self._people = array("q")
        self._own = array("q")
        self._keys = array("q")

    def line(self, line: RosterLine) -> None:
        self._check_posting(line)
        self._people.append(hash(line.person))
        self._own.append(hash(line.own))
        self._keys.append(hash(line.key))

    def stated(self) -> frozenset[int]:
        """The hashes of the keys of all postings that the file states."""
        return frozenset(self._keys)

    def explain(self, lines: Callable[[], Iterable[RosterLine]]) -> None:
        """Where lines disagree or state a posting twice, go through the file again and say which."""
        twice = _repeated(self._keys)
        disagreeing = _disagreeing(self._people, self._own)
        if not twice and not disagreeing:
            return
        first: dict[str, RosterLine] = {}
        stated: dict[PostingKey, int] = {}
        for line in lines():
            if hash(line.key) in twice:
                other = stated.setdefault(line.key, line.line)
                if other != line.line:
                    self._faults.add(
                        line.line, "since", _("states the same posting as line {other}").format(other=other)
                    )
            if hash(line.person) in disagreeing:
                self._compare(first.setdefault(line.person, line), line)

    def _compare(self, before: RosterLine, line: RosterLine) -> None:
        differing = [name for name, a, b in zip(OWN, before.own, line.own, strict=True) if a != b]
        if "full_name" in differing and {"birth_date", "national_id"} & set(differing):
            self._faults.add(
                line.line,
                "person",
                _("two people under one code: {code} is {name} on line {other}").format(
                    code=line.person, name=before.full_name, other=before.line
                ),
            )
            return
        for name in differing:
            self._faults.add(
                line.line,
                name,
                _("differs from line {other}, which is about the same person ({code})").format(
                    other=before.line, code=line.person
                ),
            )

    def _check_posting(self, line: RosterLine) -> None:
        if line.until is not None and line.until <= line.since:
            self._faults.add(line.line, "until", _("the last day must come after the first"))
            return
        life = self._units.get(line.unit)
        if life is None:
            self._faults.add(line.line, "unit", self._unknown(line.unit))
        elif self._within is not None and line.unit not in self._within:
            sentence = _("“{code}” is not among the units whose list of staff you keep")
            self._faults.add(line.line, "unit", sentence.format(code=line.unit))
        elif self._misplaced(line):
            sentence = _("“{code}” does not stand below the unit of this list")
            self._faults.add(line.line, "unit", sentence.format(code=line.unit))
        elif not _inside(line, life):
            lacking = gaps(Span(line.since, line.until), life)[0]
            self._faults.add(
                line.line,
                "since" if lacking.since == line.since else "until",
                _("the unit “{code}” does not exist from {since} on").format(
                    code=line.unit, since=shown(lacking.since)
                )
                if lacking.until is None
                else _("the unit “{code}” does not exist from {since} until {until}").format(
                    code=line.unit, since=shown(lacking.since), until=shown(lacking.until)
                ),
            )

    def _misplaced(self, line: RosterLine) -> bool:
        if self._staff_on is None:
            return False
        day, units = self._staff_on
        return line.since <= day and (line.until is None or day < line.until) and line.unit not in units

    def _unknown(self, code: str) -> str:
        for width in (2, 3, 5):
            padded = code.zfill(width)
            if padded != code and padded in self._units:
                return _("unknown unit “{code}”; perhaps “{padded}”, its first zeros lost in Excel").format(
                    code=code, padded=padded
                )
        return _("unknown unit “{code}”").format(code=code)


def _repeated(hashes: Iterable[int]) -> set[int]:
    """The hashes that occur more than once; sorting takes a quarter of the memory of a set."""
    return {a for a, b in pairwise(sorted(hashes)) if a == b}


def _disagreeing(people: Sequence[int], own: Sequence[int]) -> set[int]:
    """The people on whose lines their own columns are not the same."""
    order = sorted(range(len(people)), key=people.__getitem__)
    return {people[a] for a, b in pairwise(order) if people[a] == people[b] and own[a] != own[b]}


def _inside(line: RosterLine, life: Sequence[Span]) -> bool:
    for span in life:
        if span.since <= line.since and (
            span.until is None or (line.until is not None and line.until <= span.until)
        ):
            return True
    return not gaps(Span(line.since, line.until), life)


@dataclass(slots=True)
class Batch:
    """What some lines change, in codes, in the order of the file."""

    new_people: dict[str, PersonFact] = field(default_factory=dict)
    corrected_people: dict[str, PersonFact] = field(default_factory=dict)
    national_ids: dict[str, tuple[int, str]] = field(default_factory=dict)
    created: list[PostingFact] = field(default_factory=list)
    corrected: list[PostingFact] = field(default_factory=list)
    created_lines: int = 0
    corrected_lines: int = 0
    unchanged_lines: int = 0
    changes: list[Change] = field(default_factory=list)


def plan(
    lines: Sequence[RosterLine],
    people: Mapping[str, PersonFact],
    postings: Mapping[PostingKey, PostingFact],
    *,
    corrected_before: set[int],
    faults: Faults,
) -> Batch:
    """What these lines change, given what is believed of their people.

    `corrected_before` gathers the people (as hashes) whom this import has corrected: each counts on one line.
    A code that is believed to be another human being altogether is a fault, not a correction.
    """
    batch = Batch()
    held: dict[str, list[PostingFact]] = {}
    for posting in postings.values():
        held.setdefault(posting.person, []).append(posting)
    for line in lines:
        person_corrected = _plan_person(line, people, corrected_before, batch, faults)
        posting = PostingFact(
            line.person, line.unit, line.title, line.audience_mask, line.since, line.until, line.decision
        )
        old = postings.get(posting.key)
        if old is None:
            batch.created.append(posting)
            batch.created_lines += 1
            batch.changes.append(_arrival(line, held.get(line.person, ())))
            continue
        if not posting.title or not posting.decision:
            posting = PostingFact(
                line.person,
                line.unit,
                line.title or old.title,
                line.audience_mask,
                line.since,
                line.until,
                line.decision or old.decision,
            )
        if posting != old:
            batch.corrected.append(posting)
        elif not person_corrected:
            batch.unchanged_lines += 1
            continue
        batch.corrected_lines += 1
        batch.changes.append(_correction(line, old, posting))
    return batch


def _plan_person(
    line: RosterLine,
    people: Mapping[str, PersonFact],
    corrected_before: set[int],
    batch: Batch,
    faults: Faults,
) -> bool:
    """Whether the line corrects what is believed about the person."""
    if line.national_id:
        batch.national_ids.setdefault(line.person, (line.line, line.national_id))
    old = people.get(line.person)
    if old is None:
        if line.person not in batch.new_people:
            batch.new_people[line.person] = PersonFact(
                line.full_name, line.birth_date, line.phone, line.email
            )
        return False
    fact = PersonFact(
        line.full_name, line.birth_date or old.birth_date, line.phone or old.phone, line.email or old.email
    )
    if fact == old or hash(line.person) in corrected_before:
        return False
    if _another_human(old, fact):
        faults.add(
            line.line,
            "person",
            _("the code {code} is recorded for {name}, born {birth}; this seems to be somebody else").format(
                code=line.person, name=old.full_name, birth=shown(old.birth_date) if old.birth_date else "–"
            ),
        )
        return False
    corrected_before.add(hash(line.person))
    batch.corrected_people[line.person] = fact
    return True


def _another_human(old: PersonFact, new: PersonFact) -> bool:
    """Born on another day and with no word of the name in common: nobody's name is corrected like that."""
    return (
        old.birth_date is not None
        and new.birth_date is not None
        and old.birth_date != new.birth_date
        and not set(fold(old.full_name).split()) & set(fold(new.full_name).split())
    )


def _arrival(line: RosterLine, held: Sequence[PostingFact]) -> Change:
    elsewhere = [p for p in held if p.unit != line.unit and p.until in (None, line.since)]
    if elsewhere:
        return Change(
            Kind.MOVED, line.line, line.person, line.full_name, f"{elsewhere[-1].unit} → {line.unit}"
        )
    return Change(Kind.IN, line.line, line.person, line.full_name, line.unit)


def _correction(line: RosterLine, old: PostingFact, new: PostingFact) -> Change:
    if old.until is None and new.until is not None:
        return Change(Kind.OUT, line.line, line.person, line.full_name, f"{line.unit}, {shown(new.until)}")
    return Change(Kind.CORRECTED, line.line, line.person, line.full_name, line.unit)


def in_batches(lines: Iterable[RosterLine], size: int) -> Iterator[list[RosterLine]]:
    batch: list[RosterLine] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
