"""The words on the paper."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from certificates.payload import written
from certificates.records import Achievement

EARNED = Achievement(
    course_id=1,
    course_code="B5",
    course_title="Kích động, loạn thần, cấp cứu",
    level_label="cơ bản",
    edition=2,
    round=1,
    hours=Decimal("1.5"),
    result_label="đạt",
    completed_on=date(2026, 11, 20),
)
ISSUER = {
    "name": "Công an thành phố Hải Phòng",
    "parent_name": "Bộ Công an",
    "place": "Hải Phòng",
    "signatory_title": "Giám đốc",
    "signatory": "Trần Quang Minh",
    "authority_document": "Quyết định số 12/QĐ-BCA",
}


def paper(earned: Achievement = EARNED, **more: Any) -> dict[str, Any]:
    return written(
        **{
            "holder": "Nguyễn Thị Hồng Vân",
            "birth_date": date(1988, 3, 9),
            "unit_name": "Phường Hồng Bàng",
            "achievement": earned,
            "issuer": ISSUER,
            "authorised": False,
            "number": "0001/2026/GCN-CAHP",
            "code": "7K3MQ2XD",
            "url": "https://vung.example/verify/abc/",
            "issued_on": date(2026, 2, 3),
            "valid_until": None,
            **more,
        }
    )


def test_the_paper_is_vietnamese_whatever_language_the_site_is_read_in() -> None:
    words = paper()
    assert words["title"] == "Giấy chứng nhận hoàn thành"
    assert words["holder_line"] == "Sinh ngày 09/03/1988 · Phường Hồng Bàng"
    assert words["details"] == (
        "Trình độ: cơ bản · 1,5 giờ học · kết quả: đạt · hoàn thành ngày 20/11/2026 · ấn bản 2"
    )
    assert words["check_line"] == "Tra cứu tại vung.example/verify"
    assert words["code_line"] == "Mã kiểm tra: 7K3M-Q2XD"


def test_days_and_months_are_written_as_officials_write_them() -> None:
    assert paper()["place_and_date"] == "Hải Phòng, ngày 03 tháng 02 năm 2026"
    assert paper(issued_on=date(2026, 3, 14))["place_and_date"] == "Hải Phòng, ngày 14 tháng 3 năm 2026"


def test_only_an_authorised_issuer_writes_the_greater_word_with_its_ground() -> None:
    assert paper()["authority_line"] == ""
    assert (paper(authorised=True)["title"], paper(authorised=True)["authority_line"]) == (
        "Chứng chỉ",
        "Theo Quyết định số 12/QĐ-BCA",
    )


def test_validity_is_written_with_its_last_day() -> None:
    assert paper()["valid_line"] == ""
    assert paper(valid_until=date(2028, 2, 3))["valid_line"] == "Có giá trị đến hết ngày 02/02/2028"


def test_what_is_not_known_leaves_no_gap() -> None:
    bare = replace(EARNED, level_label="", hours=None)
    words = paper(bare, birth_date=None, unit_name="")
    assert words["holder_line"] == ""
    assert words["details"] == "kết quả: đạt · hoàn thành ngày 20/11/2026 · ấn bản 2"


def test_every_value_is_text_so_that_its_canonical_form_never_changes() -> None:
    assert {type(value) for value in paper().values()} == {str}
