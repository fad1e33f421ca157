"""The table under a report: a unit and each unit below it, how many people, classes, and with what end.

One row a direct child, one for who works in the unit itself, and the whole, which counts everybody once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from operator import itemgetter

from content.queries import course_anchors
from lms.kernel.uncollected import uncollected

from .enums import ContestStatus
from .lateness import late_numbers
from .models import Contest, Target
from .questions import Ledger, Question, day_of, fetch, stable
from .receipts import proof_of
from .records import Annex, AnnexRow
from .rollup import Several, standing_in_words
from .rules import Proof

BASIC, ADVANCED = "co_ban", "nang_cao"


@dataclass(slots=True)
class _Sum:
    """What a row of the table is counted from."""

    required: set[int] = field(default_factory=set)
    trained: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)
    basic: set[int] = field(default_factory=set)
    advanced: set[int] = field(default_factory=set)
    passed: set[int] = field(default_factory=set)
    classes: set[tuple[str, str, str]] = field(default_factory=set)
    attendances: int = 0
    excluded: int = 0
    in_grace: int = 0


@dataclass(frozen=True, slots=True)
class _Counted:
    """One person of the population, and what their evidence shows."""

    id: int
    places: dict[int, str]
    """How they stand where they work: by children of the top, or the top itself."""
    standing: str
    """How they stand in the whole."""
    new: bool
    proofs: Sequence[Proof]
    late: bool = False
    """Would not be trained but for what was told late."""


@uncollected()
def annex_of(
    target: str, unit: str, on: date, known_at: int | None = None, *, version: int | None = None
) -> Annex:
    """The rows under the unit's figure, as known at a ledger size. Reads everybody's evidence."""
    return stable(target, version, known_at, lambda chosen, ledger: _annex(chosen, unit, on, ledger))


def _annex(target: Target, unit: str, on: date, ledger: Ledger) -> Annex:
    question = Question.ask(target, unit, on, ledger)
    step = _steps(question)
    sums: dict[int, _Sum] = {step_: _Sum() for step_ in sorted(set(step.values()))}
    whole = _Sum()
    for person in _everybody(question, step):
        for place, standing in person.places.items():
            _add(sums[place], person, standing)
        _add(whole, person, person.standing)
    of_people = question.held is None
    nodes, top = question.tree.nodes, question.tree.top
    children = [
        _row(nodes[child].code, sums[child], of_people=of_people) for child in question.tree.children(top)
    ]
    return Annex(
        target=target.code,
        unit=unit,
        on=on,
        ledger=question.moment.known,
        children=tuple(row for row in children if row.required or row.excluded or row.in_grace),
        own=_row(unit, sums[top], of_people=of_people),
        whole=_row(unit, whole, of_people=of_people),
        contests=_contests(question) if of_people else 0,
        counts=target.counts,
    )


def _contests(question: Question) -> int:
    """How many contests of these units' people waited for an answer at that ledger size."""
    known = Contest.objects.known_at(question.moment.known).filter(status=ContestStatus.WAITING)
    return known.filter(unit__in=question.tree.nodes).count()


def _steps(question: Question) -> dict[int, int]:
    """Unit → the direct child of the top under which it stands; the top itself for the top."""
    tree = question.tree
    steps = {tree.top: tree.top}
    for unit, parent in tree.parent.items():  # parents before children
        steps[unit] = unit if parent == tree.top else steps[parent]
    return steps


def _everybody(question: Question, step: dict[int, int]) -> Iterator[_Counted]:
    if question.held is not None:
        yield from _units(question, step)
        return
    courses = {anchor.id: anchor.code for anchor in course_anchors(question.rule.courses).values()}
    rule, on = question.rule, question.moment.on
    for source in question.people:
        people: list[tuple[int, Several]] = list(question.one_by_one(source))
        since = dict(fetch(source.first_days_of_this_work()))
        late = late_numbers(source)
        proofs = {
            person: rule.counted([proof_of(row, courses) for row in rows], on)
            for person, rows in groupby(fetch(source.proofs()), key=itemgetter(0))
        }
        for person, (units, settled, standing, _attendances) in people:
            first = day_of(since.get(person))
            places = dict.fromkeys((step[unit] for unit in units), standing_in_words(0))
            places |= dict.fromkeys((step[unit] for unit in settled), standing_in_words(standing))
            yield _Counted(
                person,
                places,
                standing_in_words(standing if settled else 0),
                first is not None and first >= rule.period_start,
                counted := proofs.get(person, ()),
                not rule.deciding([proof for proof in counted if proof.number not in late], on),
            )


def _units(question: Question, step: dict[int, int]) -> Iterator[_Counted]:
    """Units in the place of people; each activity is a class of its own."""
    for unit, proofs in (question.held or {}).items():
        state = question.rule.state(proofs, question.moment.on)
        counted = question.rule.counted(proofs, question.moment.on)
        named = [replace(proof, reference=f"{unit}/{proof.number}") for proof in counted]
        yield _Counted(unit, {step[unit]: state}, state, False, named)


def _add(row: _Sum, person: _Counted, standing: str) -> None:
    if standing == "excluded":
        row.excluded += 1
    elif standing == "in_grace":
        row.in_grace += 1
    else:
        row.required.add(person.id)
        row.attendances += sum(proof.attendances for proof in person.proofs)
        if person.new:
            row.new.add(person.id)
        if standing == "trained":
            row.trained.add(person.id)
            if person.late:
                row.late.add(person.id)
        for proof in person.proofs:
            row.classes.add((proof.course, proof.source, "" if proof.source == "online" else proof.reference))
            if proof.level == BASIC:
                row.basic.add(person.id)
            elif proof.level == ADVANCED:
                row.advanced.add(person.id)
            if proof.outcome == "passed":
                row.passed.add(person.id)


def _row(code: str, row: _Sum, *, of_people: bool) -> AnnexRow:
    return AnnexRow(
        unit=code,
        required=len(row.required),
        new=len(row.new),
        classes=len(row.classes),
        attendances=row.attendances,
        trained=len(row.trained),
        late=len(row.late),
        basic=len(row.basic),
        advanced=len(row.advanced),
        passed=len(row.passed),
        excluded=row.excluded,
        in_grace=row.in_grace,
        trained_people=tuple(sorted(row.trained)) if of_people else (),
    )
