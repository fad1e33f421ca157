"""Receipts: a figure opens into its people, and for each the facts that decided.

The states come from SQL, the deciding evidence from the pure rule over the same facts; where the two do not
agree, nothing is answered.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from content.queries import course_anchors
from lms.kernel.uncollected import uncollected
from lms.roster.queries import audience_codes, person_codes

from .models import Target
from .questions import LISTS, Ledger, Question, day_of, fetch, stable
from .records import Away, Deciding, Figure, PersonStands, Receipt
from .rollup import Several, standing_in_words
from .rules import Proof, Rule
from .statements import People


class ReceiptDisagrees(AssertionError):
    """SQL and the pure rule came to different ends: a fault of ours, never of the data."""


@uncollected()
def receipt_of(
    target: str, unit: str, on: date, known_at: int | None = None, *, version: int | None = None
) -> Receipt:
    """The unit's figure with its children's, the target, and every person with what decided.

    Reads all evidence of everybody concerned: about ten seconds for a million people.
    """
    return stable(target, version, known_at, lambda chosen, ledger: _receipt(chosen, unit, on, ledger))


def _receipt(target: Target, unit: str, on: date, ledger: Ledger) -> Receipt:
    question = Question.ask(target, unit, on, ledger)
    if question.held is not None:
        figure, people = question.figure_of([one for _unit, one in question.everybody()]), _units(question)
    else:
        figure, people = _everybody(question)
    receipt = Receipt(figure, stated(question.target), tuple(sorted(people, key=lambda one: one.code)))
    _agree(receipt)
    return receipt


def _everybody(question: Question) -> tuple[Figure, list[PersonStands]]:
    counted = [(source, list(question.one_by_one(source))) for source in question.people]
    figure = question.figure_of([several for _source, found in counted for _person, several in found])
    people = [stands for source, found in counted for stands in _people(question, source, found)]
    return figure, people


def _units(question: Question) -> list[PersonStands]:
    """Each unit that is counted, with the activities that decide."""
    codes = question.codes_of(question.held or ())
    return [
        PersonStands(
            codes[unit],
            question.rule.state(proofs, question.moment.on),
            tuple(decided(proof) for proof in question.rule.deciding(proofs, question.moment.on)),
            is_unit=True,
        )
        for unit, proofs in (question.held or {}).items()
    ]


def decided(proof: Proof) -> Deciding:
    return Deciding(
        proof.course, proof.source, proof.outcome, proof.completed_on, proof.reference, proof.number
    )


def stated(target: Target) -> dict[str, Any]:
    """A target's version as `import_targets` takes it, with its version."""
    rule = target.rule
    if rule.of_units:
        return _stated_of_units(target, rule)
    return {
        "code": target.code,
        "version": target.version,
        "name": target.name,
        "document": target.document,
        "issuer": target.issuer,
        "operator": rule.operator,
        "value": _decimal(rule.value),
        "audiences": list(audience_codes(rule.audience_mask)),
        "unit": rule.unit,
        "unit_kinds": list(rule.unit_kinds),
        "new_within_months": rule.new_within_months,
        "grace_days": rule.grace_days,
        "excluded_reasons": list(rule.excluded_reasons),
        "courses": list(rule.courses),
        "course_rule": rule.course_rule,
        "levels": list(rule.levels),
        "hours": None if rule.hours is None else _decimal(rule.hours),
        "outcome": rule.outcome,
        "must_be_valid": rule.must_be_valid,
        "window": f"months:{rule.window_months}" if rule.window == "months" else rule.window,
        "external": "accepted when approved" if rule.external_accepted else "not accepted",
        "period_start": rule.period_start.isoformat(),
        "period_end": rule.period_end.isoformat(),
    }


def _stated_of_units(target: Target, rule: Rule) -> dict[str, Any]:
    return {
        "code": target.code,
        "version": target.version,
        "name": target.name,
        "document": target.document,
        "issuer": target.issuer,
        "counts": target.counts,
        "operator": rule.operator,
        "value": _decimal(rule.value),
        "unit": rule.unit,
        "unit_kinds": list(rule.unit_kinds),
        "having": rule.having,
        "activities": list(rule.courses),
        "course_rule": rule.course_rule,
        "window": f"months:{rule.window_months}" if rule.window == "months" else rule.window,
        "period_start": rule.period_start.isoformat(),
        "period_end": rule.period_end.isoformat(),
    }


def _decimal(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _people(
    question: Question, source: People, found: Sequence[tuple[int, Several]]
) -> Iterator[PersonStands]:
    codes = person_codes(person for person, _several in found)
    standings = {
        person: standing_in_words(standing if settled else 0)
        for person, (_units, settled, standing, _attendances) in found
    }
    wanted = set(standings.values())
    deciding = _deciding(question, source) if "trained" in wanted else {}
    absences = _absences(source) if "excluded" in wanted else {}
    since = dict(fetch(source.beginnings())) if "in_grace" in wanted else {}
    for person, standing in standings.items():
        yield PersonStands(
            codes[person],
            standing,
            deciding.get(person, ()) if standing == "trained" else (),
            absences.get(person, ()) if standing == "excluded" else (),
            day_of(since[person]) if standing == "in_grace" else None,
        )


def _deciding(question: Question, source: People) -> dict[int, tuple[Deciding, ...]]:
    courses = {anchor.id: anchor.code for anchor in course_anchors(question.rule.courses).values()}
    found = {}
    for person, rows in groupby(fetch(source.proofs()), key=itemgetter(0)):
        proofs = question.rule.deciding([proof_of(row, courses) for row in rows], question.moment.on)
        if proofs:
            found[person] = tuple(decided(proof) for proof in proofs)
    return found


def proof_of(row: Sequence[Any], courses: dict[int, str]) -> Proof:
    """A row of `People.proofs` as the rule looks at it."""
    (
        _person,
        course,
        source,
        completed_on,
        outcome,
        status,
        level,
        hours,
        valid,
        revoked,
        reference,
        number,
    ) = row
    day = day_of(completed_on)
    assert day is not None
    return Proof(
        course=courses[course],
        source=source,
        completed_on=day,
        outcome=outcome,
        status=status,
        level=level,
        hours=None if hours is None else Decimal(str(hours)),
        valid_until=day_of(valid),
        revoked_on=day_of(revoked),
        reference=reference,
        number=number,
    )


def _absences(source: People) -> dict[int, tuple[Away, ...]]:
    found: dict[int, tuple[Away, ...]] = {}
    for person, reason, since, until, number in fetch(source.absences()):
        first = day_of(since)
        assert first is not None
        found[person] = (*found.get(person, ()), Away(reason, first, day_of(until), number))
    return found


def _agree(receipt: Receipt) -> None:
    """Everybody stands where the figure counts them, and who is trained is so by some evidence."""
    counted = dict.fromkeys(LISTS, 0)
    for person in receipt.people:
        counted[person.standing] += 1
        if (person.standing == "trained") != bool(person.evidence):
            raise ReceiptDisagrees(person.code)
    for name, number in counted.items():
        if getattr(receipt.figure, name) != number:
            raise ReceiptDisagrees(name)
