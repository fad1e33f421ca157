"""Pages of files that are sent: looked at, applied, refused."""

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms.roster.enums import Role
from lms.roster.models import Person, PersonMerge, Posting, UnitSpan, Upload
from tests.factories import roster

pytestmark = pytest.mark.django_db
HEAD = "mã cán bộ,họ và tên,mã đơn vị,từ ngày\n"


@pytest.fixture
def province():
    return roster.unit("31", kind="province", name="Thành phố Hải Phòng")


@pytest.fixture
def commune(province):
    return roster.unit("A", province, name="Phường Kiến An")


def signed_in(client, unit, role=Role.UNIT_MANAGER):
    who = roster.person(full_name="Trần Thị Quản")
    who.user = get_user_model().objects.create_user(who.code)
    who.save()
    roster.role(who, unit, role)
    client.force_login(who.user)
    return who


def send(client, text, kind="roster", name="danh-sach.csv", **data):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return client.post(
        reverse("roster:upload", args=[kind]), {"file": file, "mode": "add", **data}, follow=True
    )


def test_a_file_is_looked_at_before_anything_is_written(client, commune):
    signed_in(client, commune)
    page = send(client, HEAD + "CB1,Nguyễn Văn An,A,01/01/2026\n")
    assert [count for _word, count in page.context["counts"]] == [1, 0, 0, 0]
    assert "Phường Kiến An" in page.content.decode()
    assert not Posting.objects.exists()


def test_applying_writes_what_was_shown(client, commune):
    signed_in(client, commune)
    send(client, HEAD + "CB1,Nguyễn Văn An,A,01/01/2026\n")
    client.post(reverse("roster:apply", args=[Upload.objects.get().public_id]), {"act": "apply"})
    assert Posting.objects.get().person.code == "CB1"


def test_a_file_may_be_thrown_away(client, commune):
    signed_in(client, commune)
    send(client, HEAD + "CB1,Nguyễn Văn An,A,01/01/2026\n")
    client.post(reverse("roster:apply", args=[Upload.objects.get().public_id]), {"act": "discard"})
    assert (Upload.objects.count(), Posting.objects.count()) == (0, 0)


def test_faults_are_shown_by_line_and_vietnamese_column(client, commune):
    signed_in(client, commune)
    page = send(client, HEAD + "CB1,Nguyễn Văn An,A,01/01/2026\nCB2,Lê B,B,01/01/2026\n")
    told = [(line, [column for column, _why in wrong]) for line, wrong in page.context["fault_rows"]]
    assert told == [(3, ["mã đơn vị"])]
    assert "act" not in page.content.decode().split("<main")[1].split("fault")[0]


def test_a_file_that_is_no_table_is_refused_with_a_sentence(client, commune):
    signed_in(client, commune)
    page = send(client, "")
    assert page.context["form"].errors.keys() == {"file"}
    page = send(client, "hallo\n")
    assert page.context["fault_rows"] != []


def test_somebody_elses_file_does_not_exist(client, commune):
    signed_in(client, commune)
    send(client, HEAD + "CB1,Nguyễn Văn An,A,01/01/2026\n")
    kept = Upload.objects.get()
    signed_in(client, commune)
    assert client.get(reverse("roster:uploaded", args=[kept.public_id])).status_code == 404
    assert client.post(reverse("roster:apply", args=[kept.public_id])).status_code == 404


def test_a_whole_staff_needs_its_unit_and_day(client, commune):
    signed_in(client, commune)
    page = send(client, HEAD + "CB1,Nguyễn Văn An,A,01/01/2026\n", mode="whole")
    assert page.context["form"].errors.keys() == {"unit", "on"}


def test_a_manager_sends_no_units_and_nobody_another_kind(client, commune):
    signed_in(client, commune)
    assert client.get(reverse("roster:upload", args=["units"])).status_code == 403
    assert client.get(reverse("roster:upload", args=["salaries"])).status_code == 404


@pytest.mark.parametrize("kind", ["roster", "absences"])
def test_an_empty_workbook_has_the_columns_that_a_file_may_have(client, commune, kind):
    signed_in(client, commune)
    content = b"".join(client.get(reverse("roster:empty", args=[kind])).streaming_content)
    page = send(client, content, kind, name="trong.xlsx")
    assert [message for _line, told in page.context["fault_rows"] for _column, message in told] == [
        "Tệp chỉ có dòng tiêu đề, không có dữ liệu."
    ]
    assert client.get(reverse("roster:empty", args=["units"])).status_code == 403


# Mergers ----------------------------------------------------------------------------------------

MERGER = {
    "ending": "Phường Kiến An\nB",
    "code": "N",
    "name": "Phường Mới",
    "kind": "commune",
    "parent": "31",
    "on": "2027-01-01",
    "decision": "12/NQ",
}


def test_a_merger_of_units_is_looked_at_first_and_then_done(client, province, commune):
    roster.unit("B", province, name="Phường Lê Chân")
    roster.posting(roster.person(), commune)
    signed_in(client, province, Role.ADMINISTRATOR)
    url = reverse("roster:merge_units")
    page = client.post(url, {**MERGER, "act": "preview"})
    assert (page.context["preview"].units, page.context["preview"].people) == (2, 1)
    assert not UnitSpan.objects.filter(unit__code="N").exists()
    client.post(url, {**MERGER, "act": "merge"})
    assert UnitSpan.objects.get(unit__code="N").name == "Phường Mới"


def test_a_merger_into_a_unit_that_goes_on_leaves_what_was_typed_for_a_new_one(client, province, commune):
    roster.unit("B", province, name="Phường Lê Chân")
    signed_in(client, province, Role.ADMINISTRATOR)
    data = MERGER | {"ending": "B", "successor": "existing", "into": "Kiến An", "parent": "nowhere"}
    page = client.post(reverse("roster:merge_units"), {**data, "act": "preview"})
    assert page.context["successor"] == {"new": False, "code": "A", "name": "Phường Kiến An"}
    client.post(reverse("roster:merge_units"), {**data, "act": "merge"})
    assert UnitSpan.objects.current().get(unit__code="B", until__isnull=False).successor == commune
    assert not UnitSpan.objects.filter(unit__code="N").exists()


@pytest.mark.parametrize(
    ("successor", "missing"), [("new", {"code", "name", "parent"}), ("existing", {"into"})]
)
def test_a_merger_asks_for_what_its_successor_needs(client, province, commune, successor, missing):
    signed_in(client, province, Role.ADMINISTRATOR)
    data = {name: MERGER[name] for name in ("kind", "on", "decision")}
    page = client.post(
        reverse("roster:merge_units"), {**data, "ending": "A", "successor": successor, "act": "preview"}
    )
    assert page.context["form"].errors.keys() == missing


def test_a_merger_names_only_units_within_reach(client, province, commune):
    roster.unit("B", name="Ở nơi khác")
    signed_in(client, province, Role.ADMINISTRATOR)
    page = client.post(reverse("roster:merge_units"), {**MERGER, "act": "merge"})
    assert page.context["form"].errors.keys() == {"ending"}


def test_a_manager_merges_neither_units_nor_codes(client, commune):
    signed_in(client, commune)
    for name in ("merge_units", "merge_people"):
        assert client.get(reverse(f"roster:{name}")).status_code == 403


def test_namesakes_are_offered_merged_and_parted(client, province, commune):
    from datetime import date

    people = [roster.person(code, "Nguyễn Văn An", birth_date=date(1980, 5, 6)) for code in ("X1", "X2")]
    for who in people:
        roster.posting(who, commune)
    signed_in(client, province, Role.ADMINISTRATOR)
    url = reverse("roster:merge_people")
    assert [[p.code for p in group] for group in client.get(url).context["suspects"]] == [["X1", "X2"]]
    client.post(url, {"person": "X2", "same_as": "X1", "reason": "cùng số hiệu"})
    [row] = PersonMerge.objects.current()
    assert (row.person.code, row.same_as.code) == ("X2", "X1")
    assert client.get(url).context["suspects"] == []
    client.post(reverse("roster:part_people", args=[row.chain]), {"reason": "nhầm"})
    assert not PersonMerge.objects.current().exists()
    assert Person.objects.filter(code="X2").exists()


def test_a_code_that_nobody_has_is_refused(client, province):
    signed_in(client, province, Role.ADMINISTRATOR)
    page = client.post(reverse("roster:merge_people"), {"person": "NOPE", "same_as": "NOPE2", "reason": "x"})
    assert page.context["form"].errors.keys() == {"person", "same_as"}
