"""A made-up staff for the real city of Hải Phòng after its merger, to try the platform with.

Everything goes in by the imports and services that a real installation uses.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random

from django.db import transaction

from lms.kernel.services import record_facts
from lms.roster.enums import Role
from lms.roster.imports.absences import import_absences
from lms.roster.imports.roster import import_roster
from lms.roster.imports.units import import_units
from lms.roster.made_up import COMMUNE, PROVINCE, REAL_UNITS, Staff
from lms.roster.models import Person, Posting, RosterConfirmation, Unit
from lms.roster.records import Demonstration

from .absences import propose_absence
from .roles import grant_role
from .sign_ins import give_sign_in

_HOLDERS = (
    ("giang-vien", Role.TRAINER, PROVINCE),
    ("tham-dinh", Role.REVIEWER, PROVINCE),
    ("lanh-dao", Role.UNIT_MANAGER, PROVINCE),
    ("bao-cao", Role.REPORTING_OFFICER, PROVINCE),
    ("kiem-toan", Role.AUDITOR, PROVINCE),
    ("quan-tri", Role.ADMINISTRATOR, "VN"),
    ("hieu-truong", Role.UNIT_MANAGER, "HP-THPT01"),
)


_UNIT_HEADER = ("code", "name", "kind", "parent", "sector", "since", "until")
_ROSTER_HEADER = (
    "person", "full_name", "birth_date", "unit", "title", "audiences", "since", "until", "decision",
)  # fmt: skip
_ABSENCE_HEADER = ("person", "reason", "since", "until", "decision")


@transaction.atomic
def load_demonstration(*, seed: int, today: date, password: str) -> Demonstration:
    """Fill an empty register; about five seconds. The same seed and day give the same people."""
    import_units(REAL_UNITS, name=REAL_UNITS.name, by="operator")
    staff = Staff(Random(seed), today)  # noqa: S311 — people, not keys
    staff.found_units()
    staff.employ()
    import_units(_csv(_UNIT_HEADER, staff.units), name="units", by="operator")
    import_roster(_csv(_ROSTER_HEADER, staff.postings), name="roster", by="operator")
    import_absences(_csv(_ABSENCE_HEADER, staff.absences()), name="absences", by="operator")
    _confirm(staff)
    _sign_in(staff, password)
    _propose(staff)
    return Demonstration(
        today, COMMUNE, staff.learner, staff.next_learner, staff.on_leave, tuple(staff.people)
    )


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([["" if cell is None else str(cell) for cell in row] for row in rows])
    return io.BytesIO(text.getvalue().encode())


def _confirm(staff: Staff) -> None:
    """Most lists were confirmed lately, some long ago, some never."""
    rows = []
    for unit in Unit.objects.filter(code__in=sorted({person.unit for person in staff.people})).order_by(
        "code"
    ):
        chance = staff.random.random()
        if unit.code == COMMUNE or chance < 0.74:
            days = staff.random.randrange(2, 100)
        elif chance < 0.9:
            days = staff.random.randrange(200, 320)
        else:
            continue
        rows.append(RosterConfirmation(unit=unit, day=staff.today - timedelta(days=days)))
    record_facts(rows, by="operator")


def _sign_in(staff: Staff, password: str) -> None:
    people = {
        person.code: person
        for person in Person.objects.filter(code__in=[staff.learner, *staff.sign_ins.values()])
    }
    give_sign_in(person=people[staff.learner], username="can-bo", password=password)
    for username, role, unit in _HOLDERS:
        person = people[staff.sign_ins[username]]
        give_sign_in(person=person, username=username, password=password)
        grant_role(
            person=person,
            unit=Unit.objects.get(code=unit),
            role=role,
            since=staff.today - timedelta(days=200),
            by="operator",
            today=staff.today,
        )


def _propose(staff: Staff) -> None:
    """Two absences wait for a second person."""
    manager = Person.objects.get(code=staff.sign_ins["lanh-dao"])
    waiting = Posting.objects.current().on(staff.today).filter(unit__code__in=["11446", "11383"])
    for posting in waiting.select_related("person").order_by("person__code")[:2]:
        propose_absence(
            person=posting.person,
            reason="om_dai",
            since=staff.today - timedelta(days=6),
            by=manager,
            today=staff.today,
        )
