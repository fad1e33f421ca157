"""Telling people: once a person, thing and day, and only people of one's own."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model

from lms.notices import queries, services
from lms.notices.enums import Subject
from lms.notices.gathering import gather
from lms.notices.models import Notice
from lms.notices.records import About, Reminded
from lms.roster.enums import Role
from lms.roster.errors import NotPermitted
from tests.factories import content, roster
from tests.factories.learning import course

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
TARGET = About("target:CT1", "Tập huấn 2026", "/", date(2026, 12, 14))


@pytest.fixture
def commune():
    return roster.unit("X")


@pytest.fixture
def manager(commune):
    who = roster.person(full_name="Trần Văn Quản")
    roster.posting(who, commune)
    roster.role(who, commune)
    return who


def officer(where, name="Lê Thị Hoa"):
    who = roster.person(full_name=name)
    roster.posting(who, where)
    return who


def test_a_reminder_tells_each_person_once_a_day(commune, manager) -> None:
    people = [officer(commune).pk, officer(commune).pk]
    assert services.remind(people, about=TARGET, by=manager, on=DAY) == Reminded(told=2, before=0, away=0)
    assert services.remind(people, about=TARGET, by=manager, on=DAY) == Reminded(told=0, before=2, away=0)
    again = services.remind(people, about=TARGET, by=manager, on=DAY + timedelta(days=1))
    assert again == Reminded(told=2, before=0, away=0)


def test_who_is_away_with_approval_is_left_in_peace(commune, manager) -> None:
    away, here = officer(commune), officer(commune)
    roster.absence(away, since=DAY - timedelta(days=3))
    told = services.remind([away.pk, here.pk], about=TARGET, by=manager, on=DAY)
    assert told == Reminded(told=1, before=0, away=1)
    assert [notice.person for notice in Notice.objects.all()] == [here]


def test_somebody_beyond_ones_reach_stops_the_whole_reminder(commune, manager) -> None:
    mine, foreign = officer(commune), officer(roster.unit("Y"))
    with pytest.raises(NotPermitted):
        services.remind([mine.pk, foreign.pk], about=TARGET, by=manager, on=DAY)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TRAINER, Role.ADMINISTRATOR])
def test_other_roles_remind_nobody(role, commune) -> None:
    who = officer(commune)
    roster.role(who, commune, role)
    with pytest.raises(NotPermitted):
        services.remind([officer(commune).pk], about=TARGET, by=who, on=DAY)


def test_a_notice_names_who_asked_and_by_when(commune, manager) -> None:
    who = officer(commune)
    services.remind([who.pk], about=TARGET, by=manager, on=DAY)
    [line] = queries.new_notices(who.pk)
    assert line.words == "Trần Văn Quản nhắc anh/chị: Tập huấn 2026, hạn 14/12/2026."


# Gathered -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "told"), [(15, 0), (14, 1), (7, 1), (1, 1), (0, 0)])
def test_a_course_that_is_due_is_told_of_fourteen_seven_and_one_day_before(days, told, commune) -> None:
    from lms.learning.services import enrol

    who, edition = officer(commune), content.edition("HAN")
    enrol(person_id=who.pk, course=edition.code, on=DAY, due=DAY + timedelta(days=days))
    assert (gather(on=DAY), gather(on=DAY)) == (told, 0)
    assert Notice.objects.filter(person=who, subject=Subject.DEADLINE).count() == told


def test_a_target_that_ends_is_told_to_those_who_are_not_done(commune) -> None:
    from decimal import Decimal

    from lms.coverage.models import Target
    from lms.coverage.services import record_online_evidence
    from lms.kernel.services import record_fact

    what = course("CT")
    record_fact(
        Target(
            code="CT1", name="Chỉ tiêu năm", operator=">", value=Decimal(80), unit=commune, courses=["CT"],
            audience_mask=roster.mask("QLNN"), outcome="completed",
            period_start=date(2026, 1, 1), period_end=DAY + timedelta(days=30),
        ),
        by="operator",
    )  # fmt: skip
    done, open_ = roster.person(), roster.person()
    for who in (done, open_):
        roster.posting(who, commune, "QLNN")
    record_online_evidence(
        person_id=done.pk, course_id=what.pk, edition=1, level="co_ban", hours=None, score=None,
        outcome="passed", completed_on=DAY, reference="platform:CT:1", by="platform",
    )  # fmt: skip
    assert (gather(on=DAY), gather(on=DAY)) == (1, 0)
    assert Notice.objects.get().person == open_


@pytest.fixture
def contest(commune, manager):
    """Raised on Friday 20 November: the 24th is a holiday, so that it is due on Wednesday the 25th."""
    from lms.coverage.enums import About as Asked
    from lms.coverage.services import contest_fact

    who = officer(commune)
    row = contest_fact(
        person=who, about=Asked.MISSING, contested=None, words="Thiếu lớp tháng 5.", today=DAY, by=who
    )
    Notice.objects.all().delete()
    return row


@pytest.mark.parametrize(("days", "told"), [(1, 0), (2, 0), (3, 1), (4, 0), (5, 1), (8, 0), (10, 1)])
def test_who_must_answer_a_request_is_told_from_the_eve_on_each_working_day(
    days, told, contest, manager
) -> None:
    on = DAY + timedelta(days=days)
    assert (gather(on=on), gather(on=on)) == (told, 0)
    assert [notice.person for notice in Notice.objects.all()] == [manager] * told


def test_a_request_that_waits_too_long_says_so(contest, manager) -> None:
    gather(on=contest.due + timedelta(days=1))
    [line] = queries.new_notices(manager.pk)
    assert line.words == "Yêu cầu xem lại đã quá hạn trả lời 25/11/2026 và vẫn đang chờ anh/chị."


def test_a_request_that_was_answered_is_told_no_more(contest, manager) -> None:
    from lms.coverage.services import answer_contest

    answer_contest(contest=contest, corrected=False, answer="Đã kiểm tra.", by=manager, today=DAY)
    Notice.objects.all().delete()
    assert gather(on=contest.due) == 0


# The page -------------------------------------------------------------------------------------------------


def signed_in(client, who):
    who.user = get_user_model().objects.create(username=who.code)
    who.save()
    client.force_login(who.user)
    return client


def test_the_page_marks_what_is_new_once(client, commune, manager) -> None:
    who = officer(commune)
    services.remind([who.pk], about=TARGET, by=manager, on=DAY)
    page = signed_in(client, who)
    assert "note--new" in page.get("/notices/").content.decode()
    assert "note--new" not in page.get("/notices/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_many_notices(count, client, commune, manager, django_assert_num_queries):
    who = officer(commune)
    for number in range(count):
        about = About(f"course:{number}", "Bài")
        services.remind([who.pk], about=about, by=manager, on=DAY)
    page = signed_in(client, who)
    page.get("/notices/")
    with django_assert_num_queries(7):
        page.get("/notices/")
