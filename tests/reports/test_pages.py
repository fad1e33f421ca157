"""The pages of a period and of a report: who has sent, and what has to be corrected, at its line."""

from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lms.reports import services
from lms.reports.models import Period
from lms.roster.models import Person

from .conftest import TODAY, prepare, report_of, send

pytestmark = pytest.mark.django_db


def browse(client: Client, who: Person) -> None:
    who.user = get_user_model().objects.create_user(who.code)
    who.save()
    client.force_login(who.user)


def test_the_list_and_the_period_count_the_same_reports(client, province, period) -> None:
    send(period, "X1", province.managers[0], province.signers[0])
    browse(client, province.officer)
    (line,) = client.get("/desk/reports/").context["periods"]
    page = client.get(f"/desk/reports/period/{period.public_id}/")
    assert (line.sent, line.asked) == (page.context["sent"], len(page.context["lines"])) == (1, 2)
    assert [number for _word, _kind, number in page.context["counts"]] == [1, 1]


def test_the_list_costs_the_same_for_one_period_and_for_three(client, province, period) -> None:
    browse(client, province.officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/desk/reports/").status_code == 200
        return len(seen)

    queries()
    one = queries()
    for name in ("Quý I", "Quý II"):
        asked = services.PeriodAsked(
            name=name,
            kind=period.kind,
            since=period.since,
            on=period.on,
            due=period.due,
            targets=["T1"],
            units=["X1"],
        )
        services.open_period(unit="P", asked=asked, by=province.officer, today=TODAY)
    assert queries() == one


def test_a_comment_stands_at_its_line_and_at_the_top_until_the_report_is_sent_again(
    client: Client, province: SimpleNamespace, period: Period
) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    services.return_report(
        report=sent,
        version=sent.version,
        comments={"unit:X1": "Thiếu lớp tháng 5", "section:plans": "Nêu rõ hơn"},
        by=province.officer,
        today=TODAY,
    )
    browse(client, province.managers[0])
    address = f"/desk/reports/{sent.public_id}/"
    page = client.get(address)
    assert page.context["at_rows"] == {"Phường X1": "Thiếu lớp tháng 5"}
    assert sorted((anchor, text) for _title, anchor, text in page.context["comments"]) == [
        ("figures", "Thiếu lớp tháng 5"),
        ("plans", "Nêu rõ hơn"),
    ]
    # in the list at the top, at the line, and in what happened
    text = page.content.decode()
    assert (text.count("Thiếu lớp tháng 5"), text.count("Nêu rõ hơn")) == (3, 3)
    send(period, "X1", province.managers[0], province.signers[0])
    again = client.get(address)
    assert (again.context["comments"], again.context["at_rows"]) == ([], {})


def test_whoever_returns_a_report_reads_at_each_line_what_it_says(client, province, period) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    browse(client, province.officer)
    lines = client.get(f"/desk/reports/{sent.public_id}/return/").context["lines"]
    shown = {line: words for line, _title, _said, words in lines}
    assert shown["unit:X1"] == "T1: 4/5"
    assert "4/5 cán bộ" in shown["section:people"]


def test_a_prepared_report_is_not_counted_as_sent(client, province, period) -> None:
    prepare(report_of(period, "X1"), province.managers[0])
    browse(client, province.officer)
    assert client.get(f"/desk/reports/period/{period.public_id}/").context["sent"] == 0
