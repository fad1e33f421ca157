"""The register of courses held elsewhere, as a file: looked at first, and no course taught here changes."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Course
from lms.kernel.models import LedgerEntry
from lms.roster.enums import Role
from lms.roster.models import Person, Unit, Upload
from tests.factories import content as make_content
from tests.factories import roster as make

pytestmark = pytest.mark.django_db
HEAD = "mã khóa học,tên khóa học,trình độ,số giờ\n"
X1, X2 = "X1,Lớp ở tỉnh,cơ bản,16\n", 'X2,"Lớp, nâng cao",nâng cao,"7,5"\n'


def _holding(role: Role, unit: Unit, client: Client) -> Person:
    me = make.person(f"{role}-{unit.code}")
    me.user = get_user_model().objects.create_user(me.code)
    me.save()
    make.role(me, unit, role)
    client.force_login(me.user)
    return me


@pytest.fixture
def province() -> Unit:
    return make.unit("P", make.unit("VN", kind="country"), kind="province")


@pytest.fixture
def administrator(client: Client, province: Unit) -> Person:
    """Of the whole country."""
    return _holding(Role.ADMINISTRATOR, Unit.objects.get(code="VN"), client)


def send(client: Client, text: str | bytes, name: str = "khoa-hoc.csv"):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return client.post("/desk/course-register/", {"file": file}, follow=True)


def act(client: Client, what: str):
    return client.post(f"/desk/course-register/{Upload.objects.get().public_id}/", {"act": what})


def told(page) -> list[tuple[int, str]]:
    return [(at, column) for at, wrong in page.context["fault_rows"] for column, _why in wrong]


def test_a_file_is_looked_at_and_then_written_in_its_senders_name(client, administrator) -> None:
    page = send(client, HEAD + X1 + X2)
    assert (page.context["read"].created, Course.objects.count()) == (2, 0)
    assert [row["told"] for row in page.context["rows"]] == ["cơ bản · 16 giờ học", "nâng cao · 7,5 giờ học"]
    act(client, "apply")
    assert list(Course.objects.order_by("code").values_list("code", "title", "level", "hours")) == [
        ("X1", "Lớp ở tỉnh", "co_ban", Decimal(16)),
        ("X2", "Lớp, nâng cao", "nang_cao", Decimal("7.5")),
    ]
    entries = LedgerEntry.objects.filter(type="content.course_stated")
    assert list(entries.values_list("actor", flat=True)) == [administrator.code] * 2
    assert Upload.objects.count() == 0


def test_the_same_file_again_changes_nothing(client, administrator) -> None:
    for _ in range(2):
        page = send(client, HEAD + X1 + X2)
        act(client, "apply")
    assert (page.context["changes"], page.context["read"].unchanged) == (0, 2)
    assert LedgerEntry.objects.filter(type="content.course_stated").count() == 2


def test_every_bad_line_is_told_and_nothing_is_written(client, administrator) -> None:
    page = send(client, HEAD + X1 + "X2,,,\nX3,Lớp,một trình độ dài quá,\nX4,Lớp,,mười\nX1,Lớp khác,,\n")
    assert told(page) == [(3, "tên khóa học"), (4, "trình độ"), (5, "số giờ"), (6, "mã khóa học")]
    act(client, "apply")
    assert (Course.objects.count(), Upload.objects.count()) == (0, 1)


def test_a_course_taught_here_is_what_its_pages_say(client, administrator) -> None:
    taught = make_content.edition("B5").code
    before = Course.objects.get(code=taught)
    page = send(client, HEAD + X1 + f"{taught},Tên khác,,999\n")
    assert told(page) == [(3, "mã khóa học")]
    act(client, "apply")
    now = Course.objects.get(code=taught)
    assert (now.title, now.hours) == (before.title, before.hours)


def test_who_administers_the_country_corrects_and_sees_what_stood_there(client, administrator) -> None:
    Course.objects.create(code="X1", title="Lớp ở tỉnh", level="co_ban", hours=Decimal(8))
    page = send(client, HEAD + X1)
    (row,) = page.context["rows"]
    assert (page.context["read"].corrected, row["before_told"]) == (1, "cơ bản · 8 giờ học")
    act(client, "apply")
    assert Course.objects.get().hours == Decimal(16)


def test_who_administers_less_adds_and_does_not_correct(client, province) -> None:
    _holding(Role.ADMINISTRATOR, province, client)
    Course.objects.create(code="X1", title="Lớp ở tỉnh", level="co_ban", hours=Decimal(8))
    assert told(send(client, HEAD + X1 + X2)) == [(2, "mã khóa học")]
    act(client, "discard")
    send(client, HEAD + X2)
    act(client, "apply")
    assert list(Course.objects.order_by("code").values_list("code", "hours")) == [
        ("X1", Decimal(8)),
        ("X2", Decimal("7.5")),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_may(client, province, role: Role) -> None:
    _holding(role, province, client)
    assert send(client, HEAD + X1).status_code == 403
    assert client.get("/desk/course-register/as-file.xlsx").status_code == 403
    assert Upload.objects.count() == 0


def test_somebody_elses_file_does_not_exist(client, administrator, province) -> None:
    send(client, HEAD + X1)
    _holding(Role.ADMINISTRATOR, province, client)
    assert act(client, "apply").status_code == 404
    assert Course.objects.count() == 0


def test_the_register_goes_out_as_it_comes_in(client, administrator) -> None:
    send(client, HEAD + X1 + X2)
    act(client, "apply")
    make_content.edition("B5")
    file = b"".join(client.get("/desk/course-register/as-file.xlsx").streaming_content)
    page = send(client, BytesIO(file).read(), "register.xlsx")
    assert (page.context["changes"], page.context["read"].unchanged, told(page)) == (0, 2, [])


def test_a_file_of_three_costs_what_a_file_of_one_costs(client, administrator) -> None:
    counts = []
    for text in (X1, X1 + X2 + "X3,Lớp ba,,\n"):
        send(client, HEAD + text)
        kept = Upload.objects.latest("pk")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/desk/course-register/{kept.public_id}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
