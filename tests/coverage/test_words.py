"""The rule in words: every field of a target is said, in Vietnamese and in English."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import override

from lms.coverage.rules import Rule
from lms.coverage.words import rule_in_words

RULE = Rule(
    operator=">",
    value=Decimal("80.0"),
    audience_mask=1,
    unit="VN-HP",
    courses=("A", "B"),
    period_start=date(2026, 1, 1),
    period_end=date(2026, 12, 31),
    excluded_reasons=("thai_san",),
)


def words(rule: Rule, language: str = "vi") -> list[str]:
    with override(language):
        return rule_in_words(
            rule,
            audiences=["quản lý nhà nước", "y tế"],
            unit="Thành phố Hải Phòng",
            kinds={"commune": "cấp xã"},
            reasons={"thai_san": "thai sản"},
            courses={"A": "Tư vấn"},
            levels={"co_ban": "cơ bản", "nang_cao": "nâng cao"},
        )


def test_the_demand_whom_it_leaves_out_and_what_counts_are_said_in_vietnamese() -> None:
    assert words(RULE) == [
        "Trên 80 % cán bộ thuộc diện của Thành phố Hải Phòng, gồm các nhóm: quản lý nhà nước; y tế.",
        "Người nhận nhiệm vụ chưa đủ 30 ngày được liệt kê riêng, chưa tính vào tổng số thuộc diện.",
        "Người tạm vắng đã được duyệt vì một trong các lý do sau được liệt kê riêng, không tính vào tổng số "
        "thuộc diện: thai sản.",
        "Đã tập huấn là đã học ít nhất một trong các khóa: Tư vấn; B.",
        "Kết quả được tính: đạt bài kiểm tra.",
        "Tính các khóa hoàn thành từ ngày 01/01/2026.",
        "Lớp tập huấn và ghi nhận tập huấn bên ngoài được tính khi đã duyệt.",
    ]


def test_every_other_choice_of_a_target_is_said() -> None:
    other = replace(
        RULE,
        operator="=",
        value=Decimal(100),
        unit_kinds=("commune",),
        new_within_months=12,
        excluded_reasons=(),
        course_rule="levels",
        levels=("co_ban", "nang_cao"),
        outcome="attended",
        window="months",
        window_months=24,
        must_be_valid=True,
        external_accepted=False,
    )
    assert words(other) == [
        "100 % cán bộ thuộc diện của Thành phố Hải Phòng, gồm các nhóm: quản lý nhà nước; y tế.",
        "Chỉ tính vị trí công tác tại các loại đơn vị: cấp xã.",
        "Chỉ tính cán bộ mới nhận công tác này trong 12 tháng gần nhất.",
        "Đã tập huấn là đã học đủ khóa ở từng trình độ (cơ bản; nâng cao) trong các khóa: Tư vấn; B.",
        "Kết quả được tính: tham dự, hoàn thành hoặc đạt bài kiểm tra.",
        "Tính các khóa hoàn thành trong 24 tháng gần nhất.",
        "Giấy chứng nhận phải còn hiệu lực vào ngày tính.",
        "Lớp tập huấn được tính khi đã duyệt; ghi nhận tập huấn bên ngoài không được tính.",
    ]


def test_hours_and_percentages_keep_their_decimals() -> None:
    hours = replace(
        RULE, operator=">=", value=Decimal("92.5"), course_rule="hours", hours=Decimal("7.50"), window="ever"
    )
    said = words(hours)
    assert said[0].startswith("Từ 92,5 % trở lên")
    assert "Đã tập huấn là có tổng cộng ít nhất 7,5 giờ học trong các khóa: Tư vấn; B." in said
    assert "Tính các khóa hoàn thành vào bất kỳ thời gian nào." in said


def test_the_same_rule_is_said_in_english() -> None:
    assert words(RULE, "en")[0] == (
        "Above 80 % of the officers of Thành phố Hải Phòng in the groups: quản lý nhà nước; y tế."
    )
