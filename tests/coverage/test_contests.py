"""Contesting a fact: who may, what of, by when it is answered, by whom, and what the answer must keep to."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from freezegun import freeze_time

from content.models import Course
from lms.coverage import contests, queries, services
from lms.coverage.enums import About, ContestStatus
from lms.coverage.errors import (
    AlreadyAnswered,
    AlreadyContested,
    NothingCorrected,
    NothingOfYours,
    NoUnitToAsk,
    TooManyContests,
    WordsNeeded,
)
from lms.coverage.models import Contest, Evidence
from lms.coverage.signals import contest_answered, fact_contested
from lms.kernel import verification
from lms.kernel.models import LedgerEntry
from lms.kernel.services import correct_fact, erase_facts, record_fact
from lms.roster.errors import NotPermitted, SecondPersonNeeded
from lms.roster.models import Person, PersonMerge, PersonRecord, Posting, Unit
from tests.factories import roster as make
from tests.refusals import refused

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


@pytest.fixture
def province() -> Unit:
    return make.unit("P", kind="province", name="Tỉnh P")


@pytest.fixture
def commune(province: Unit) -> Unit:
    return make.unit("C", province, name="Xã C")


@pytest.fixture
def officer(commune: Unit) -> Person:
    who = make.person("CB1", "Nguyễn Thị Ngân")
    make.posting(who, commune, "YT", title="Y sĩ")
    return who


@pytest.fixture
def manager(commune: Unit) -> Person:
    who = make.person("QL1", "Trần Văn Quản")
    make.posting(who, commune)
    make.role(who, commune)
    return who


@pytest.fixture
def training(officer: Person) -> Evidence:
    course = Course.objects.create(code="B5", title="Khóa B5")
    row = Evidence(
        person=officer,
        course=course,
        source="external",
        completed_on=date(2026, 9, 16),
        outcome="passed",
        status="declared",
        reference="GCN 12",
    )
    return record_fact(row, by="operator")


def asked(person: Person, fact: Any = None, *, by: Any = None, **said: Any) -> Contest:
    about = {Evidence: About.EVIDENCE, Posting: About.POSTING, PersonRecord: About.RECORD}
    return services.contest_fact(
        **{
            "person": person,
            "about": about[type(fact)] if fact else About.MISSING,
            "contested": fact.chain if fact else None,
            "words": "Quyết định ghi tháng 6",
            "today": MONDAY,
            "by": by or person,
            **said,
        }
    )


def answered(contest: Contest, by: Any, *, corrected: bool = False, **said: Any) -> Contest:
    return services.answer_contest(
        **{
            "contest": contest,
            "corrected": corrected,
            "answer": "Theo quyết định 12/QĐ",
            "by": by,
            "today": date(2026, 11, 17),
            **said,
        }
    )


def post_of(person: Person) -> Posting:
    return Posting.objects.current().get(person=person)


def signed_in(client: Client, person: Person) -> Client:
    person.user = get_user_model().objects.create_user(person.code)
    person.save()
    client.force_login(person.user)
    return client


# Asking -----------------------------------------------------------------------------------------


def test_a_contest_goes_to_the_unit_of_the_post_with_an_entry_in_the_ledger(officer, commune) -> None:
    row = asked(officer, post_of(officer))
    assert (row.unit, row.status, row.contested) == (commune, ContestStatus.WAITING, post_of(officer).chain)
    assert LedgerEntry.objects.get(number=row.recorded).type == "coverage.contest.recorded"


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (date(2026, 11, 16), date(2026, 11, 18)),  # Monday: Wednesday
        (date(2026, 11, 19), date(2026, 11, 23)),  # Thursday: over the weekend
        (date(2026, 11, 21), date(2026, 11, 25)),  # Saturday; the 24th is a holiday
        (date(2026, 2, 13), date(2026, 2, 24)),  # Tết
        (date(2026, 8, 28), date(2026, 9, 4)),  # 31 August is a day off that was moved
    ],
)
def test_the_answer_is_due_in_two_working_days(officer, opened, due) -> None:
    assert asked(officer, today=opened).due == due


def test_nobody_contests_for_somebody_else(officer, manager) -> None:
    with pytest.raises(NotPermitted):
        asked(officer, post_of(officer), by=manager)


def test_what_is_recorded_about_somebody_else_is_not_yours_to_contest(officer, manager) -> None:
    with pytest.raises(NothingOfYours):
        asked(officer, post_of(manager))


def test_a_fact_under_the_kind_of_another_is_not_found(officer) -> None:
    with pytest.raises(NothingOfYours):
        asked(officer, post_of(officer), about=About.EVIDENCE)


def test_a_fact_is_contested_once_at_a_time_and_again_after_the_answer(officer, manager) -> None:
    first = asked(officer, post_of(officer))
    with pytest.raises(AlreadyContested):
        asked(officer, post_of(officer))
    answered(first, manager)
    assert asked(officer, post_of(officer)).chain != first.chain


def test_at_most_ten_requests_wait_at_a_time(officer) -> None:
    for _ in range(10):
        asked(officer)
    with pytest.raises(TooManyContests):
        asked(officer)


def test_a_request_without_words_is_refused(officer) -> None:
    with pytest.raises(WordsNeeded):
        asked(officer, words="  ")


def test_who_was_never_on_any_list_has_nobody_to_ask() -> None:
    with pytest.raises(NoUnitToAsk):
        asked(make.person())


def test_who_has_left_asks_the_unit_that_had_them_last(commune, province) -> None:
    who = make.person()
    make.posting(who, province, until=date(2024, 1, 1))
    make.posting(who, commune, since=date(2024, 1, 1), until=date(2025, 1, 1))
    assert asked(who).unit == commune


def test_a_fact_under_another_code_of_the_same_human_being_can_be_contested(officer, commune) -> None:
    other = make.person("CB2")
    post = make.posting(other, commune, since=date(2021, 1, 1))
    record_fact(PersonMerge(person=other, same_as=officer), by="operator")
    assert asked(officer, post).contested == post.chain


def test_the_person_may_take_it_back_and_nobody_else(officer, manager) -> None:
    row = asked(officer)
    with pytest.raises(NotPermitted):
        services.take_contest_back(contest=row, by=manager, today=MONDAY)
    assert services.take_contest_back(contest=row, by=officer, today=MONDAY).status == "taken_back"


# Answering --------------------------------------------------------------------------------------


def test_the_manager_keeps_the_record_and_says_why(officer, manager) -> None:
    row = answered(asked(officer, post_of(officer)), manager)
    assert (row.status, row.answered_by, row.answered_on) == ("confirmed", manager, date(2026, 11, 17))


def test_the_answer_that_it_was_corrected_is_refused_where_nothing_changed(officer, manager) -> None:
    row = asked(officer, post_of(officer))
    with pytest.raises(NothingCorrected):
        answered(row, manager, corrected=True)


def test_after_a_correction_of_the_post_the_answer_says_so(officer, manager) -> None:
    row = asked(officer, post_of(officer))
    correct_fact(post_of(officer), {"since": date(2025, 6, 1)}, by=manager)
    assert answered(row, manager, corrected=True).status == "corrected"


def test_a_correction_from_before_the_request_is_none(officer, manager) -> None:
    correct_fact(post_of(officer), {"since": date(2025, 6, 1)}, by=manager)
    with pytest.raises(NothingCorrected):
        answered(asked(officer, post_of(officer)), manager, corrected=True)


def test_what_was_missing_is_corrected_once_something_is_recorded(officer, manager, province) -> None:
    row = asked(officer)
    with pytest.raises(NothingCorrected):
        answered(row, manager, corrected=True)
    make.posting(officer, province)
    assert answered(row, manager, corrected=True).status == "corrected"


def test_nobody_answers_their_own_request_under_whatever_code(manager, commune) -> None:
    row = asked(manager, post_of(manager))
    with pytest.raises(SecondPersonNeeded):
        answered(row, manager)


def test_the_manager_of_another_unit_answers_nothing(officer, province) -> None:
    other = make.person()
    make.role(other, make.unit("D", province))
    with pytest.raises(NotPermitted):
        answered(asked(officer), other)


def test_the_manager_above_may_answer(officer, province) -> None:
    above = make.person()
    make.role(above, province)
    assert answered(asked(officer), above).answered_by == above


def test_where_the_unit_has_no_manager_the_nearest_unit_above_that_has_one_is_asked(
    officer, province, commune
) -> None:
    make.role(make.person(), make.unit("VN", kind="country"))
    above = make.person()
    make.role(above, province)
    row = asked(officer, post_of(officer))
    assert row.unit == province
    assert answered(row, above).answered_by == above


def test_what_the_units_only_manager_contests_goes_to_the_unit_above(manager, province) -> None:
    make.role(make.person(), province)
    assert asked(manager, post_of(manager)).unit == province


def test_a_manager_who_has_left_is_asked_no_more(officer, manager, province) -> None:
    make.role(make.person(), province)
    correct_fact(post_of(manager), {"until": date(2026, 11, 1)}, by="operator")
    assert asked(officer, post_of(officer)).unit == province


def test_where_nobody_could_answer_the_unit_itself_is_asked(officer, commune) -> None:
    assert asked(officer, post_of(officer)).unit == commune


def test_the_manager_of_the_unit_to_which_somebody_moved_may_answer(officer, province) -> None:
    row = asked(officer, post_of(officer))
    there = make.unit("D", province)
    make.posting(officer, there, since=MONDAY)
    new = make.person()
    make.role(new, there)
    assert answered(row, new).answered_by == new


def test_an_answer_is_given_once(officer, manager) -> None:
    row = answered(asked(officer), manager)
    with pytest.raises(AlreadyAnswered):
        answered(row, manager)


def test_an_answer_has_words(officer, manager) -> None:
    with pytest.raises(WordsNeeded):
        answered(asked(officer), manager, answer=" ")


def test_asking_and_answering_are_told_without_anybodys_words(officer, manager) -> None:
    heard: list[Any] = []

    def hear(sender: Any, contest: Any, **kwargs: Any) -> None:
        heard.append((contest.person_id, contest.status))

    for signal in (fact_contested, contest_answered):
        signal.connect(hear, weak=False)
    answered(asked(officer), manager)
    for signal in (fact_contested, contest_answered):
        signal.disconnect(hear)
    assert heard == [(officer.pk, "waiting"), (officer.pk, "confirmed")]


def test_erasure_takes_the_words_and_leaves_that_it_was_asked_and_answered(officer, manager) -> None:
    row = answered(asked(officer, post_of(officer)), manager)
    erase_facts([row], by="operator")
    found = Contest.objects.current().get()
    assert (found.words, found.answer, found.status) == ("", "", "confirmed")
    assert verification.examine([], None).findings == []


# The database's promises ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("contest_names_a_fact_or_says_that_one_is_missing", {"about": "posting"}),
        ("contest_names_a_fact_or_says_that_one_is_missing", {"contested": uuid4()}),
        ("contest_is_due_after_it_was_opened", {"due": MONDAY}),
        ("contest_waits_or_was_answered_on_a_day", {"answered_on": MONDAY}),
        ("contest_waits_or_was_answered_on_a_day", {"status": "confirmed"}),
    ],
)
def test_the_database_keeps_what_a_contest_is(officer, commune, constraint, fields) -> None:
    row = Contest(
        **{
            "person": officer,
            "unit": commune,
            "about": "missing",
            "opened_on": MONDAY,
            "due": date(2026, 11, 18),
            **fields,
        }
    )
    with refused(constraint):
        record_fact(row, by="operator")


def test_the_database_keeps_that_somebody_else_answers(officer, commune) -> None:
    row = Contest(
        person=officer,
        unit=commune,
        about="missing",
        opened_on=MONDAY,
        due=date(2026, 11, 18),
        status="confirmed",
        answered_on=MONDAY,
        answered_by=officer,
    )
    with refused("contest_is_answered_by_somebody_else"):
        record_fact(row, by="operator")


def test_the_database_keeps_one_open_contest_of_a_fact(officer, commune) -> None:
    asked(officer, post_of(officer))
    row = Contest(
        person=officer,
        unit=commune,
        about="posting",
        contested=post_of(officer).chain,
        opened_on=MONDAY,
        due=date(2026, 11, 18),
    )
    with refused("fact_is_contested_once_at_a_time"):
        record_fact(row, by="operator")


# Pages ------------------------------------------------------------------------------------------


def test_the_form_offers_what_is_recorded_about_me_and_sends_it(client, officer, training) -> None:
    signed_in(client, officer)
    page = client.get(reverse("coverage:contest"), {"fact": f"evidence:{training.chain}"})
    for words in ("Nguyễn Thị Ngân", "Y sĩ, Xã C", "Khóa B5"):
        assert words in page.text
    sent = client.post(
        reverse("coverage:contest"), {"fact": f"evidence:{training.chain}", "words": "Lớp hai ngày"}
    )
    assert sent.url == f"{reverse('portal:record')}#contests"
    assert Contest.objects.current().get().contested == training.chain
    assert "Lớp hai ngày" in client.get(reverse("portal:record")).text


def test_a_refusal_stands_on_the_form(client, officer) -> None:
    signed_in(client, officer)
    post = post_of(officer)
    asked(officer, post)
    page = client.post(reverse("coverage:contest"), {"fact": f"posting:{post.chain}", "words": "x"})
    assert page.context["form"].non_field_errors() == [str(AlreadyContested())]


def test_a_fact_of_somebody_else_is_no_choice(client, officer, manager) -> None:
    signed_in(client, officer)
    sent = {"fact": f"posting:{post_of(manager).chain}", "words": "x"}
    assert client.post(reverse("coverage:contest"), sent).context["form"].errors.keys() == {"fact"}


def test_another_persons_request_cannot_be_taken_back_and_does_not_exist(client, officer, manager) -> None:
    row = asked(officer)
    signed_in(client, manager)
    assert client.post(reverse("coverage:take_back_contest", args=[row.chain])).status_code == 404


def test_the_person_sees_the_answer_in_their_record(client, officer, manager) -> None:
    answered(asked(officer), manager, answer="Đã có trong sổ từ hôm nay")
    assert "Đã có trong sổ từ hôm nay" in signed_in(client, officer).get(reverse("portal:record")).text


@freeze_time("2026-11-23 08:00:00")
def test_the_manager_sees_what_waits_the_nearest_deadline_first_and_what_is_overdue(
    client, officer, manager
) -> None:
    late = asked(officer, today=date(2026, 11, 16))
    asked(officer, post_of(officer), today=date(2026, 11, 20))
    page = signed_in(client, manager).get(reverse("coverage:contests"))
    assert [(row.chain == late.chain, row.overdue) for row in page.context["waiting"]] == [
        (True, True),
        (False, False),
    ]


def test_a_contest_beyond_reach_does_not_exist(client, officer, province) -> None:
    row = asked(officer)
    other = make.person()
    make.role(other, make.unit("D", province))
    signed_in(client, other)
    assert client.get(reverse("coverage:answer_contest", args=[row.chain])).status_code == 404
    assert client.get(reverse("coverage:contests")).context["waiting"] == []


@pytest.mark.parametrize("role", ["auditor", "reporting_officer", "administrator"])
def test_other_roles_answer_nothing(client, commune, role) -> None:
    who = make.person()
    make.role(who, commune, role)
    assert signed_in(client, who).get(reverse("coverage:contests")).status_code == 403


def test_the_manager_approves_what_waits_and_answers(client, officer, manager, training) -> None:
    row = asked(officer, training)
    page = reverse("coverage:answer_contest", args=[row.chain])
    signed_in(client, manager)
    client.post(page, {"act": "approve"})
    assert Evidence.objects.current().get().status == "approved"
    client.post(page, {"act": "answer", "outcome": "corrected", "answer": "Đã duyệt"})
    assert Contest.objects.current().get().status == "corrected"


def test_the_manager_records_what_is_missing_and_a_second_person_must_approve_it(
    client, officer, manager, training
) -> None:
    page = reverse("coverage:answer_contest", args=[asked(officer).chain])
    signed_in(client, manager).post(
        page,
        {
            "act": "declare",
            "course": "B5",
            "source": "class",
            "completed_on": "2026-09-20",
            "outcome": "completed",
            "reference": "QĐ 7",
        },
    )
    row = Evidence.objects.current().get(reference="QĐ 7")
    assert (row.person, row.status, row.declared_by) == (officer, "declared", manager)


def test_the_manager_revokes_what_never_was(client, officer, manager, training) -> None:
    approved = correct_fact(training, {"status": "approved"}, by="operator")
    page = reverse("coverage:answer_contest", args=[asked(officer, approved).chain])
    signed_in(client, manager).post(page, {"act": "revoke", "on": "2026-09-16", "reason": "nhầm người"})
    assert Evidence.objects.current().get().revoked_on == date(2026, 9, 16)


def test_the_manager_cannot_answer_themselves_on_the_page_either(client, manager) -> None:
    page = reverse("coverage:answer_contest", args=[asked(manager).chain])
    signed_in(client, manager).post(page, {"act": "answer", "outcome": "confirmed", "answer": "đúng rồi"})
    assert Contest.objects.current().get().status == "waiting"


# Cost -------------------------------------------------------------------------------------------


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_list_costs_the_same_with_one_and_with_three_requests(client, officer, manager, commune) -> None:
    signed_in(client, manager)
    asked(officer, post_of(officer))
    client.get(reverse("coverage:contests"))
    one = cost(client, reverse("coverage:contests"))
    for number in range(2):
        other = make.person(f"X{number}")
        asked(other, make.posting(other, commune))
    assert cost(client, reverse("coverage:contests")) == one


def test_my_requests_cost_the_same_with_one_and_with_three(officer, django_assert_num_queries) -> None:
    asked(officer, post_of(officer))
    with CaptureQueriesContext(connection) as seen:
        assert len(queries.contests_of(officer.pk, MONDAY)) == 1
    asked(officer)
    asked(officer, PersonRecord.objects.current().get(person=officer))
    with django_assert_num_queries(len(seen)):
        assert len(contests.contests_of(officer.pk, MONDAY)) == 3
