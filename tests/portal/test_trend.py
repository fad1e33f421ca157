"""Where a figure leads, and the desk's table as a file."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from lms.coverage.models import Activity, Target
from lms.kernel.services import record_fact
from lms.portal.trend import Forecast, Point, days_to_ask, forecast, needed, picture
from lms.roster.models import Look
from tests.factories import roster as make

from .test_desk import country, manager, officers, province, target  # noqa: F401

TODAY = date(2026, 6, 14)


def weeks(*trained: int, required: int = 40) -> list[Point]:
    """Points a week apart, the last today."""
    first = TODAY - timedelta(days=7 * (len(trained) - 1))
    return [Point(first + timedelta(days=7 * n), number, required) for n, number in enumerate(trained)]


def test_days_are_the_ends_of_months_then_eight_weeks() -> None:
    days = days_to_ask(date(2026, 1, 1), TODAY)
    assert days[:3] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    assert days[-9:] == [TODAY - timedelta(days=7 * back) for back in range(8, -1, -1)]


def test_a_steady_pace_leads_on_with_certainty() -> None:
    ahead = forecast(weeks(10, 12, 14, 16, 18, 20, 22, 24, 26), TODAY + timedelta(days=21))
    assert ahead == Forecast(TODAY + timedelta(days=21), 32, 32, 32, 40, 2.0)


def test_an_unsteady_pace_is_less_sure_and_nobody_is_counted_twice() -> None:
    ahead = forecast(weeks(0, 0, 8, 8, 16, 16, 24, 24, 32), TODAY + timedelta(days=28))
    assert ahead is not None
    assert (ahead.low < ahead.likely, ahead.likely, ahead.high) == (True, 40, 40)


@pytest.mark.parametrize(
    ("points", "end"),
    [
        ([], TODAY + timedelta(days=7)),
        (weeks(1, 2), TODAY + timedelta(days=7)),
        (weeks(1, 2, 3), TODAY),
        (weeks(0, 0, 0, required=0), TODAY + timedelta(days=7)),
    ],
)
def test_too_little_gives_no_forecast(points: list[Point], end: date) -> None:
    assert forecast(points, end) is None


def test_the_picture_begins_at_nought_and_leaves_out_days_without_people() -> None:
    drawn = picture([Point(TODAY, 0, 0), *weeks(0, 20, 40)], None, 80.0)
    assert drawn is not None
    assert [down for _across, down in drawn.dots] == [268.0, 142.0, 16.0]
    assert picture(weeks(1), None, 80.0) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_the_page_draws_the_line_and_gives_the_numbers_beside_it(client, province) -> None:  # noqa: F811
    target("T1", province)
    officers(province, 3)
    page = client.get("/desk/trend/?unit=P&target=T1&on=2026-11-20").content.decode()
    assert 'class="trend__line"' in page
    assert page.count('<th scope="row">') == 8 + 9


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_where_units_are_counted_the_words_are_of_units(client, province) -> None:  # noqa: F811
    commune = make.unit("X1", province)
    row = Target(
        code="T9",
        name="T9",
        counts="units",
        audience_mask=0,
        grace_days=0,
        unit=province,
        unit_kinds=["commune"],
        activities=["phong_ngua_truong_hoc"],
        period_start=date(2026, 1, 1),
        period_end=date(2027, 6, 30),
    )
    record_fact(row, by="operator")
    held = {"kind": "phong_ngua_truong_hoc", "title": "Nói chuyện", "place": "Trường", "participants": 9}
    record_fact(
        Activity(unit=commune, day=date(2026, 11, 1), status="approved", **held),
        by="operator",
    )
    page = client.get("/desk/trend/?unit=P&target=T9&on=2026-11-20").content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', page)
    assert heads == ["Tính đến ngày", "Đã tổ chức", "Đơn vị thuộc diện", "Tỷ lệ"]
    assert "đơn vị đã tổ chức hoạt động; bốn trong năm" in page
    assert "được tập huấn" not in page


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_what_the_desk_shows_is_exported(client, country, province) -> None:  # noqa: F811
    target("T1", province)
    officers(make.unit("X1", province, name="=Xã Một"), 2)
    answer = client.get("/desk/figures.csv?unit=P&target=T1")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[:4] for row in rows[1:]] == [["P", "Tỉnh P", "2", "0"], ["X1", "'=Xã Một", "2", "0"]]
    book = b"".join(client.get("/desk/figures.xlsx?unit=P&target=T1").streaming_content)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[:3] for row in sheet[1:]] == [["P", "Tỉnh P", 2.0], ["X1", "=Xã Một", 2.0]]
    assert client.get("/desk/figures.pdf?unit=P&target=T1").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_everybody_is_exported_with_their_state(client, province) -> None:  # noqa: F811
    target("T1", province)
    commune = make.unit("X1", province, name="Xã Một")
    person = make.person("CB7", "=Nguyễn Văn An")
    make.posting(person, commune, "TTCN", title="Công chức")
    away = make.person("CB8", "Trần Thị Bình")
    make.posting(away, commune, "TTCN", since=timezone.localdate())
    answer = client.get("/desk/people.csv?unit=P&target=T1")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[1:] == [
        ["CB7", "'=Nguyễn Văn An", "Xã Một", "Công chức", "chưa học"],
        ["CB8", "Trần Thị Bình", "Xã Một", "", "mới nhận việc"],
    ]
    book = b"".join(client.get("/desk/people.xlsx?unit=P&target=T1").streaming_content)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[:2] for row in sheet[1:]] == [["CB7", "=Nguyễn Văn An"], ["CB8", "Trần Thị Bình"]]
    assert client.get("/desk/people.pdf?unit=P&target=T1").status_code == 404
    assert Look.objects.filter(page="training").count() == 2  # both may see who looked


@pytest.mark.parametrize(
    ("trained", "short_by", "outlook", "a_week"),
    [((10, 12, 14, 16), 6, "likely", 2), ((10, 12, 14, 16), 7, "unlikely", 3), ((0, 0, 8, 8), 6, "open", 2)],
)
def test_what_every_week_must_bring_and_whether_that_is_enough(trained, short_by, outlook, a_week) -> None:
    points = weeks(*trained)
    ahead = forecast(points, TODAY + timedelta(days=21))
    assert ahead is not None
    told = needed(ahead, points[-1], short_by)
    assert told is not None
    assert (told.people, told.weeks, told.a_week, told.outlook) == (short_by, 3, a_week, outlook)
    assert needed(ahead, points[-1], 0) is needed(ahead, points[-1], None) is None
