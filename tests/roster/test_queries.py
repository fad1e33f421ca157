"""Named reads of the register."""

from datetime import date

import pytest

from lms.kernel.folding import fold
from lms.kernel.services import record_fact
from lms.roster import queries
from lms.roster.errors import NoSuchUnitOnDay
from lms.roster.models import Person, RosterConfirmation, Unit, UnitSpan
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
MERGER = date(2025, 7, 1)


@pytest.fixture
def country() -> Unit:
    return roster.unit("VN", kind="country", name="Việt Nam")


@pytest.fixture
def province(country) -> Unit:
    return roster.unit("31", country, kind="province", name="Thành phố Hải Phòng")


def codes(rows):
    return sorted(row.code for row in rows)


def test_units_below_are_the_unit_and_its_subtree_of_the_day(country, province):
    roster.unit("79", country, kind="province")
    district = roster.unit("303", province, kind="district", until=MERGER)
    commune = roster.unit("11308", district, until=MERGER)
    roster.unit("11308", province, since=MERGER)
    assert codes(queries.units_below([province.pk], date(2025, 6, 30))) == ["11308", "303", "31"]
    assert codes(queries.units_below([province.pk], MERGER)) == ["11308", "31"]
    assert codes(queries.units_below([commune.pk], MERGER)) == ["11308"]


def test_units_below_of_nothing_are_nothing(province):
    assert codes(queries.units_below([], TODAY)) == []


def test_a_unit_on_a_day_has_the_name_of_that_day(province):
    ward = roster.unit("11311", province, name="Phường Quán Toan", until=MERGER)
    roster.unit("11311", province, name="Phường Hồng Bàng", since=MERGER)
    assert queries.unit_on(ward, date(2025, 6, 30)).name == "Phường Quán Toan"
    assert queries.unit_on(ward, MERGER).name == "Phường Hồng Bàng"


def test_a_unit_that_has_ended_is_refused_on_the_day_it_ends(province):
    ward = roster.unit("X", province, until=MERGER)
    with pytest.raises(NoSuchUnitOnDay) as refusal:
        queries.unit_on(ward, MERGER)
    assert refusal.value.code == "no_such_unit_on_day"


def test_a_path_leads_from_the_root_to_the_unit(province):
    ward = roster.unit("W", province)
    assert [unit.code for unit in queries.path_of(ward, TODAY)] == ["VN", "31", "W"]


def test_a_path_is_empty_where_the_unit_did_not_exist(province):
    ward = roster.unit("W", province, since=TODAY)
    assert queries.path_of(ward, MERGER) == []


@pytest.mark.parametrize("size", [1, 3])
def test_paths_cost_one_query_however_many_units(province, size, django_assert_num_queries):
    wards = [roster.unit(f"W{n}", province) for n in range(size)]
    with django_assert_num_queries(1):
        assert len(queries.paths_of([ward.pk for ward in wards], TODAY)) == size


def test_children_are_those_directly_below(country, province):
    roster.unit("W", province)
    assert [unit.code for unit in queries.children_of(country, TODAY)] == ["31"]


@pytest.mark.parametrize("typed", ["Hòa Bình", "Hoà Bình", "hoa binh", "HOA  BINH"])
def test_units_are_found_whatever_the_tones_and_where_they_stand(province, typed):
    roster.unit("11533", province, name="Phường Hòa Bình")
    [found] = queries.search_units(typed, TODAY, among=Unit.objects.all())
    assert (found.unit.code, found.above) == ("11533", ("Thành phố Hải Phòng", "Việt Nam"))


def test_units_with_a_word_that_begins_so_come_first(province):
    roster.unit("1", province, name="Xã Tân An")
    roster.unit("2", province, name="Xã An Lão")
    roster.unit("3", province, name="Xã Thanh")
    assert [f.unit.code for f in queries.search_units("an", TODAY, among=Unit.objects.all())] == [
        "2", "1", "31", "3",
    ]  # fmt: skip


def test_units_are_sought_only_among_those_within_reach(province):
    secret = roster.unit("1", province, name="Xã An Lão")
    among = Unit.objects.exclude(pk=secret.pk)
    assert queries.search_units("an lao", TODAY, among=among) == []


def test_a_search_for_a_percent_sign_finds_no_unit(province):
    assert queries.search_units("%", TODAY, among=Unit.objects.all()) == []


def test_people_are_found_by_words_in_any_order_and_by_code(province):
    roster.posting(roster.person("HP-001", "Đỗ Thị Thủy"), province)
    roster.posting(roster.person("HP-002", "Nguyễn Văn An"), province)
    everybody = Person.objects.all()
    assert [p.code for p in queries.search_people("thuỷ do", TODAY, among=everybody)] == ["HP-001"]
    assert [p.code for p in queries.search_people("hp-002", TODAY, among=everybody)] == ["HP-002"]


def test_people_are_sorted_by_given_name(province):
    for name in ("Nguyễn Văn Bình", "Vũ Thị An", "Đỗ Văn An"):
        roster.person(full_name=name)
    assert [p.full_name for p in queries.people_on(Person.objects.all(), TODAY)] == [
        "Đỗ Văn An", "Vũ Thị An", "Nguyễn Văn Bình",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 3])
def test_people_with_their_postings_cost_four_queries(province, size, django_assert_num_queries):
    for _ in range(size):
        roster.posting(roster.person(), province, "YT")
    with django_assert_num_queries(4):
        assert len(queries.people_on(Person.objects.all(), TODAY)) == size


def test_postings_on_a_day_name_the_unit_and_audiences_of_that_day(province):
    ward = roster.unit("11311", province, name="Phường Quán Toan", until=MERGER)
    roster.unit("11311", province, name="Phường Hồng Bàng", since=MERGER)
    who = roster.person()
    roster.posting(who, ward, "QLNN", "YT", title="Công chức")
    [posting] = queries.postings_on(who, TODAY)
    assert (posting.unit_name, posting.title, posting.audiences) == (
        "Phường Hồng Bàng", "Công chức", ("QLNN", "YT"),
    )  # fmt: skip


def test_the_history_names_each_unit_as_it_was_last_called_then(province):
    ward = roster.unit("11311", province, name="Phường Quán Toan", until=MERGER)
    roster.unit("11311", province, name="Phường Hồng Bàng", since=MERGER)
    who = roster.person()
    roster.posting(who, ward, until=MERGER)
    roster.posting(who, ward, since=MERGER)
    assert [posting.unit_name for posting in queries.posting_history(who)] == [
        "Phường Quán Toan", "Phường Hồng Bàng",
    ]  # fmt: skip


def test_freshness_lists_units_with_people_the_never_confirmed_first(province):
    old, new, never = (roster.unit(code, province) for code in ("O", "N", "X"))
    roster.unit("EMPTY", province)
    for ward in (old, new, never):
        roster.posting(roster.person(), ward)
    for ward, day in ((old, date(2026, 2, 1)), (new, date(2026, 5, 1)), (new, date(2026, 11, 1))):
        record_fact(RosterConfirmation(unit=ward, day=day), by="operator")
    rows = queries.roster_freshness(province, TODAY)
    assert [(row.unit_code, row.people, row.confirmed_on) for row in rows] == [
        ("X", 1, None), ("O", 1, date(2026, 2, 1)), ("N", 1, date(2026, 11, 1)),
    ]  # fmt: skip


def test_a_confirmation_of_a_later_day_does_not_make_an_earlier_day_fresh(province):
    roster.posting(roster.person(), province)
    record_fact(RosterConfirmation(unit=province, day=TODAY), by="operator")
    assert queries.roster_freshness(province, date(2026, 11, 21))[0].confirmed_on is None


def test_postings_in_units_that_ended_are_found(province):
    gone = roster.unit("G", province, until=MERGER)
    left = roster.posting(roster.person(), gone)
    roster.posting(roster.person(), province)
    assert list(queries.postings_without_a_unit(TODAY)) == [left]


def test_a_superseded_span_is_not_read(province):
    ward = roster.unit("W", province)
    UnitSpan.objects.filter(unit=ward).update(recorded_entry=1, superseded_entry=2)
    assert codes(queries.units_below([province.pk], TODAY)) == ["31"]


def test_the_mask_of_codes_and_the_codes_of_a_mask_are_inverse():
    mask = queries.audience_mask(["YT", "QLNN"])
    assert queries.audience_codes(mask) == ("QLNN", "YT")


def test_names_are_ordered_by_given_name_then_the_rest():
    assert queries.name_order("Đỗ Văn An") == ("an", fold("Đỗ Văn An"))
