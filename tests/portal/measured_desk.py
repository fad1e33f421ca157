"""The desk of a whole country in a database of its own, opened by its manager: prints JSON.

`python -m tests.portal.measured_desk --people 1000000`, with DATABASE_URL naming an empty database; with
`--filled` one that was filled before.
"""

import argparse
import json
import os
import uuid
from collections.abc import Callable
from typing import Any

ENTRIES_BETWEEN = 1_000
"""Facts that are recorded between two openings."""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, required=True)
    options.add_argument("--units", type=int, default=0)
    options.add_argument("--filled", action="store_true")
    asked = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.config.test_settings")

    import django

    django.setup()
    from tests.coverage.measured import ask_for_a_target
    from tests.factories.large import fill

    if not asked.filled:
        fill(people=asked.people, units=asked.units or asked.people * 23 // 1000, evidence=asked.people * 3)
        ask_for_a_target()
    print(json.dumps(_measured()))  # noqa: T201


def _measured() -> dict[str, Any]:
    from django.test import Client
    from django.test.utils import setup_test_environment

    from lms.coverage.kept import Kept, keep
    from lms.coverage.queries import coverage_of
    from tests.coverage.measured import DAY

    setup_test_environment()  # so that pages tell what they were made of
    client = Client()
    client.force_login(_manager())

    def opened() -> Any:
        page = client.get("/desk/", {"on": DAY.isoformat(), "target": "T"}, secure=True)
        assert page.status_code == 200, page.status_code
        return page.context.get("figure")

    client.get("/desk/", {"unit": "U00900"}, secure=True)  # so that its code and templates are there
    found: dict[str, Any] = {"progress": _seconds(lambda: _none(opened()))}
    found["kept"] = _seconds(lambda: keep("T", DAY))
    Kept.unpack.cache_clear()
    found["first"] = _seconds(opened)
    found["again"] = min(_seconds(opened) for _ in range(5))
    _facts_come_in()
    found["after_news"] = min(_seconds(opened) for _ in range(3))
    found["whole"] = _seconds(lambda: coverage_of("T", "VN", DAY, children=True))
    found["same"] = opened() == coverage_of("T", "VN", DAY, children=True)
    found["brought_forward"] = _seconds(lambda: keep("T", DAY))
    return found


def _none(figure: Any) -> None:
    assert figure is None


def _manager() -> Any:
    from django.contrib.auth import get_user_model

    from lms.roster.models import Person, RoleGrant, Unit

    user, _made = get_user_model().objects.get_or_create(username="manager")
    person, _made = Person.objects.get_or_create(code="QL", defaults={"user": user})
    if not RoleGrant.objects.filter(person=person).exists():
        row = RoleGrant(
            person=person, unit=Unit.objects.get(code="VN"), role="unit_manager", status="approved",
            since="2020-01-01", recorded_entry=1, recorded=1,
        )  # fmt: skip
        super(type(row).__mro__[1], row).save()
    return user


def _facts_come_in() -> None:
    """Evidence of so many people, each with its entry, as the kernel would have written them."""
    from lms.coverage.models import Evidence
    from lms.kernel.models import LedgerEntry
    from lms.roster.models import Person

    size = LedgerEntry.objects.order_by("-number").values_list("number", flat=True)[0]
    people = Person.objects.order_by("pk").values_list("pk", flat=True)[::97][:ENTRIES_BETWEEN]
    rows, entries = [], []
    for number, person in enumerate(people, start=size + 1):
        row = Evidence(
            person_id=person, course_id=1, source="class", status="approved", outcome="passed",
            completed_on="2026-10-30", reference=f"NEW{number}", recorded_entry=number, recorded=number,
        )  # fmt: skip
        rows.append(row)
        entries.append(
            LedgerEntry(
                number=number,
                time="2026-11-01T00:00:00Z",
                type="coverage.evidence.recorded",
                actor="operator",
                subject=row.chain,
                uid=uuid.uuid4(),
                commitment=bytes(32),
            )
        )
    Evidence.objects.bulk_create(rows)
    LedgerEntry.objects.bulk_create(entries)


def _seconds(act: Callable[[], object]) -> float:
    """Of processor, of this process and of the database's."""
    from tests.coverage.measured import timed

    return timed(act)[1]


if __name__ == "__main__":
    main()
