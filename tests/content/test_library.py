"""The public library and the counselling lines."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from content import library, services
from content.models import Handout, HotLine, LibraryItem
from tests.factories import quizzes, roster

pytestmark = pytest.mark.django_db


def item(slug: str = "to-roi", *, live: bool = True, **more: Any) -> LibraryItem:
    given = {
        "title": "Tờ rơi: Sốc thuốc",
        "kind": "leaflet",
        "summary": "Nhận ra và gọi 115.",
        "topics": "sốc thuốc, sơ cứu",
        "publisher": "Sở Y tế",
        "licence": "In và phát tự do",
        "link": "https://example.vn/to-roi",
        **more,
    }
    row = LibraryItem.objects.create(slug=slug, live=False, **given)
    if live:
        row.save_revision().publish()
        row.refresh_from_db()
    return row


def handout(content: bytes = b"%PDF-1.7 to roi") -> Handout:
    made = Handout(title="Tờ rơi")
    made.file.save("to-roi.pdf", ContentFile(content), save=False)
    made.save()
    return made


def test_a_visitor_sees_what_is_published_and_nothing_else(client: Any) -> None:
    item("to-roi")
    item("nhap", live=False, title="Bản nháp")
    shown = client.get("/library/").content.decode()
    assert ("Tờ rơi: Sốc thuốc" in shown, "Bản nháp" in shown) == (True, False)
    assert client.get("/library/nhap/").status_code == 404
    assert client.get("/library/nhap/file/").status_code == 404


def test_items_are_chosen_by_kind_language_audience_and_topic() -> None:
    item("a", audiences=["A"])
    item("b", kind="poster", language="hmn", topics="học đường")
    assert [row.slug for row in library.items(kind="poster")] == ["b"]
    assert [row.slug for row in library.items(language="vi")] == ["a"]
    assert [row.slug for row in library.items(audience="A")] == ["a"]
    assert [row.slug for row in library.items(topic="soc thuoc")] == ["a"]
    assert library.topics(library.items()) == ["học đường", "sơ cứu", "sốc thuốc"]


def test_a_download_is_counted_and_nobody_is_remembered(client: Any) -> None:
    row = item(document=handout())
    answer = client.get("/library/to-roi/file/")
    client.head("/library/to-roi/file/")
    row.refresh_from_db()
    assert (b"".join(answer.streaming_content), row.downloads) == (b"%PDF-1.7 to roi", 1)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="to-roi-soc-thuoc.pdf"'


def test_an_item_without_a_file_has_none_to_take(client: Any) -> None:
    item()
    assert client.get("/library/to-roi/file/").status_code == 404


def test_an_item_needs_a_file_or_an_address_and_says_so_at_the_field() -> None:
    with pytest.raises(ValidationError) as refused:
        LibraryItem(slug="x", title="x", kind="leaflet", summary="x", publisher="x", licence="x").full_clean()
    assert list(refused.value.message_dict) == ["document"]


def test_an_item_is_of_a_known_kind() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        item(kind="toy", live=False)


def test_a_published_item_is_found_and_an_unpublished_one_is_not() -> None:
    row = item()
    assert [one.slug for one in library.find("soc thuoc")] == ["to-roi"]
    row.unpublish()
    assert library.find("soc thuoc") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_library_costs_the_same_for_one_and_for_three(
    client: Any, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        item(f"to-roi-{number}")
    with django_assert_max_num_queries(2):
        assert len(client.get("/library/").context["items"]) == rows


def test_no_counselling_line_ships(client: Any) -> None:
    services.ensure_groups()
    assert HotLine.objects.count() == 0
    assert "Chưa có đường dây nào" in client.get("/hotlines/").content.decode()


def lines_form(**line: object) -> dict[str, object]:
    given = {
        "name": "Tư vấn cai nghiện",
        "number": "024 3000 0000",
        "area": "Hà Nội",
        "hours": "8–17 giờ",
        "cost": "",
        "source": "Sở Y tế",
        "checked_on": "2026-11-01",
        "position": "1",
        **line,
    }
    counts = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    return {f"form-{key}": value for key, value in counts.items()} | {
        f"form-0-{key}": value for key, value in given.items()
    }


def keeper(role: str) -> Any:
    who = quizzes.learner()
    roster.role(who, roster.unit(), role)
    return who.user


def test_an_administrator_enters_a_line_that_everybody_can_call(client: Any) -> None:
    client.force_login(keeper("administrator"))
    client.post("/hotlines/edit/", lines_form())
    row = HotLine.objects.get()
    assert (row.dial, row.checked_on, row.changed_by is not None) == ("02430000000", date(2026, 11, 1), True)
    client.logout()
    assert 'href="tel:02430000000"' in client.get("/hotlines/").content.decode()


def test_nobody_else_enters_a_line(client: Any) -> None:
    client.force_login(keeper("unit_manager"))
    assert client.post("/hotlines/edit/", lines_form()).status_code == 403
    assert HotLine.objects.count() == 0


def test_a_number_that_is_none_is_told_at_the_field(client: Any) -> None:
    client.force_login(keeper("administrator"))
    shown = client.post("/hotlines/edit/", lines_form(number="javascript:alert(1)"))
    assert list(shown.context["forms"][0].errors) == ["number"]
    assert HotLine.objects.count() == 0
