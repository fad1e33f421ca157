"""Two codes, one human being; the vault; confirmed lists."""

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag

from lms.kernel.models import LedgerEntry, LedgerReason
from lms.roster import services, vault
from lms.roster.enums import Role
from lms.roster.errors import DaysOutOfOrder, NotPermitted, ReasonNeeded, SameCode, SecondPersonNeeded
from lms.roster.models import NationalId, PersonMerge, RosterConfirmation
from lms.roster.queries import human_of, same_human
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def merge(person, same_as, by="operator"):
    return services.merge_people(person=person, same_as=same_as, reason="một người", by=by, today=TODAY)


def test_merged_codes_are_one_human_being():
    a, b = roster.person("A"), roster.person("B")
    merge(a, b)
    assert same_human(a, b)
    assert human_of(a) == human_of(b) == b.pk


def test_a_merger_taken_back_leaves_two_human_beings_and_its_trace():
    a, b = roster.person("A"), roster.person("B")
    row = merge(a, b)
    known = LedgerEntry.objects.count()
    with pytest.raises(ReasonNeeded):
        services.part_people(merge=row, reason=" ", by="operator", today=TODAY)
    services.part_people(merge=row, reason="nhầm", by="operator", today=TODAY)
    assert not same_human(a, b)
    assert PersonMerge.objects.known_at(known).get().same_as == b


def test_whoever_was_merged_before_follows_along():
    a, b, c = (roster.person(code) for code in "ABC")
    merge(a, b)
    merge(b, c)
    assert {human_of(x) for x in (a, b, c)} == {c.pk}
    assert PersonMerge.objects.current().filter(same_as=c).count() == 2


def test_merging_into_a_code_that_was_merged_leads_to_its_human_being():
    a, b, c = (roster.person(code) for code in "ABC")
    merge(a, b)
    merge(c, a)
    assert human_of(c) == b.pk


def test_what_is_merged_already_is_refused_either_way_round():
    a, b = roster.person("A"), roster.person("B")
    merge(a, b)
    for pair in ((a, b), (b, a), (a, a)):
        with pytest.raises(SameCode):
            merge(*pair)


def test_an_administrator_merges_whom_they_reach_and_a_code_without_posting():
    province = roster.unit("31", kind="province")
    administrator, here, idle, elsewhere = (roster.person() for _ in range(4))
    roster.role(administrator, province, Role.ADMINISTRATOR)
    roster.posting(here, province)
    roster.posting(elsewhere, roster.unit("79", kind="province"))
    merge(idle, here, by=administrator)
    with pytest.raises(NotPermitted):
        merge(elsewhere, here, by=administrator)


def test_a_manager_merges_nobody():
    commune = roster.unit("A")
    manager, a, b = (roster.person() for _ in range(3))
    roster.role(manager, commune)
    for who in (a, b):
        roster.posting(who, commune)
    with pytest.raises(NotPermitted):
        merge(a, b, by=manager)


# The vault --------------------------------------------------------------------------------------


def sealed(person, number="031080001234"):
    return NationalId.objects.create(
        person=person,
        sealed=vault.seal(number, person.public_id),
        fingerprint=vault.fingerprint(number),
    )


def test_a_sealed_number_opens_for_its_person_only():
    a, b = roster.person("A"), roster.person("B")
    row = sealed(a)
    assert vault.unseal(row.sealed, a.public_id) == "031080001234"
    with pytest.raises(InvalidTag):
        vault.unseal(row.sealed, b.public_id)


def test_the_same_number_has_the_same_fingerprint_and_never_the_same_seal():
    a = roster.person("A")
    assert vault.fingerprint("1") == vault.fingerprint("1")
    assert vault.fingerprint("1") != vault.fingerprint("2")
    assert vault.seal("1", a.public_id) != vault.seal("1", a.public_id)


def test_opening_a_number_needs_a_reason_and_is_recorded():
    who = roster.person("A")
    sealed(who)
    with pytest.raises(ReasonNeeded):
        services.open_national_id(person=who, reason=" ", by="operator", today=TODAY)
    number = services.open_national_id(person=who, reason="Đối chiếu hồ sơ", by="operator", today=TODAY)
    entry = LedgerEntry.objects.latest("number")
    assert number == "031080001234"
    assert (entry.type, entry.subject) == ("roster.nationalid.opened", who.public_id)
    assert LedgerReason.objects.get(entry=entry.pk).text == "Đối chiếu hồ sơ"


def test_a_manager_opens_no_number():
    commune, manager, who = roster.unit("A"), roster.person(), roster.person()
    roster.role(manager, commune)
    roster.posting(who, commune)
    sealed(who)
    with pytest.raises(NotPermitted):
        services.open_national_id(person=who, reason="x", by=manager, today=TODAY)


# Confirmed lists --------------------------------------------------------------------------------


def test_a_manager_confirms_the_list_of_their_unit_once_a_day():
    commune, manager = roster.unit("A"), roster.person()
    roster.role(manager, commune)
    for _ in range(2):
        services.confirm_roster(unit=commune, day=TODAY, by=manager, today=TODAY)
    assert [(row.day, row.confirmed_by) for row in RosterConfirmation.objects.all()] == [(TODAY, manager)]


def test_a_list_is_not_confirmed_for_a_day_to_come():
    with pytest.raises(DaysOutOfOrder):
        services.confirm_roster(unit=roster.unit("A"), day=date(2026, 12, 1), by="operator", today=TODAY)


def test_nobody_confirms_the_list_of_a_unit_beyond_their_reach():
    with pytest.raises(NotPermitted):
        services.confirm_roster(unit=roster.unit("A"), day=TODAY, by=roster.person(), today=TODAY)


def test_a_corrected_name_keeps_what_was_believed_and_is_found_by_its_new_sound():
    who = roster.person("A", "Nguyễn Văn Ân")
    row = services.correct_record(
        person=who,
        full_name=" Nguyễn  Văn An ",
        birth_date=date(1990, 1, 2),
        by="operator",
        today=TODAY,
        reason="giấy khai sinh",
    )
    assert (row.full_name, row.folded_name, row.birth_date) == (
        "Nguyễn Văn An",
        "nguyen van an",
        date(1990, 1, 2),
    )
    assert [old.full_name for old in who.records.order_by("recorded_entry")] == [
        "Nguyễn Văn Ân",
        "Nguyễn Văn An",
    ]


def test_nobody_corrects_their_own_name():
    me, unit = roster.person("A"), roster.unit()
    roster.posting(me, unit)
    roster.role(me, unit)
    with pytest.raises(SecondPersonNeeded):
        services.correct_record(
            person=me, full_name="X", birth_date=None, by=me, today=TODAY, reason="vì tôi biết"
        )
