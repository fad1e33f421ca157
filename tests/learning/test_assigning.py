"""A unit gives a course to its people: in their list with why and by when, once, and taken back whole."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from lms.kernel.services import record_fact
from lms.learning import queries, services
from lms.learning.enums import Reason
from lms.learning.errors import DueInThePast, NobodyChosen
from lms.learning.models import Assignment, Enrolment
from lms.learning.records import Assigned
from lms.notices.models import Notice
from lms.roster.enums import Role
from lms.roster.errors import NotPermitted
from tests.factories import content, roster
from tests.factories.learning import completion
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
DUE = date(2026, 12, 14)


@pytest.fixture
def commune():
    return roster.unit("X", name="Xã Bình Minh")


@pytest.fixture
def manager(commune):
    who = roster.person(full_name="Trần Văn Quản")
    roster.posting(who, commune)
    roster.role(who, commune)
    who.user = get_user_model().objects.create(username=who.code)
    who.save()
    return who


@pytest.fixture
def edition():
    return content.edition("TV")


def officer(where, name="Lê Thị Hoa"):
    who = roster.person(full_name=name)
    roster.posting(who, where)
    who.user = get_user_model().objects.create(username=who.code)
    who.save()
    return who


def assign(manager, *people, due=DUE, on=DAY) -> Assigned:
    ids = [who.pk for who in people]
    return services.assign_course(people=ids, course="TV", due=due, by=manager, on=on)


def test_each_is_asked_once_and_told_once(commune, manager, edition) -> None:
    people = officer(commune), officer(commune)
    assert assign(manager, *people) == Assigned(new=2, standing=0, done=0)
    assert assign(manager, *people) == Assigned(new=0, standing=2, done=0)
    assert (Assignment.objects.current().count(), Notice.objects.count()) == (2, 2)


def test_who_has_completed_the_course_is_not_asked(commune, manager, edition) -> None:
    done = officer(commune)
    completion(done, Assignment._meta.get_field("course").related_model.objects.get(code="TV"), on=DAY)
    assert assign(manager, done) == Assigned(new=0, standing=0, done=1)


@pytest.mark.parametrize(("later", "stands"), [(DUE - timedelta(days=5), -5), (DUE + timedelta(days=5), 0)])
def test_a_nearer_deadline_is_taken_over_a_later_one_is_not(later, stands, commune, manager, edition) -> None:
    who = officer(commune)
    assign(manager, who)
    assign(manager, who, due=later)
    assert Assignment.objects.current().get().due == DUE + timedelta(days=stands)


def test_beginning_what_is_assigned_begins_it_for_that_reason(commune, manager, edition) -> None:
    who = officer(commune)
    assign(manager, who)
    begun = services.enrol(person_id=who.pk, course="TV", on=DAY)
    assert (begun.reason, begun.due) == (Reason.MANAGER, DUE)


def test_taken_back_it_asks_and_tells_nobody_and_what_was_learned_stays(commune, manager, edition) -> None:
    who, begun = officer(commune), officer(commune)
    assign(manager, who, begun)
    services.enrol(person_id=begun.pk, course="TV", on=DAY)
    act = Assignment.objects.current().first().act
    assert services.take_back_assignments(act=act, by=manager, on=DAY) == 2
    assert queries.assigned_to(who.pk, DAY) == []
    assert (Notice.objects.count(), Assignment.objects.count()) == (0, 2)
    enrolment = Enrolment.objects.get(person=begun)
    assert (enrolment.due, enrolment.reason, enrolment.closed_on) == (None, Reason.SELF, None)
    assert services.take_back_assignments(act=act, by=manager, on=DAY) == 0


def test_completing_the_course_takes_it_off_the_list(commune, manager, edition) -> None:
    who = officer(commune)
    assign(manager, who)
    assert [ask.course_code for ask in queries.assigned_to(who.pk, DAY)] == ["TV"]
    completion(who, Assignment.objects.get().course, on=DAY)
    assert queries.assigned_to(who.pk, DAY) == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TRAINER, Role.ADMINISTRATOR])
def test_other_roles_assign_nothing(role, commune, edition) -> None:
    who = officer(commune)
    roster.role(who, commune, role)
    with pytest.raises(NotPermitted):
        assign(who, officer(commune))


def test_one_person_beyond_reach_refuses_all(commune, manager, edition) -> None:
    with pytest.raises(NotPermitted):
        assign(manager, officer(commune), officer(roster.unit("Y")))
    assert not Assignment.objects.exists()


def test_a_deadline_in_the_past_and_nobody_are_refused(commune, manager, edition) -> None:
    with pytest.raises(DueInThePast):
        assign(manager, officer(commune), due=DAY - timedelta(days=1))
    with pytest.raises(NobodyChosen):
        assign(manager)


# The page -------------------------------------------------------------------------------------------------


def test_the_page_ticks_those_who_have_not_learned_it(client, commune, manager, edition) -> None:
    today = timezone.localdate()
    fresh, asked, away = officer(commune, "Lê Thị Mới"), officer(commune, "Lê Thị Giao"), officer(commune)
    assign(manager, asked, due=None, on=today)
    roster.absence(away, since=today)
    client.force_login(manager.user)
    page = client.get("/desk/courses/?course=TV").content.decode()
    ticked = {who: f'value="{who.code}" checked' in page for who in (fresh, asked, away, manager)}
    assert ticked == {fresh: True, asked: False, away: False, manager: True}


def test_a_manager_assigns_and_takes_back(client, commune, manager, edition) -> None:
    who, due = officer(commune), timezone.localdate() + timedelta(days=20)
    client.force_login(manager.user)
    body = {"person": [who.code], "due": due.isoformat()}
    page = client.post("/desk/courses/?unit=X&course=TV", body, follow=True).content.decode()
    assert "Đã giao khóa học cho 1 người" in page
    learner = client.__class__()
    learner.force_login(who.user)
    todo = learner.get("/").content.decode()
    assert "Trần Văn Quản giao" in todo
    assert due.strftime("%d/%m/%Y") in todo
    act = Assignment.objects.current().get().act
    client.post(f"/desk/courses/{act}/undo/")
    assert "Trần Văn Quản giao" not in learner.get("/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_many_people(
    count, client, commune, manager, edition, django_assert_num_queries
) -> None:
    people = [officer(commune) for _number in range(count)]
    assign(manager, *people, on=timezone.localdate())
    client.force_login(manager.user)
    client.get("/desk/courses/")
    with django_assert_num_queries(24):
        client.get("/desk/courses/")


# What a target asks ---------------------------------------------------------------------------------------


def test_beginning_what_a_target_asks_begins_it_by_the_targets_last_day(commune, edition) -> None:
    from decimal import Decimal

    from lms.coverage.models import Target
    from lms.kernel.services import record_fact

    who = roster.person()
    roster.posting(who, commune, "QLNN")
    record_fact(
        Target(
            code="CT1", name="Chỉ tiêu năm", operator=">", value=Decimal(80), unit=commune, courses=["TV"],
            audience_mask=roster.mask("QLNN"), outcome="completed",
            period_start=date(2026, 1, 1), period_end=DUE,
        ),
        by="operator",
    )  # fmt: skip
    services.enrol(person_id=who.pk, course="TV", on=DAY)
    begun = Enrolment.objects.get()
    assert (begun.reason, begun.due) == (Reason.TARGET, DUE)


def test_a_unit_is_found_by_name_without_tones_within_reach_alone(client, commune, manager, edition) -> None:
    foreign = roster.unit("Y", name="Xã Bình Yên")
    client.force_login(manager.user)
    page = client.get("/desk/courses/", {"q": "binh"}).content.decode()
    found = [f"unit={unit.code}&amp;" in page.replace("&amp;amp;", "&amp;") for unit in (commune, foreign)]
    assert found == [True, False]
    assert "Không có đơn vị nào" in client.get("/desk/courses/", {"q": "khong co"}).content.decode()


# What the database keeps ----------------------------------------------------------------------------


def test_a_person_is_asked_to_learn_a_course_once_at_a_time(commune, edition) -> None:
    row = {"person": officer(commune), "course_id": edition.course, "since": DAY}
    record_fact(Assignment(**row), by="operator")
    with refused("person_is_asked_to_learn_a_course_once_at_a_time"):
        record_fact(Assignment(**row), by="operator")


def test_an_assignment_is_due_after_it_begins(commune, edition) -> None:
    row = {"person": officer(commune), "course_id": edition.course, "since": DAY}
    with refused("assignment_is_due_after_it_begins"):
        record_fact(Assignment(**row, due=DAY - timedelta(days=1)), by="operator")
