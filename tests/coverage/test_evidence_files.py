"""A list of trainings as a file: looked at first, within reach, and never approved by its sender."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.models import Course
from lms.coverage.models import ClassList, Evidence
from lms.roster.enums import Role
from lms.roster.models import Person, Unit, Upload
from tests.factories import roster as make

pytestmark = pytest.mark.django_db
HEAD = "mã cán bộ,mã khóa học,nguồn,ngày hoàn thành,kết quả,số tham chiếu\n"


@pytest.fixture
def commune() -> Unit:
    commune = make.unit("C", make.unit("P", kind="province"), name="Xã C")
    Course.objects.create(code="B5", title="Cấp cứu", level="nang_cao", hours=Decimal(8))
    for code in ("CB1", "CB2"):
        make.posting(make.person(code, f"Cán bộ {code}"), commune, "TTCN")
    make.posting(make.person("CB9"), make.unit("ELSEWHERE"), "TTCN")
    return commune


@pytest.fixture
def manager(client: Client, commune: Unit) -> Person:
    me = make.person("QL")
    me.user = get_user_model().objects.create_user(me.code)
    me.save()
    make.role(me, commune, Role.UNIT_MANAGER)
    client.force_login(me.user)
    return me


def send(client: Client, text: str | bytes, name: str = "lop.csv"):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return client.post("/desk/evidence/upload/", {"file": file}, follow=True)


def act(client: Client, what: str):
    return client.post(f"/desk/evidence/upload/{Upload.objects.get().public_id}/", {"act": what})


def line(code: str, day: str = "14/03/2026", status: str = "") -> str:
    return f"{code},B5,tại lớp,{day},đạt,QĐ-7{status}\n"


def told(page) -> list[tuple[int, str]]:
    return [(at, column) for at, wrong in page.context["fault_rows"] for column, _why in wrong]


def test_a_list_is_looked_at_and_then_waits_for_a_second_person(client, manager) -> None:
    page = send(client, HEAD + line("CB1") + line("CB2"))
    assert (page.context["read"].created, Evidence.objects.count()) == (2, 0)
    assert [row["name"] for row in page.context["rows"]] == ["Cán bộ CB1", "Cán bộ CB2"]
    act(client, "apply")
    rows = Evidence.objects.current().order_by("person__code")
    assert [(row.person.code, row.status, row.declared_by, row.hours) for row in rows] == [
        ("CB1", "declared", manager, Decimal(8)),
        ("CB2", "declared", manager, Decimal(8)),
    ]
    assert (ClassList.objects.get().declared_by, Upload.objects.count()) == (manager, 0)


def test_the_same_list_again_changes_nothing(client, manager) -> None:
    for _ in range(2):
        page = send(client, HEAD + line("CB1"))
        act(client, "apply")
    assert (page.context["changes"], page.context["read"].unchanged, Evidence.objects.count()) == (0, 1, 1)


def test_a_list_may_be_thrown_away(client, manager) -> None:
    send(client, HEAD + line("CB1"))
    act(client, "discard")
    assert (Upload.objects.count(), Evidence.objects.count()) == (0, 0)


def test_who_sends_a_list_does_not_approve_it(client, manager) -> None:
    page = send(client, HEAD.strip() + ",trạng thái\n" + line("CB1", status=",đã duyệt"))
    assert told(page) == [(2, "trạng thái")]


def test_people_beyond_reach_are_refused_like_unknown_ones(client, manager) -> None:
    page = send(client, HEAD + line("CB9") + line("NOPE"))
    [first], [second] = (wrong for _line, wrong in page.context["fault_rows"])
    assert first[1].replace("CB9", "NOPE") == second[1]
    act(client, "apply")
    assert (Evidence.objects.count(), Upload.objects.count()) == (0, 1)


def test_nobody_was_trained_on_a_day_to_come(client, manager) -> None:
    today = timezone.localdate()
    days = [f"{day:%d/%m/%Y}" for day in (today, today + timedelta(days=1))]
    page = send(client, HEAD + line("CB1", days[0]) + line("CB2", days[1]))
    assert told(page) == [(3, "ngày hoàn thành")]


def test_somebody_elses_list_does_not_exist(client, manager, commune) -> None:
    send(client, HEAD + line("CB1"))
    other = make.person("KHAC")
    other.user = get_user_model().objects.create_user(other.code)
    other.save()
    make.role(other, commune, Role.UNIT_MANAGER)
    client.force_login(other.user)
    assert act(client, "apply").status_code == 404
    assert Evidence.objects.count() == 0


def test_the_empty_workbook_names_the_columns_without_the_decision(client, manager) -> None:
    page = send(client, b"".join(client.get("/desk/evidence/upload/empty.xlsx").streaming_content), "x.xlsx")
    assert [why for _line, wrong in page.context["fault_rows"] for _column, why in wrong] == [
        "Tệp chỉ có dòng tiêu đề, không có dữ liệu."
    ]


def test_a_list_of_three_costs_what_a_list_of_one_costs(client, manager, commune) -> None:
    make.posting(make.person("CB3"), commune, "TTCN")
    counts = []
    for codes in (("CB1",), ("CB1", "CB2", "CB3")):
        send(client, HEAD + "".join(map(line, codes)))
        kept = Upload.objects.latest("pk")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/desk/evidence/upload/{kept.public_id}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_day_is_told_as_it_was_typed(client, manager) -> None:
    page = send(client, HEAD + line("CB1"))
    assert page.context["rows"][0]["change"].completed_on == date(2026, 3, 14)
