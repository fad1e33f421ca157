"""Beginning, moving and ending postings."""

from datetime import date

import pytest

from lms.kernel.models import LedgerEntry
from lms.roster import services
from lms.roster.errors import (
    AlreadyThere,
    DaysOutOfOrder,
    NotPermitted,
    OutsideUnitLife,
    PostingNotOpen,
    ReasonNeeded,
    SecondPersonNeeded,
    SeveralPostings,
)
from lms.roster.models import Posting
from lms.roster.signals import posting_changed
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY, DAY = date(2026, 11, 22), date(2026, 11, 1)


@pytest.fixture
def province():
    return roster.unit("31", kind="province")


@pytest.fixture
def units(province):
    return roster.unit("A", province), roster.unit("B", province)


@pytest.fixture
def officer(units):
    who = roster.person("CB1")
    roster.posting(who, units[0], "YT", title="Y sĩ")
    return who


@pytest.fixture
def manager(province):
    who = roster.person("QL1")
    roster.role(who, province)
    return who


def spans(person):
    rows = Posting.objects.current().filter(person=person).order_by("since")
    return [(row.unit.code, row.since, row.until) for row in rows]


def test_a_move_ends_the_old_posting_and_begins_the_new_on_the_same_day(officer, units):
    new = services.move_person(person=officer, to=units[1], on=DAY, by="operator", today=TODAY)
    assert spans(officer) == [("A", roster.LONG_AGO, DAY), ("B", DAY, None)]
    assert (new.title, new.audience_mask) == ("Y sĩ", roster.mask("YT"))


def test_a_move_keeps_what_was_believed_before(officer, units):
    before = LedgerEntry.objects.count()
    services.move_person(person=officer, to=units[1], on=DAY, by="operator", today=TODAY)
    assert Posting.objects.known_at(before).get(person=officer).until is None


def test_a_move_is_announced_for_both_postings(officer, units):
    heard = []

    def listen(**news):
        heard.append((news["person_id"], news["unit_code"], news["on"]))

    posting_changed.connect(listen)
    try:
        services.move_person(person=officer, to=units[1], on=DAY, by="operator", today=TODAY)
    finally:
        posting_changed.disconnect(listen)
    assert heard == [(officer.pk, "A", DAY), (officer.pk, "B", DAY)]


def test_a_move_of_somebody_with_two_postings_must_say_which(officer, units):
    roster.posting(officer, units[1])
    with pytest.raises(SeveralPostings):
        services.move_person(person=officer, to=roster.unit("C"), on=DAY, by="operator", today=TODAY)


def test_a_move_of_somebody_without_a_posting_is_refused(units):
    with pytest.raises(PostingNotOpen):
        services.move_person(person=roster.person(), to=units[1], on=DAY, by="operator", today=TODAY)


def test_a_move_into_the_same_unit_is_refused(officer, units):
    with pytest.raises(AlreadyThere):
        services.move_person(person=officer, to=units[0], on=DAY, by="operator", today=TODAY)


def test_a_move_into_a_unit_that_has_ended_is_refused(officer, province):
    gone = roster.unit("OLD", province, until=DAY)
    with pytest.raises(OutsideUnitLife):
        services.move_person(person=officer, to=gone, on=DAY, by="operator", today=TODAY)


def test_a_manager_moves_people_within_their_units_and_not_out_of_them(officer, units, province):
    manager = roster.person("QL")
    roster.role(manager, units[0])
    with pytest.raises(NotPermitted):
        services.move_person(person=officer, to=units[1], on=DAY, by=manager, today=TODAY)
    roster.role(manager, province)
    services.move_person(person=officer, to=units[1], on=DAY, by=manager, today=TODAY)
    assert LedgerEntry.objects.latest("number").actor == "QL"


def test_ending_a_posting_ends_it_on_the_day(officer, units):
    [posting] = officer.postings.all()
    services.end_posting(posting=posting, on=DAY, by="operator", today=TODAY)
    assert spans(officer) == [("A", roster.LONG_AGO, DAY)]


def test_ending_a_posting_on_its_first_day_withdraws_it(officer):
    [posting] = officer.postings.all()
    services.end_posting(posting=posting, on=roster.LONG_AGO, by="operator", today=TODAY)
    assert spans(officer) == []


def test_a_posting_that_has_ended_does_not_end_again(officer, units):
    gone = roster.posting(roster.person(), units[0], until=DAY)
    with pytest.raises(PostingNotOpen):
        services.end_posting(posting=gone, on=TODAY, by="operator", today=TODAY)


def test_a_posting_begins_beside_others(officer, units):
    services.start_posting(person=officer, unit=units[1], since=DAY, by="operator", today=TODAY)
    assert spans(officer) == [("A", roster.LONG_AGO, None), ("B", DAY, None)]


def test_a_posting_is_begun_once(officer, units):
    with pytest.raises(AlreadyThere):
        services.start_posting(
            person=officer, unit=units[0], since=roster.LONG_AGO, by="operator", today=TODAY
        )


def test_a_posting_that_ends_before_it_begins_is_refused(officer, units):
    with pytest.raises(DaysOutOfOrder):
        services.start_posting(
            person=officer, unit=units[1], since=DAY, until=DAY, by="operator", today=TODAY
        )


# What was recorded wrongly ----------------------------------------------------------------------


def corrected(posting, by, **fields):
    said = {
        "since": posting.since,
        "until": posting.until,
        "title": posting.title,
        "audience_mask": posting.audience_mask,
        "decision": posting.decision,
        "reason": "Quyết định ghi tháng 6",
    }
    return services.correct_posting(posting=posting, by=by, today=TODAY, **{**said, **fields})


def test_a_corrected_post_keeps_what_was_believed(officer, manager):
    old = Posting.objects.current().get(person=officer)
    new = corrected(old, manager, since=date(2025, 8, 1), title="Công chức")
    assert (new.since, new.title, new.chain) == (date(2025, 8, 1), "Công chức", old.chain)
    assert Posting.objects.filter(chain=old.chain).count() == 2


def test_a_correction_without_a_reason_is_refused(officer, manager):
    with pytest.raises(ReasonNeeded):
        corrected(Posting.objects.current().get(person=officer), manager, reason=" ")


def test_nobody_corrects_their_own_post(units, manager):
    own = roster.posting(manager, units[0])
    with pytest.raises(SecondPersonNeeded):
        corrected(own, manager, since=date(2026, 1, 1))


def test_a_post_is_not_corrected_to_days_on_which_its_unit_was_not_there(officer, manager):
    with pytest.raises(OutsideUnitLife):
        corrected(Posting.objects.current().get(person=officer), manager, since=date(1999, 1, 1))


def test_who_keeps_another_list_corrects_nothing(officer):
    with pytest.raises(NotPermitted):
        corrected(Posting.objects.current().get(person=officer), roster.person())
