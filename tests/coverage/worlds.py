"""Random histories, small and nasty, and how they get into the database."""

import random
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from content.models import Course
from lms.coverage import models as coverage
from lms.kernel.models import LedgerEntry
from lms.roster import models as roster

from . import reference as r
from .reference import Known, World

SIZE = 40
"""Entries in the ledger of a random world."""
DAYS = [
    date.fromisoformat(day)
    for day in (
        *("2024-02-29", "2025-02-28", "2025-03-01", "2025-03-31", "2025-05-15", "2025-05-16", "2025-06-14"),
        *("2025-06-15", "2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2026-03-31", "2026-05-15"),
        *("2026-05-16", "2026-05-31", "2026-06-13", "2026-06-14", "2026-06-15", "2026-06-30"),
    )
]
AUDIENCES = ("QLNN", "LD", "YT")
COURSES = ("A", "B", "C")
ACTIVITIES = ("phong_ngua_truong_hoc", "truyen_thong_cong_dong")
LEVELS = ("co_ban", "nang_cao", "")
KINDS = ("province", "commune", "facility")
REASONS = ("thai_san", "om_dai", "biet_phai")
TREE = {"VN": None, "P1": "VN", "P2": "VN", "X1": "P1", "X2": "P1", "X3": "P2", "F1": "X1"}


def random_world(rng: random.Random) -> World:
    people = [f"CB{i}" for i in range(rng.randint(1, 9))]
    postings = [
        fact
        for person in people
        for _ in range(rng.choice((1, 1, 1, 2, 3)))
        for fact in _beliefs(rng, lambda person=person: _posting(rng, person))
    ]
    absences = [
        fact
        for person in people
        if rng.random() < 0.3
        for fact in _beliefs(rng, lambda person=person: _absence(rng, person))
    ]
    return World(
        units=_units(rng),
        postings=_once(postings, lambda p: (p.person, p.unit, p.since)),
        absences=_once(absences, lambda a: (a.person, a.reason, a.since)),
        evidence=[
            fact
            for number in range(len(people) * 2)
            for fact in _beliefs(rng, lambda number=number: _evidence(rng, rng.choice(people), number))
        ],
        progress=[
            fact
            for person in people
            if rng.random() < 0.2
            for fact in _beliefs(rng, lambda person=person: _progress(rng, person))
        ],
        confirmations=[
            fact
            for unit in TREE
            if rng.random() < 0.6
            for fact in _beliefs(rng, lambda unit=unit: r.Confirmation(Known(0), unit, rng.choice(DAYS)))
        ],
        merges=_merges(rng, people),
        activities=[
            fact
            for number in range(rng.randint(0, 12))
            for fact in _beliefs(rng, lambda number=number: _activity(rng, number))
        ],
    )


def random_target(rng: random.Random) -> r.Target:
    new = rng.choice((0, 0, 3, 12))
    return r.Target(
        operator=rng.choice((">", ">=", "=")),
        value=Fraction(rng.choice((0, 333, 500, 505, 800, 800, 1000)), 10),
        audiences=frozenset(rng.sample(AUDIENCES, rng.randint(1, 3))),
        unit=rng.choice(("VN", "VN", "VN", "P1", "X1")),
        unit_kinds=frozenset(rng.sample(KINDS, rng.choice((0, 0, 1, 2)))),
        new_within_months=new,
        grace_days=0 if new else rng.choice((0, 30, 30, 365)),
        excluded_reasons=frozenset(rng.sample(REASONS, rng.randint(0, 3))),
        courses=frozenset(rng.sample(COURSES, rng.randint(1, 3))),
        course_rule=rng.choice(("any", "all", "levels", "hours")),
        levels=frozenset(rng.sample(LEVELS[:2], rng.randint(1, 2))),
        hours=Fraction(rng.choice((1, 75, 80, 160)), 10),
        outcome=rng.choice(("passed", "completed", "attended")),
        must_be_valid=rng.random() < 0.5,
        window=rng.choice(("period", "period", "ever", "months:3", "months:12")),
        external_accepted=rng.random() < 0.7,
        period_start=rng.choice(DAYS[3:10]),
    )


def random_target_of_units(rng: random.Random) -> r.Target:
    return replace(
        random_target(rng),
        counts="units",
        audiences=frozenset(),
        new_within_months=0,
        grace_days=0,
        excluded_reasons=frozenset(),
        courses=frozenset(),
        course_rule=rng.choice(("any", "all")),
        unit_kinds=frozenset(rng.sample(KINDS, rng.choice((1, 1, 2)))),
        having=rng.choice(("", "", *KINDS)),
        activities=frozenset(rng.sample(ACTIVITIES, rng.choice((1, 1, 2)))),
    )


def _activity(rng, number) -> r.Activity:
    return r.Activity(
        known=Known(0),
        unit=rng.choice(tuple(TREE)),
        kind=rng.choice(ACTIVITIES),
        day=rng.choice(DAYS),
        participants=rng.choice((0, 1, 40)),
        status=rng.choice(("approved", "approved", "declared", "rejected")),
        revoked_on=rng.choice((None, None, None, *DAYS[12:16])),
        title=f"H{number}",
    )


def _beliefs(rng, make) -> Iterable:
    """One fact through its corrections: none, one or two, the last perhaps withdrawn."""
    numbers = sorted(rng.sample(range(1, SIZE + 1), rng.choice((1, 1, 2, 3))))
    if len(numbers) > 1 and rng.random() < 0.3:
        spans = list(pairwise(numbers))
    else:
        spans = list(zip(numbers, [*numbers[1:], None], strict=True))
    for recorded, superseded in spans:
        yield replace(make(), known=Known(recorded, superseded))


def _once(facts: list, key) -> list:
    """Without a second current belief of the same key: the database would refuse it."""
    seen = set()
    kept = []
    for fact in facts:
        if fact.known.superseded is None:
            if key(fact) in seen:
                continue
            seen.add(key(fact))
        kept.append(fact)
    return kept


def _span(rng) -> tuple[date, date | None]:
    since, until = sorted(rng.sample(DAYS, 2))
    if rng.random() < 0.1:
        until += timedelta(days=1)
    return since, (until if rng.random() < 0.4 else None)


def _units(rng) -> list[r.UnitSpan]:
    """A tree that once was another: units end, move and are believed to be what they are not."""
    spans, places = [], list(TREE)
    for unit, parent in TREE.items():
        kind = "country" if unit == "VN" else rng.choice(KINDS)
        first = r.UnitSpan(Known(1), unit, kind, parent, date(2020, 1, 1), None)
        if unit == "VN" or rng.random() < 0.5:
            spans.append(first)
            continue
        day = rng.choice(DAYS)
        spans.append(replace(first, until=day))
        if rng.random() < 0.6:  # under another parent from that day
            # Only under one that stands earlier in the list: two that hang below each other are no tree.
            above = rng.choice([u for u in ("VN", "P1", "P2") if places.index(u) < places.index(unit)])
            spans.append(replace(first, parent=above, since=day, kind=rng.choice(KINDS)))
    result = []
    for span in spans:
        if rng.random() < 0.2:  # first believed to be of another kind
            number = rng.randint(2, SIZE)
            result += [
                replace(span, kind=rng.choice(KINDS), known=Known(1, number)),
                replace(span, known=Known(number)),
            ]
        else:
            result.append(span)
    return result


def _posting(rng, person) -> r.Posting:
    since, until = _span(rng)
    audiences = frozenset(rng.sample(AUDIENCES, rng.choice((1, 1, 2, 0))))
    unit = rng.choice(("X1", "X1", "X2", *TREE))
    return r.Posting(Known(0), person, unit, audiences, since, until)


def _absence(rng, person) -> r.Absence:
    since, until = _span(rng)
    return r.Absence(Known(0), person, rng.choice(REASONS), rng.random() < 0.8, since, until)


def _evidence(rng, person, number) -> r.Evidence:
    source = rng.choice(("online", "class", "class", "external"))
    status = (
        "approved" if source == "online" else rng.choice(("approved", "approved", "declared", "rejected"))
    )
    done = rng.choice(DAYS)
    return r.Evidence(
        known=Known(0),
        person=person,
        course=rng.choice(COURSES),
        level=rng.choice(LEVELS),
        source=source,
        completed_on=done,
        hours=Fraction(rng.choice((0, 1, 40, 75, 80)), 10),
        outcome=rng.choice(("passed", "passed", "completed", "attended")),
        status=status,
        valid_until=rng.choice((None, None, *(day for day in DAYS[8:] if day > done))),
        revoked_on=rng.choice((None, None, None, None, *DAYS[12:16])),
        reference=f"R{number}",
    )


def _progress(rng, person) -> r.Progress:
    since, until = _span(rng)
    return r.Progress(Known(0), person, rng.choice(COURSES), since, until)


def _merges(rng, people) -> list[r.Merge]:
    if len(people) < 3 or rng.random() < 0.6:
        return []
    head, *codes = rng.sample(people, rng.choice((2, 3)))
    return [
        r.Merge(Known(number, rng.choice((None, None, number + 3))), code, head)
        for number, code in enumerate(codes, start=rng.randint(1, SIZE - 5))
    ]


# Into the database ------------------------------------------------------------------------------


def store(world: World) -> None:
    """Write the beliefs as they are: the kernel's services would number them in their own order."""
    LedgerEntry.objects.create(
        number=SIZE,
        time="2026-06-30T00:00:00Z",
        type="test",
        uid=uuid.uuid4(),
        actor="operator",
        subject=uuid.uuid4(),
        commitment=b"",
    )
    units = _anchors(roster.Unit, {s.unit for s in world.units} | set(TREE))
    facts = (*world.postings, *world.absences, *world.evidence, *world.progress, *world.merges)
    people = _anchors(roster.Person, {f.person for f in facts} | {m.same_as for m in world.merges})
    courses = _anchors(Course, set(COURSES), title="")
    masks = {a.code: a.mask for a in roster.Audience.objects.all()}
    rows: dict[Any, Any] = {
        roster.UnitSpan: [
            {
                "unit_id": units[f.unit],
                "kind": f.kind,
                "name": f.unit,
                "folded_name": "",
                "parent_id": units[f.parent] if f.parent else None,
                **_days(f),
            }
            for f in world.units
        ],
        roster.Posting: [
            {
                "person_id": people[f.person],
                "unit_id": units[f.unit],
                "audience_mask": sum(masks[a] for a in f.audiences),
                **_days(f),
            }
            for f in world.postings
        ],
        roster.Absence: [
            {
                "person_id": people[f.person],
                "reason": f.reason,
                "status": "approved" if f.approved else "proposed",
                **_days(f),
            }
            for f in world.absences
        ],
        coverage.Evidence: [
            {
                "person_id": people[f.person],
                "course_id": courses[f.course],
                "level": f.level,
                "source": f.source,
                "completed_on": f.completed_on,
                "hours": Decimal(int(f.hours * 10)) / 10,
                "outcome": f.outcome,
                "status": f.status,
                "valid_until": f.valid_until,
                "revoked_on": f.revoked_on,
                "reference": f.reference,
            }
            for f in world.evidence
        ],
        coverage.Progress: [
            {"person_id": people[f.person], "course_id": courses[f.course], **_days(f)}
            for f in world.progress
        ],
        coverage.Activity: [
            {
                "unit_id": units[f.unit],
                "kind": f.kind,
                "day": f.day,
                "title": f.title,
                "participants": f.participants,
                "status": f.status,
                "revoked_on": f.revoked_on,
            }
            for f in world.activities
        ],
        roster.RosterConfirmation: [{"unit_id": units[f.unit], "day": f.day} for f in world.confirmations],
        roster.PersonMerge: [
            {"person_id": people[f.person], "same_as_id": people[f.same_as]} for f in world.merges
        ],
    }
    known: dict[Any, Any] = {
        roster.UnitSpan: world.units,
        roster.Posting: world.postings,
        roster.Absence: world.absences,
        coverage.Evidence: world.evidence,
        coverage.Progress: world.progress,
        coverage.Activity: world.activities,
        roster.RosterConfirmation: world.confirmations,
        roster.PersonMerge: world.merges,
    }
    for model, values in rows.items():
        model.objects.bulk_create(
            model(**value, **_bookkeeping(fact.known))
            for value, fact in zip(values, known[model], strict=True)
        )


def store_target(target: r.Target, code: str = "T") -> coverage.Target:
    window, _, months = target.window.partition(":")
    rule = target.course_rule
    row = coverage.Target(
        code=code,
        name=code,
        operator=target.operator,
        value=Decimal(int(target.value * 10)) / 10,
        audience_mask=sum(a.mask for a in roster.Audience.objects.filter(code__in=target.audiences)),
        unit=roster.Unit.objects.get(code=target.unit),
        unit_kinds=sorted(target.unit_kinds),
        new_within_months=target.new_within_months,
        grace_days=target.grace_days,
        excluded_reasons=sorted(target.excluded_reasons),
        courses=sorted(target.courses),
        course_rule=rule,
        levels=sorted(target.levels) if rule == "levels" else [],
        hours=Decimal(int(target.hours * 10)) / 10 if rule == "hours" else None,
        outcome=target.outcome,
        must_be_valid=target.must_be_valid,
        window=window,
        window_months=int(months) if months else None,
        external_accepted=target.external_accepted,
        counts=target.counts,
        having=target.having,
        activities=sorted(target.activities),
        period_start=target.period_start,
        period_end=date(2026, 12, 31),
        **_bookkeeping(Known(1)),
    )
    coverage.Target.objects.bulk_create([row])
    return row


def _anchors(model, codes: Iterable[str], **more) -> dict[str, int]:
    model.objects.bulk_create(model(code=code, **more) for code in sorted(codes))
    return dict(model.objects.filter(code__in=codes).values_list("code", "pk"))


def _days(fact) -> dict:
    return {"since": fact.since, "until": fact.until}


def _bookkeeping(known: Known) -> dict:
    return {
        "chain": uuid.uuid4(),
        "recorded_entry": known.recorded,
        "recorded": known.recorded,
        "superseded_entry": known.superseded,
        "superseded": known.superseded,
    }
