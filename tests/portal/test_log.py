"""The audit log: who did what, within the reader's reach."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model

from lms.kernel.facts import fact_models
from lms.portal.auditlog import ACTS, KINDS, SHOWN, log_within
from lms.roster import services
from lms.roster.enums import Role
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def province():
    return roster.unit("31", kind="province", name="Hải Phòng")


@pytest.fixture
def commune(province):
    return roster.unit("A", province, name="Phường Kiến An")


@pytest.fixture
def auditor(commune):
    who = roster.person("KT", "Lê Kiểm Toán")
    roster.role(who, commune, Role.AUDITOR)
    return who


def officer(unit, name="Nguyễn Văn An"):
    who = roster.person(full_name=name)
    roster.posting(who, unit)
    return who


def told(me, **more):
    return [(line.about, line.kind, line.act) for line in log_within(me, TODAY, **more).lines]


def test_every_kind_of_fact_has_a_word(settings):
    assert set(fact_models()) - set(KINDS) == set()


def test_a_posting_within_reach_is_told_and_one_beside_it_is_not(province, commune, auditor):
    officer(commune)
    officer(roster.unit("B", province), "Đỗ Bí Mật")
    lines = told(auditor)
    assert ("Nguyễn Văn An", str(KINDS["roster.posting"]), str(ACTS["recorded"])) in lines
    assert [line for line in lines if "Bí Mật" in line[0]] == []


def test_the_reason_and_who_acted_stand_beside_it(province, commune, auditor):
    manager = officer(commune, "Trần Quản Lý")
    roster.role(manager, commune)
    posting = officer(commune).postings.get()
    services.end_posting(posting=posting, on=TODAY, by=manager, today=TODAY, reason="nghỉ hưu")
    line = next(one for one in log_within(auditor, TODAY).lines if one.act == str(ACTS["corrected"]))
    assert (line.actor, line.reason) == ("Trần Quản Lý", "nghỉ hưu")


def test_what_somebody_of_mine_did_to_somebody_beyond_reach_is_not_told(province, commune, auditor):
    manager = officer(commune, "Trần Quản Lý")
    elsewhere = roster.unit("B", province)
    roster.role(manager, elsewhere)
    stranger = officer(elsewhere, "Đỗ Bí Mật")
    services.end_posting(posting=stranger.postings.get(), on=TODAY, by=manager, today=TODAY, reason="bí mật")
    assert [line for line in log_within(auditor, TODAY).lines if line.reason] == []


def test_pages_follow_each_other_without_loss_or_repetition(commune, auditor):
    for _ in range(SHOWN):
        officer(commune)
    seen, before = [], None
    while True:
        page = log_within(auditor, TODAY, before=before)
        seen += [line.id for line in page.lines]
        if page.before is None:
            break
        before = page.before
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 2 * SHOWN + 2


def test_only_who_may_read_the_log_opens_it(client, commune, auditor):
    for who, status in ((auditor, 200), (officer(commune), 403)):
        who.user = get_user_model().objects.create_user(who.code)
        who.save()
        client.force_login(who.user)
        assert client.get("/desk/log/").status_code == status


@pytest.mark.parametrize("size", [1, 30])
def test_the_page_costs_the_same_for_one_person_and_for_thirty(
    commune, auditor, size, django_assert_max_num_queries
):
    for _ in range(size):
        officer(commune)
    with django_assert_max_num_queries(16):
        log_within(auditor, TODAY)
