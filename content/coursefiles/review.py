"""REVIEW.md: every claim that a specialist must still confirm, by lesson."""

from content.records.files import Curriculum

SPECIALISTS = {
    "doctor": "Bác sĩ",
    "jurist": "Người làm công tác pháp luật",
    "school_psychologist": "Chuyên gia tâm lý học đường",
}
HEAD = """# Những điều cần chuyên gia xác nhận

Tệp này do `manage.py load_starter --review` viết ra từ danh sách `review:` của từng bài; đừng sửa bằng tay.
Mỗi dòng là một điều viết theo hiểu biết chung, chưa được nguồn nào trong bài xác nhận. Người xác nhận ghi tên
vào `reviewer:` của chuyên đề, rồi dòng ấy được bỏ khỏi `review:` của bài.
"""


def review_list(curriculum: Curriculum) -> str:
    """The text of REVIEW.md: counts first, then the claims of each lesson."""
    lines = [HEAD]
    counts = dict.fromkeys(SPECIALISTS, 0)
    for _module, _lesson, claim in curriculum.claims():
        counts[claim.who] = counts.get(claim.who, 0) + 1
    lines += ["| Ai xác nhận | Số điều |", "|---|---|"]
    lines += [f"| {SPECIALISTS[who]} | {number} |" for who, number in counts.items()]
    for module in curriculum.modules:
        lines += ["", f"## {module.code}. {module.title}"]
        if not any(lesson.review for lesson in module.lessons):
            lines += ["", "Không có."]
        for lesson in module.lessons:
            if lesson.review:
                lines += ["", f"### Bài {lesson.position}. {lesson.title}", ""]
                lines += [f"- [ ] {SPECIALISTS.get(c.who, c.who)}: {c.text}" for c in lesson.review]
    return "\n".join(lines) + "\n"
