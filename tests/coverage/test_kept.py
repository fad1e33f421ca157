"""Kept figures are the whole computation's, whatever was written since they were counted."""

import random
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, note, settings
from hypothesis import strategies as st

from content.models import Course
from lms.coverage import models as coverage
from lms.coverage import services
from lms.coverage.errors import NoSuchUnit
from lms.coverage.kept import Kept, brought_forward, counted, keep
from lms.coverage.models import KeptFigures
from lms.coverage.queries import coverage_of, figure_at_once, target_known_at
from lms.coverage.questions import Ledger, Question
from lms.coverage.rollup import Node, Tally, Tree
from lms.kernel import jobs
from lms.kernel.facts import ledger_type
from lms.kernel.models import Job, LedgerEntry
from lms.kernel.services import correct_fact, record_fact
from lms.kernel.services.facts import changed
from lms.roster import models as roster
from tests.factories import roster as make
from tests.refusals import refused

from .worlds import DAYS, TREE, random_target, random_world, store, store_target

FACTS = (
    *(roster.UnitSpan, roster.Posting, roster.Absence, roster.RosterConfirmation, roster.PersonMerge),
    *(coverage.Evidence, coverage.Progress),
)


def give_every_fact_its_entries(rng: random.Random) -> int:
    """Number the beliefs of a stored world one after the other, each with an entry; how many there are."""
    events = []
    for model in FACTS:
        for row in model.objects.all():
            events.append((row.recorded, rng.random(), model, row, "recorded"))
            if row.superseded is not None:
                events.append((row.superseded, rng.random(), model, row, "superseded"))
    events.sort(key=lambda event: event[:2])
    LedgerEntry.objects.all().delete()
    entries = []
    numbers: dict = {}
    for number, (_old, _chance, model, row, column) in enumerate(events, start=1):
        numbers.setdefault((model, row.pk), {})[column] = number
        act = "recorded" if column == "recorded" else rng.choice(("corrected", "withdrawn"))
        entries.append(
            LedgerEntry(
                number=number,
                time="2026-06-30T00:00:00Z",
                type=f"{ledger_type(model)}.{act}",
                uid=uuid.uuid4(),
                actor="operator",
                subject=row.chain,
                commitment=b"",
            )
        )
    LedgerEntry.objects.bulk_create(entries)
    for (model, pk), columns in numbers.items():
        model.objects.filter(pk=pk).update(**columns)
    return len(entries)


def whole(target: coverage.Target, on: date, ledger: Ledger) -> Kept | None:
    """Counted anew; None where there is nothing to count."""
    try:
        question = Question.ask(target, target.unit.code, on, ledger)
    except NoSuchUnit:
        return None
    return counted(question) if question.people else None


@pytest.mark.django_db
@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_what_was_kept_and_brought_forward_is_byte_for_byte_the_whole_counted_anew(seed: int) -> None:
    rng = random.Random(seed)
    with transaction.atomic():
        store(random_world(rng))
        store_target(random_target(rng))
        size = give_every_fact_its_entries(rng)
        target = target_known_at("T", size)
        merged = roster.PersonMerge.objects.exists()
        for _ in range(4):
            day = rng.choice(DAYS[5:])
            base, known = sorted(rng.sample(range(1, size + 1), 2))
            if rng.random() < 0.4:
                known = size
            note(f"{day}: {base} → {known} of {size}")
            then, now = Ledger(base, size, merged), Ledger(known, size, merged)
            kept, expected = whole(target, day, then), whole(target, day, now)
            if kept is None:
                continue
            found = brought_forward(kept, target, day, now)
            if tree_changed(base, known):
                assert found is None
            else:
                assert found is not None
                assert expected is not None
                assert found.tree.nodes == expected.tree.nodes
                assert found.tallies == expected.tallies
                assert found.pack() == expected.pack()
        transaction.set_rollback(True)


def tree_changed(since: int, until: int) -> bool:
    entries = LedgerEntry.objects.filter(number__gt=since, number__lte=until)
    return entries.filter(type__startswith="roster.unitspan.").exists() and since < until


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_figure_at_once_is_the_figure(seed: int) -> None:
    rng = random.Random(seed)
    with transaction.atomic(), pytest.MonkeyPatch.context() as patched:
        patched.setattr("lms.coverage.kept.FEW", 0)
        store(random_world(rng))
        store_target(random_target(rng))
        size = give_every_fact_its_entries(rng)
        target, day = target_known_at("T", size), rng.choice(DAYS[5:])
        kept = whole(target, day, Ledger(rng.randint(1, size), size, True))
        if kept is not None:
            KeptFigures.objects.create(target=target, on=day, ledger=kept.ledger, packed=kept.pack())
        for unit in TREE:
            try:
                expected = coverage_of("T", unit, day, children=True)
            except NoSuchUnit:
                with pytest.raises(NoSuchUnit):
                    figure_at_once("T", unit, day)
                continue
            found = figure_at_once("T", unit, day)
            assert found is None or found == expected
        transaction.set_rollback(True)


def test_what_is_packed_comes_back_the_same() -> None:
    nodes = [Node(1, None, "country", "VN", True, date(2026, 1, 2), "Việt Nam"), Node(2, 1, "province", "P")]
    kept = Kept(7, (3,), Tree(nodes, 1), {1: Tally(list(range(13)), date(2026, 1, 2)), 2: Tally()})
    again = Kept.unpack(kept.pack())
    assert (again.ledger, again.courses, again.tallies) == (kept.ledger, kept.courses, kept.tallies)
    assert (again.tree.nodes, again.tree.top) == (kept.tree.nodes, kept.tree.top)


# The desk ---------------------------------------------------------------------------------------

TODAY = timezone.localdate()


@pytest.fixture
def large(monkeypatch) -> None:
    """A register of nine people is a large one."""
    monkeypatch.setattr("lms.coverage.kept.FEW", 3)


@pytest.fixture
def province(client, large):
    found = make.unit("P", kind="province")
    me = make.person("QL1")
    me.user = get_user_model().objects.create_user(me.code)
    me.save()
    make.role(me, found)
    client.force_login(me.user)
    course = Course.objects.create(code="B5", title="B5")
    record_fact(
        coverage.Target(
            code="T",
            name="T",
            audience_mask=make.mask("TTCN"),
            unit=found,
            courses=[course.code],
            period_start=TODAY.replace(month=1, day=1),
            period_end=TODAY.replace(month=12, day=31),
            grace_days=0,
        ),
        by="operator",
    )
    for number in range(9):
        make.posting(make.person(f"CB{number}"), make.unit(f"C{number}", found), "TTCN")
    return found


def trained(code: str) -> None:
    row = coverage.Evidence(
        person=roster.Person.objects.get(code=code),
        course=Course.objects.get(code="B5"),
        source="class",
        status="approved",
        outcome="passed",
        completed_on=TODAY,
        reference=f"R-{code}",
    )
    record_fact(row, by="operator")


@pytest.mark.django_db
def test_a_large_desk_says_that_it_is_counting_and_a_worker_makes_it_ready(client, province) -> None:
    page = client.get("/desk/")
    assert (page.status_code, page["Refresh"]) == (200, "3")
    assert "figure" not in page.context
    client.get("/desk/")
    assert Job.objects.filter(kind="coverage.keep_figures").count() == 1
    jobs.work_all()
    assert client.get("/desk/").context["figure"].required == 9


@pytest.mark.django_db
def test_what_comes_in_after_the_night_stands_on_the_desk_at_once(client, province) -> None:
    services.keep_figures_of_the_day(timezone.now())
    trained("CB3")
    figure = client.get("/desk/").context["figure"]
    assert figure == coverage_of("T", "P", TODAY, children=True)
    assert [child.trained for child in figure.children] == [0, 0, 0, 1, 0, 0, 0, 0, 0]


@pytest.mark.django_db
def test_a_kept_desk_costs_at_most_twelve_queries(client, province) -> None:
    services.keep_figures_of_the_day(timezone.now())
    for number in range(5):
        trained(f"CB{number}")
        both = make.person(f"B{number}")
        for unit in ("P", f"C{number}"):
            make.posting(both, roster.Unit.objects.get(code=unit), "TTCN")
        record_fact(
            roster.PersonMerge(person=roster.Person.objects.get(code=f"CB{number}"), same_as=both),
            by="operator",
        )
    with CaptureQueriesContext(connection) as seen:
        figure = client.get("/desk/").context["figure"]
    assert len(seen) <= 12, [query["sql"][:90] for query in seen]
    assert figure == coverage_of("T", "P", TODAY, children=True)


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["a unit is renamed", "the target has a new version"])
def test_where_everything_may_be_another_it_is_counted_again(client, province, what) -> None:
    services.keep_figures_of_the_day(timezone.now())
    if what == "a unit is renamed":
        correct_fact(roster.UnitSpan.objects.get(unit__code="C1"), {"name": "Xã Mới"}, by="operator")
    else:
        target = coverage.Target.objects.get()
        row = changed(target, {"version": 2, "public_id": uuid.uuid4(), "chain": uuid.uuid4()})
        record_fact(row, by="operator")
    assert "figure" not in client.get("/desk/").context
    jobs.work_all()
    assert client.get("/desk/").context["figure"] == coverage_of("T", "P", TODAY, children=True)


@pytest.mark.django_db
def test_the_evening_keeps_tomorrow_too_and_old_days_are_thrown_away(province) -> None:
    noon = timezone.make_aware(datetime.combine(TODAY, datetime.min.time())) + timedelta(hours=12)
    keep("T", TODAY - timedelta(days=3))
    KeptFigures.objects.update(kept_at=noon)
    services.keep_figures_of_the_day(noon)
    assert set(KeptFigures.objects.values_list("on", flat=True)) == {TODAY - timedelta(days=3), TODAY}
    KeptFigures.objects.exclude(on=TODAY).update(kept_at=noon - timedelta(days=2))
    services.keep_figures_of_the_day(noon + timedelta(hours=9))
    assert set(KeptFigures.objects.values_list("on", flat=True)) == {TODAY, TODAY + timedelta(days=1)}


@pytest.mark.django_db
def test_few_people_are_counted_and_nothing_is_kept(province, monkeypatch) -> None:
    monkeypatch.setattr("lms.coverage.kept.FEW", 9)
    services.keep_figures_of_the_day(timezone.now())
    assert not KeptFigures.objects.exists()
    assert figure_at_once("T", "P", TODAY) == coverage_of("T", "P", TODAY, children=True)


@pytest.mark.django_db
def test_a_few_people_of_a_large_register_are_counted_without_anything_kept(province) -> None:
    assert figure_at_once("T", "C3", TODAY) == coverage_of("T", "C3", TODAY, children=True)
    assert figure_at_once("T", "P", TODAY) is None


@pytest.mark.django_db
def test_figures_are_kept_once_a_day(province) -> None:
    target = coverage.Target.objects.get()
    KeptFigures.objects.create(target=target, on=TODAY, ledger=1, packed=b"")
    with refused("figures_are_kept_once_a_day"):
        KeptFigures.objects.create(target=target, on=TODAY, ledger=2, packed=b"")
