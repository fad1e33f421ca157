"""Names written to deceive: backwards, with signs that nobody sees, in pieces, as markup, as log lines."""

import logging
import unicodedata
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from certificates.layouts import unprintable
from lms.kernel.folding import clean_text, fold
from lms.roster import services
from lms.roster.enums import Role
from lms.roster.errors import NameNeeded
from lms.roster.models import PersonRecord
from tests.accounts.conftest import officer
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
PLAIN = "Nguyễn Thị Hoà"
TRICKS = {
    "right to left": f"\u202e{PLAIN}\u202c",
    "isolated": f"\u2067{PLAIN}\u2069",
    "Arabic mark": f"\u061c{PLAIN}",
    "zero width": "Nguyễn\u200b Th\u200dị Ho\u2060à\ufeff",
    "soft hyphen": "Ngu\u00adyễn Thị Hoà",
    "joiner": "Nguyễn\u034f Thị Hoà",
    "variant": "Nguyễn\ufe0f Thị Hoà",
    "filler": "Nguyễn\u3164 Thị Hoà",
    "tags": "Nguyễn\U000e0041 Thị Hoà",
    "decomposed": unicodedata.normalize("NFD", PLAIN),
    "no-break": "Nguyễn\u00a0Thị\u2003 Hoà",
    "lines": "Nguyễn\nThị\r\n\tHoà",
    "controls": "Nguyễn\x1b Thị\x00 Hoà",
}


@pytest.mark.parametrize("typed", TRICKS.values(), ids=TRICKS)
def test_each_is_the_plain_name_once_it_is_stored_and_found_by_its_sound(typed):
    assert clean_text(typed) == PLAIN
    assert fold(typed) == "nguyen thi hoa"


@pytest.mark.parametrize("typed", TRICKS.values(), ids=TRICKS)
def test_a_name_that_is_corrected_on_a_page_is_stored_plain(client, typed):
    unit = roster.unit("A")
    keeper, who = officer("QL"), roster.person("CB1", "Nguyễn Thị Hoa")
    roster.posting(keeper, unit)
    roster.posting(who, unit)
    roster.role(keeper, unit, Role.UNIT_MANAGER)
    services.correct_record(
        person=who, full_name=typed, birth_date=None, by=keeper, today=TODAY, reason="giấy khai sinh"
    )
    assert PersonRecord.objects.current().get(person=who).full_name == PLAIN
    client.force_login(keeper.user)
    page = client.get(reverse("roster:person", kwargs={"public_id": who.public_id})).content.decode()
    assert PLAIN in page
    assert not any(sign in page for sign in "\u202e\u2067\u200b\u2060\ufeff\u3164\x1b\x00")


@pytest.mark.parametrize("typed", ["\u200b", "\u202e\u202c", "\u3164 \ufe0f"])
def test_a_name_of_nothing_that_can_be_seen_is_refused(typed):
    who = roster.person("CB1")
    with pytest.raises(NameNeeded):
        services.correct_record(
            person=who, full_name=typed, birth_date=None, by="operator", today=TODAY, reason="x"
        )


def test_markup_in_a_name_is_text_on_every_page_that_shows_it(client):
    unit, evil = roster.unit("A"), '<b>An</b>"><script>alert(1)</script>'
    keeper, who = officer("QL"), officer("CB1", evil)
    for one in (keeper, who):
        roster.posting(one, unit)
    for role in (Role.UNIT_MANAGER, Role.ADMINISTRATOR):
        roster.role(keeper, unit, role)
    client.force_login(keeper.user)
    person = {"public_id": who.public_id}
    shown = 0
    for url in (
        reverse("roster:person", kwargs=person),
        reverse("roster:unit", args=["A"]),
        reverse("roster:accounts"),
        reverse("roster:account", kwargs=person),
        reverse("roster:roles"),
    ):
        page = client.get(url).content.decode()
        assert "<script>alert(1)" not in page, url
        shown += "&lt;b&gt;An&lt;/b&gt;" in page
    own = Client()
    own.force_login(who.user)
    assert "<script>alert(1)" not in own.get(reverse("security")).content.decode()
    assert shown >= 4


@pytest.mark.parametrize("sign", ["\u202e", "\u2067", "\u061c", "\u200b", "\ufeff", "\u3164", "\x1b"])
def test_what_could_not_be_seen_on_a_paper_is_named_before_it_is_printed(sign):
    """Rows that came in past the pages: the paper refuses what its fonts do not show."""
    assert unprintable(f"Nguyễn {sign}Thị Hoà") == sign


def test_a_name_at_the_door_writes_no_line_of_its_own_into_a_log(caplog):
    caplog.set_level(logging.DEBUG)
    forged = "HP0001\n2026-06-14 08:00:00 ERROR django forged\x1b[31m\u202e"
    browser = Client()
    for _ in range(12):
        browser.post(reverse("account_login"), {"login": forged, "password": "sai-het-ca-roi"})
        browser.post(reverse("first_code"), {"name": forged, "code": "0000-0000-0000"})
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert [record for record in ours if record.name == "lms.accounts.limits"]
    for record in ours:
        line = record.getMessage()
        assert "forged" not in line
        assert not any(sign in line for sign in "\x1b\u202e")
