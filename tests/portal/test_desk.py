"""The manager's desk: what it shows, to whom, and what it costs."""

import re
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.models import Course
from lms.coverage.models import Evidence, Target
from lms.kernel.services import record_fact
from lms.roster.models import Person, PersonMerge, Posting, RosterConfirmation, Unit
from tests.factories import roster as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def country() -> Unit:
    return make.unit("VN", kind="country", name="Việt Nam")


@pytest.fixture
def province(country: Unit) -> Unit:
    return make.unit("P", country, kind="province", name="Tỉnh P")


@pytest.fixture
def manager(client: Client, province: Unit) -> Person:
    me = make.person("QL1")
    me.user = get_user_model().objects.create_user(me.code)
    me.save()
    make.role(me, province)
    client.force_login(me.user)
    return me


def target(code: str, unit: Unit) -> None:
    course, _new = Course.objects.get_or_create(code="B5", defaults={"title": "B5"})
    row = Target(
        code=code,
        name=f"Chỉ tiêu {code}",
        audience_mask=make.mask("TTCN"),
        unit=unit,
        courses=[course.code],
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
    )
    record_fact(row, by="operator")


def officers(unit: Unit, count: int = 1) -> None:
    for _ in range(count):
        make.posting(make.person(), unit, "TTCN")


# Who sees what ----------------------------------------------------------------------------------


def test_without_a_unit_the_highest_of_my_roles_is_shown(client, manager, province) -> None:
    make.role(manager, make.unit("C", province))
    target("T", province)
    page = client.get("/desk/")
    assert page.context["place"].unit.code == "P"


def test_a_unit_below_mine_is_shown_with_the_way_from_mine_down_to_it(client, manager, province) -> None:
    make.unit("C", province)
    target("T", province)
    place = client.get("/desk/", {"unit": "C"}).context["place"]
    assert [step.code for step in place.path] == ["P", "C"]


@pytest.mark.parametrize("code", ["VN", "OTHER", "NONE"])
def test_a_unit_above_beside_or_nowhere_does_not_exist(client, manager, province, country, code) -> None:
    make.unit("OTHER", country)
    target("T", country)
    assert client.get("/desk/", {"unit": code}).status_code == 404


def test_a_unit_that_was_below_mine_is_found_on_a_day_of_then(client, manager, province, country) -> None:
    make.unit("C", province, until=date(2026, 7, 1))
    make.unit("C", country, since=date(2026, 7, 1))
    target("T", country)
    assert client.get("/desk/", {"unit": "C", "on": "2026-06-30"}).status_code == 200
    assert client.get("/desk/", {"unit": "C", "on": "2026-07-01"}).status_code == 404


def test_without_a_role_the_desk_is_closed(client, province) -> None:
    user = get_user_model().objects.create_user("nobody")
    client.force_login(user)
    assert client.get("/desk/").status_code == 403


def test_a_role_that_ended_yesterday_opens_nothing_today(client, province) -> None:
    me = make.person()
    me.user = get_user_model().objects.create_user(me.code)
    me.save()
    make.role(me, province, until=date(2026, 1, 2))
    client.force_login(me.user)
    assert client.get("/desk/").status_code == 403


def test_a_role_that_ended_shows_no_day_of_the_past_either(client, province) -> None:  # A8
    me = make.person()
    me.user = get_user_model().objects.create_user(me.code)
    me.save()
    make.role(me, province, until=date(2026, 1, 2))
    target("T", province)
    client.force_login(me.user)
    for page in ("/desk/", "/desk/people/"):
        assert client.get(page, {"on": "2026-01-01", "target": "T"}).status_code == 403


def test_targets_of_units_above_of_this_one_and_below_are_offered_and_no_others(
    client, manager, province, country
) -> None:
    commune, beside = make.unit("C", province), make.unit("Q", country, kind="province")
    for code, unit in (("T1", country), ("T2", province), ("T3", commune), ("T4", beside)):
        target(code, unit)
    place = client.get("/desk/").context["place"]
    assert [found.code for found in place.targets] == ["T1", "T2", "T3"]


def test_a_target_about_other_units_is_not_found(client, manager, province, country) -> None:
    target("T4", make.unit("Q", country, kind="province"))
    assert client.get("/desk/", {"target": "T4"}).status_code == 404


def test_the_units_below_are_called_as_they_were_on_the_day(client, manager, province) -> None:
    commune = make.unit("C", province, name="Xã Cũ", until=date(2026, 7, 1))
    make.unit("C", province, name="Phường Mới", since=date(2026, 7, 1))
    target("T", province)
    officers(commune)
    names = [
        [line.name for line in client.get("/desk/", {"on": day}).context["lines"]]
        for day in ("2026-06-30", "2026-07-01")
    ]
    assert names == [["Xã Cũ"], ["Phường Mới"]]


# Cost -------------------------------------------------------------------------------------------


def queries_of(client: Client, address: str, **asked: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address, asked).status_code == 200
    return len(seen)


@pytest.mark.parametrize("size", [1, 3, 60])
def test_the_desk_costs_at_most_twelve_queries_at_any_size(client, manager, province, country, size) -> None:
    """With many units, people with two posts, codes that are one person, and many targets."""
    units = [make.unit(f"C{number}", province) for number in range(size)]
    for number, unit in enumerate(units):
        officers(unit)
        both, code = make.person(), make.person()
        for post in (unit, province):
            make.posting(both, post, "TTCN")
        make.posting(code, unit, "TTCN")
        record_fact(PersonMerge(person=code, same_as=both), by="operator")
        target(f"T{number}", (country, province, unit)[number % 3])
    assert queries_of(client, "/desk/") <= 12
    assert queries_of(client, "/desk/", unit="C0") <= 12
    assert queries_of(client, "/desk/", unit="C0", on="2026-02-01", target="T0") <= 12


# How fresh the lists are ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confirmed", "status"),
    [
        ([], "soon"),
        ([date(2025, 12, 31)], "soon"),
        ([date(2026, 1, 1)], "good"),
    ],
    ids=["never", "before the period", "in the period"],
)
@pytest.mark.parametrize("page", ["", "people/", "way/"])
def test_a_rate_that_meets_its_target_is_green_only_on_a_confirmed_list(
    client, manager, province, page, confirmed, status
) -> None:
    target("T", province)
    officers(province)
    course = Course.objects.get(code="B5")
    for post in Posting.objects.current():
        evidence = Evidence(
            person=post.person,
            course=course,
            source="class",
            completed_on=date(2026, 5, 1),
            outcome="passed",
            status="approved",
        )
        record_fact(evidence, by="operator")
    for day in confirmed:
        record_fact(RosterConfirmation(unit=province, day=day), by="operator")
    shown = client.get(f"/desk/{page}", {"unit": "P", "on": "2026-06-14", "target": "T"})
    figure = re.search(r'class="figure[ "].*?class="status ([^"]*)"', shown.content.decode(), re.DOTALL)
    assert (shown.context["figure"].met, figure and figure[1]) == (True, f"status--{status}")


def test_every_state_of_the_desk_opens_the_list_behind_its_number(client, manager, province) -> None:
    target("T1", province)
    officers(province, 2)
    make.posting(make.person("MOI"), province, "TTCN", since=timezone.localdate())
    page = client.get("/desk/").content.decode()
    day = timezone.localdate().isoformat()
    opened = set(re.findall(r"/desk/people/\?([^\"]*state=\w+)", page.replace("&amp;", "&")))
    place = f"unit=P&on={day}&target=T1"
    assert opened == {f"{place}&state=not_started", f"{place}&state=in_grace"}
    listed = client.get(f"/desk/people/?{place}&state=in_grace")
    assert [line.code for line in listed.context["people"]] == ["MOI"]
