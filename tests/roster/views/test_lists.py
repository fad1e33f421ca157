"""Pages of the lists: who sees which, what the buttons do."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from lms.kernel.services import record_fact
from lms.roster.enums import Role
from lms.roster.models import Absence, Posting, RosterConfirmation
from tests.factories import roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return roster.unit("31", kind="province", name="Thành phố Hải Phòng")


@pytest.fixture
def commune(province):
    return roster.unit("A", province, name="Phường Kiến An")


@pytest.fixture
def officer(commune):
    who = roster.person("CB1", "Nguyễn Văn An")
    roster.posting(who, commune, "YT", title="Y sĩ")
    return who


@pytest.fixture
def signed_in(client):
    """Signs a new person in who holds a role."""

    def sign_in(unit=None, role=Role.UNIT_MANAGER):
        who = roster.person(full_name="Trần Thị Quản")
        who.user = get_user_model().objects.create_user(who.code)
        who.save()
        if unit is not None:
            roster.role(who, unit, role)
        client.force_login(who.user)
        return who

    return sign_in


def test_a_learner_has_no_staff_lists(client, signed_in):
    signed_in()
    assert client.get(reverse("roster:home")).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(reverse("roster:home")).status_code == 302


def test_the_lists_are_those_of_my_units_and_no_others(client, signed_in, commune, officer):
    stranger = roster.unit("B", name="Xã Bí Mật")
    roster.posting(roster.person(), stranger)
    signed_in(commune)
    page = client.get(reverse("roster:home")).content.decode()
    assert "Phường Kiến An" in page
    assert "Xã Bí Mật" not in page


def test_lists_are_found_by_name_whatever_the_tones(client, signed_in, province, commune, officer):
    other = roster.unit("B", province, name="Phường Lê Chân")
    roster.posting(roster.person(), other)
    signed_in(province)
    page = client.get(reverse("roster:home"), {"q": "kien an"}).content.decode()
    assert "Phường Kiến An" in page
    assert "Phường Lê Chân" not in page


def test_people_in_units_that_have_ended_are_told(client, signed_in, province):
    gone = roster.unit("OLD", province, until=timezone.localdate())
    roster.posting(roster.person(), gone)
    signed_in(province)
    assert client.get(reverse("roster:home")).context["astray"] == 1


@pytest.mark.parametrize("size", [1, 3])
def test_the_home_page_costs_the_same_for_one_unit_and_for_three(
    client, signed_in, province, size, django_assert_max_num_queries
):
    for number in range(size):
        roster.posting(roster.person(), roster.unit(f"U{number}", province))
    signed_in(province)
    with django_assert_max_num_queries(22):
        client.get(reverse("roster:home"))


def listed(client, **asked):
    return [row.unit_code for row in client.get(reverse("roster:home"), asked).context["rows"]]


def test_lists_are_told_apart_by_when_they_were_confirmed(client, signed_in, province):
    today = timezone.localdate()
    for code, ago in (("NEVER", None), ("OLD", 184), ("FRESH", 183)):
        unit = roster.unit(code, province)
        roster.posting(roster.person(), unit)
        if ago is not None:
            record_fact(RosterConfirmation(unit=unit, day=today - timedelta(days=ago)), by="operator")
    signed_in(province)
    page = client.get(reverse("roster:home"))
    assert [(key, count) for key, _word, count in page.context["states"]] == [
        ("never", 1), ("old", 1), ("fresh", 1),
    ]  # fmt: skip
    assert {state: listed(client, state=state) for state in ("never", "old", "fresh", "")} == {
        "never": ["NEVER"], "old": ["OLD"], "fresh": ["FRESH"], "": ["NEVER", "OLD", "FRESH"],
    }  # fmt: skip
    assert listed(client, state="nonsense") == []


def test_lists_come_twenty_five_at_a_time_and_each_once(client, signed_in, province):
    codes = [f"U{number:02}" for number in range(27)]
    for code in codes:
        roster.posting(roster.person(), roster.unit(code, province, name=f"Xã {code}"))
    signed_in(province)
    first = client.get(reverse("roster:home"))
    assert (listed(client), first.context["more"], first.context["last"]) == (codes[:25], 2, "U24")
    rest = client.get(reverse("roster:home"), {"after": "U24"})
    assert (listed(client, after="U24"), rest.context["more"]) == (codes[25:], 0)
    assert listed(client, q="u26", state="never") == ["U26"]


def test_a_manager_without_any_list_is_told_how_to_begin(client, signed_in, commune):
    signed_in(commune)
    page = client.get(reverse("roster:home")).content.decode()
    assert reverse("roster:upload", args=["roster"]) in page.split('class="empty"')[1]


def test_a_units_list_names_its_people(client, signed_in, commune, officer):
    signed_in(commune)
    page = client.get(reverse("roster:unit", args=["A"])).content.decode()
    assert "Nguyễn Văn An" in page
    assert "Y sĩ" in page


def test_a_unit_beyond_reach_does_not_exist(client, signed_in, province, commune):
    roster.unit("B", province)
    signed_in(commune)
    for code in ("B", "31", "NOPE"):
        assert client.get(reverse("roster:unit", args=[code])).status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_a_units_list_costs_the_same_for_one_person_and_for_three(
    client, signed_in, commune, size, django_assert_max_num_queries
):
    for _ in range(size):
        roster.posting(roster.person(), commune)
    signed_in(commune)
    with django_assert_max_num_queries(20):
        client.get(reverse("roster:unit", args=["A"]))


def test_confirming_records_who_and_when(client, signed_in, commune, officer):
    me = signed_in(commune)
    client.post(reverse("roster:confirm", args=["A"]))
    [row] = RosterConfirmation.objects.all()
    assert (row.unit, row.day, row.confirmed_by) == (commune, timezone.localdate(), me)


def test_confirming_is_no_link(client, signed_in, commune):
    signed_in(commune)
    assert client.get(reverse("roster:confirm", args=["A"])).status_code == 405


def test_an_administrator_does_not_confirm(client, signed_in, commune):
    signed_in(commune, Role.ADMINISTRATOR)
    assert client.post(reverse("roster:confirm", args=["A"])).status_code == 403


# One person -------------------------------------------------------------------------------------


def test_a_person_beyond_reach_does_not_exist(client, signed_in, province, commune, officer):
    signed_in(roster.unit("B", province))
    assert client.get(reverse("roster:person", args=[officer.public_id])).status_code == 404


def test_a_person_is_moved_to_a_unit_by_its_name(client, signed_in, province, commune, officer):
    other = roster.unit("B", province, name="Phường Lê Chân")
    signed_in(province)
    day = timezone.localdate()
    client.post(
        reverse("roster:person", args=[officer.public_id]),
        {"act": "move", "unit": "A", "to": "le chan", "on": day.isoformat()},
    )
    assert Posting.objects.current().on(day).get(person=officer).unit == other


def test_a_move_to_a_unit_beyond_reach_is_refused_as_unknown(client, signed_in, commune, officer):
    roster.unit("B", name="Phường Lê Chân")
    signed_in(commune)
    page = client.post(
        reverse("roster:person", args=[officer.public_id]),
        {"act": "move", "unit": "A", "to": "B", "on": timezone.localdate().isoformat()},
    )
    assert page.context["postings"][0][1]["move"].errors.keys() == {"to"}
    assert Posting.objects.current().get(person=officer).unit == commune


def test_a_posting_is_ended(client, signed_in, commune, officer):
    signed_in(commune)
    day = timezone.localdate()
    client.post(
        reverse("roster:person", args=[officer.public_id]),
        {"act": "end", "unit": "A", "on": day.isoformat(), "reason": "nghỉ hưu"},
    )
    assert Posting.objects.current().get(person=officer).until == day


def test_a_proposed_absence_waits_and_its_proposer_may_not_decide(client, signed_in, commune, officer):
    signed_in(commune)
    client.post(
        reverse("roster:person", args=[officer.public_id]),
        {"act": "absent", "unit": "A", "reason": "om_dai", "since": timezone.localdate().isoformat()},
    )
    [absence] = Absence.objects.all()
    assert absence.status == "proposed"
    client.post(reverse("roster:decide_absence", args=[absence.chain]), {"decision": "approve"})
    assert Absence.objects.current().get().status == "proposed"


@pytest.mark.parametrize(("decision", "status"), [("approve", "approved"), ("reject", "rejected")])
def test_a_second_person_decides(client, signed_in, commune, officer, decision, status):
    signed_in(commune, Role.REPORTING_OFFICER)
    absence = roster.absence(officer, since=timezone.localdate() - timedelta(days=1), status="proposed")
    assert "Nguyễn Văn An" in client.get(reverse("roster:absences")).content.decode()
    client.post(reverse("roster:decide_absence", args=[absence.chain]), {"decision": decision})
    assert Absence.objects.current().get().status == status


def test_an_absence_beyond_reach_does_not_exist(client, signed_in, officer):
    absence = roster.absence(officer, since=timezone.localdate(), status="proposed")
    signed_in(roster.unit("B"), Role.REPORTING_OFFICER)
    url = reverse("roster:decide_absence", args=[absence.chain])
    assert client.post(url, {"decision": "approve"}).status_code == 404


def test_a_post_that_was_recorded_wrongly_is_corrected_on_the_page(client, signed_in, officer, commune):
    signed_in(commune)
    posting = Posting.objects.current().get(person=officer)
    page = reverse("roster:person", args=[officer.public_id])
    answer = client.post(
        page,
        {
            "act": "correct",
            "posting": posting.pk,
            "since": "2025-06-01",
            "title": "Y sĩ",
            "audiences": ["YT", "LD"],
            "decision": "12/QĐ",
            "reason": "quyết định ghi tháng 6",
        },
    )
    assert answer.status_code == 302
    new = Posting.objects.current().get(person=officer)
    assert (new.chain, new.since.isoformat(), new.audience_mask) == (
        posting.chain,
        "2025-06-01",
        roster.mask("YT", "LD"),
    )


def test_a_post_of_a_unit_beyond_reach_is_not_offered_for_correction(client, signed_in, officer, province):
    elsewhere = roster.posting(officer, roster.unit("B", province), "YT")
    mine = roster.unit("C", province)
    roster.posting(officer, mine, "YT")
    signed_in(mine)
    page = reverse("roster:person", args=[officer.public_id])
    client.post(page, {"act": "correct", "posting": elsewhere.pk, "since": "2025-06-01", "reason": "x"})
    assert [post.id for post, _forms in client.get(page).context["postings"]] != [elsewhere.pk]
    assert Posting.objects.current().get(pk=elsewhere.pk).since == roster.LONG_AGO


def test_a_name_that_was_recorded_wrongly_is_corrected_on_the_page(client, signed_in, officer, commune):
    signed_in(commune)
    page = reverse("roster:person", args=[officer.public_id])
    client.post(page, {"act": "record", "full_name": "Nguyễn Văn Ân", "reason": "căn cước"})
    assert client.get(page).context["who"].full_name == "Nguyễn Văn Ân"
