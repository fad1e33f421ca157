"""The way to the target: which steps, in which order, what each would make of the figure, and for whom."""

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.queries import outline
from content.records.editions import EditionListed
from lms.coverage.records import BySource, Figure, Freshness
from lms.learning import services as learning
from lms.learning.enums import Reason
from lms.learning.models import Enrolment
from lms.notices.models import Notice
from lms.portal.way import Kind, by_person, by_state
from lms.roster.enums import Role
from lms.roster.models import Person, Unit
from lms.roster.records import Reachable
from tests.factories import content as make_content
from tests.factories import roster as make

from .test_desk import country, manager, officers, province, target  # noqa: F401

FIGURE = Figure(
    target="T",
    unit="P",
    on=date(2026, 11, 1),
    ledger=1,
    required=20,
    trained=10,
    pending=2,
    expired=1,
    in_progress=3,
    not_started=4,
    excluded=0,
    in_grace=0,
    rate="50.0",
    met=False,
    short_by=7,
    attendances=10,
    by_source=BySource(),
    roster=Freshness(),
)

# Pure thought ------------------------------------------------------------------------------------


def test_the_figure_alone_gives_the_steps_and_where_the_target_is_met() -> None:
    steps = [(step.kind, step.count, step.trained, step.meets) for step in by_state(FIGURE)]
    assert steps == [
        (Kind.APPROVE, 2, 12, False),
        (Kind.LEARNING, 3, 15, False),
        (Kind.RENEW, 1, 16, False),
        (Kind.START, 4, 20, True),
    ]
    assert [step.share for step in by_state(FIGURE)] == [60, 75, 80, 100]
    assert [getattr(FIGURE, step.state) for step in by_state(FIGURE)] == [2, 3, 1, 4]


def test_people_who_were_looked_into_are_ranked_by_how_near_they_are() -> None:
    people = {"pending": ("A", "B"), "expired": ("C",), "in_progress": ("D", "E", "F")}
    figure = replace(FIGURE, people={**people, "not_started": ("G", "H", "I", "J")})
    contacts = [
        Reachable(number, code, has_phone=code != "H", has_email=False, came_in=code in "DEFG")
        for number, code in enumerate("DEFGHIJ")
    ]
    steps = by_person(figure, contacts, {0: 0.75, 1: 0.5, 2: 0.4})
    assert [(step.kind, step.people, step.trained, step.meets) for step in steps] == [
        (Kind.APPROVE, ("A", "B"), 12, False),
        (Kind.NEARLY, ("D", "E"), 14, False),
        (Kind.RENEW, ("C",), 15, False),
        (Kind.BEGUN, ("F",), 16, False),
        (Kind.HERE, ("G",), 17, True),
        (Kind.NEVER, ("H", "I", "J"), 20, False),
    ]
    assert steps[-1].without_phone == 1


@pytest.mark.parametrize("changes", [{"required": 0, "short_by": None}, {"short_by": None}])
def test_where_nobody_is_counted_or_the_target_cannot_be_met_there_is_no_way(changes: dict[str, int]) -> None:
    assert by_state(replace(FIGURE, **changes)) == []


# The page ----------------------------------------------------------------------------------------


@pytest.fixture
def course(db: None) -> EditionListed:
    return make_content.edition("B5", lessons=4)


@pytest.fixture
def people(course: EditionListed, province: Unit) -> dict[str, Person]:  # noqa: F811
    """One nearly done, one with a first lesson, one who has signed in, one who never has."""
    target("T1", province)
    return {name: _officer(name, province, course, done) for name, done in LESSONS.items()}


LESSONS = {"NEARLY": 3, "BEGUN": 1, "HERE": 0, "NEVER": 0}


def _officer(name: str, unit: Unit, course: EditionListed, lessons: int) -> Person:
    today, person = timezone.localdate(), make.person(name)
    make.posting(person, unit, "TTCN")
    if lessons:
        enrolment = learning.enrol(person_id=person.pk, course="B5", on=today)
        for lesson in outline(course).lessons[:lessons]:
            learning.finish_lesson(enrolment=enrolment, lesson=lesson, on=today)
    if name == "HERE":
        person.user = get_user_model().objects.create_user("here", last_login=timezone.now())
        person.save()
    return person


def test_the_way_ranks_who_is_nearly_done_before_who_has_never_come_in(client, manager, people) -> None:  # noqa: F811
    shown = client.get("/desk/way/").context["steps"]
    assert [(one.kind, one.step.people, one.step.without_phone) for one in shown] == [
        ("nearly", ("NEARLY",), 1),
        ("begun", ("BEGUN",), 1),
        ("here", ("HERE",), 1),
        ("never", ("NEVER",), 1),
    ]
    assert [one.step.meets for one in shown] == [False, False, False, True]


def test_a_step_opens_into_its_people_and_what_may_be_done_for_them(client, manager, people) -> None:  # noqa: F811
    page = client.get("/desk/way/", {"step": "never"})
    assert [person.code for person in page.context["people"]] == ["NEVER"]
    assert page.context["acts"] == {"remind", "enrol", "ask for codes"}
    assert client.get("/desk/way/", {"step": "nearly"}).context["acts"] == {"remind"}


def test_one_tap_enrols_the_people_of_a_step_until_the_end_of_the_period(client, manager, people) -> None:  # noqa: F811
    address = "/desk/way/enrol/"
    assert client.post(address, {"step": "never", "course": "B5"}).status_code == 302
    assert client.post(address, {"step": "never", "course": "B5"}).status_code == 302  # twice is once
    row = Enrolment.objects.get(person=people["NEVER"])
    assert (row.reason, row.since) == (Reason.MANAGER, timezone.localdate())
    assert row.due == max(date(2026, 12, 31), timezone.localdate())
    assert not Enrolment.objects.filter(person=people["HERE"]).exists()


def test_one_tap_reminds_the_people_of_a_step_and_twice_is_once(client, manager, people) -> None:  # noqa: F811
    for _ in range(2):
        assert client.post("/desk/way/remind/", {"step": "nearly"}).status_code == 302
    told = Notice.objects.values_list("person__code", "about", "due", "asked_by")
    assert list(told) == [("NEARLY", "target:T1", date(2026, 12, 31), manager.pk)]


@pytest.mark.parametrize("sent", [{"step": "nearly", "course": "B5"}, {"step": "never", "course": "X"}, {}])
def test_nobody_is_enrolled_in_what_the_target_does_not_ask_for(client, manager, people, sent) -> None:  # noqa: F811
    assert client.post("/desk/way/enrol/", sent).status_code == 404
    assert Enrolment.objects.filter(reason=Reason.MANAGER).count() == 0


def test_who_may_only_read_enrols_nobody(client: Client, province: Unit, people) -> None:  # noqa: F811
    auditor = make.person("KT1")
    auditor.user = get_user_model().objects.create_user(auditor.code)
    auditor.save()
    make.role(auditor, province, Role.AUDITOR)
    client.force_login(auditor.user)
    assert client.get("/desk/way/", {"step": "never"}).context["acts"] == frozenset()
    assert client.post("/desk/way/enrol/", {"step": "never", "course": "B5"}).status_code == 403
    assert client.post("/desk/way/remind/", {"step": "never"}).status_code == 403


def test_too_many_are_told_by_state_and_by_unit(client, manager, people, province, monkeypatch) -> None:  # noqa: F811
    commune = make.unit("C1", province, name="Xã Một")
    officers(commune, 2)
    monkeypatch.setattr("lms.portal.views.way.LOOKED_INTO", 3)
    page = client.get("/desk/way/")
    assert [(one.kind, one.step.count) for one in page.context["steps"]] == [("learning", 2), ("start", 4)]
    assert [line.name for line in page.context["below"]] == ["Xã Một"]


@pytest.mark.parametrize("step", ["", "never"])
def test_the_way_costs_the_same_for_few_and_for_many(client, manager, people, province, step) -> None:  # noqa: F811
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/desk/way/", {"step": step}).status_code == 200
        return len(seen)

    queries()  # an edition's outline is read once a process
    few = queries()
    officers(province, 30)
    assert queries() == few
    assert few <= 32


def test_a_step_of_the_desk_opens_the_nearest_of_the_steps_that_it_sums_up(client, manager, people) -> None:  # noqa: F811
    assert client.get("/desk/way/", {"step": "learning"}).context["chosen"].kind == Kind.NEARLY
    assert client.get("/desk/way/", {"step": "start"}).context["chosen"].kind == Kind.HERE
    assert client.get("/desk/way/", {"step": "nothing"}).context["chosen"] is None


def test_who_keeps_the_accounts_is_asked_once_a_day_to_print_codes(client, manager, people, province) -> None:  # noqa: F811
    keeper = make.person("QT1")
    make.role(keeper, province, Role.ADMINISTRATOR)
    assert "ask for codes" in client.get("/desk/way/", {"step": "never"}).context["acts"]
    for _ in range(2):
        assert client.post("/desk/way/codes/", {"step": "never"}).status_code == 302
    assert client.post("/desk/way/codes/", {"step": "here"}).status_code == 404
    asked = Notice.objects.values_list("person__code", "about", "url", "asked_by")
    assert list(asked) == [("QT1", "codes:P", "/desk/accounts/?state=never&unit=P", manager.pk)]


def test_where_nobody_keeps_the_accounts_the_page_says_so(client, manager, people) -> None:  # noqa: F811
    answer = client.post("/desk/way/codes/", {"step": "never"}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Notice.objects.count() == 0
