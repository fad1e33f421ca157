"""A trainer's wrong key: brought in with a Word list, found by the figures, put right by two persons."""

from pathlib import Path
from typing import Any

import docx
import pytest

from lms.accounts.models import User
from lms.kernel import jobs
from lms.roster.enums import Role
from quizzes import policies, services
from quizzes.models import Attempt, KeyCorrection, QuizVersion
from quizzes.records import PaperConcerned, QuizRules, by_objective
from tests.factories import quizzes as make
from tests.factories import roster

from .conftest import DESK, Visitor

PASSWORD = "vung-trinh-dien-2026"
WRONG = "Ai quyết định đưa người nghiện vào cơ sở cai nghiện bắt buộc?"


def word_list(folder: Path) -> Path:
    """Four sound questions, one whose key is wrong, and one without any."""
    document = docx.Document()
    for number in range(1, 5):
        for line in (
            f"Câu {number}: Việc thứ {number} là gì?",
            "A. Lắng nghe",
            "B. Khuyên ngay",
            "Đáp án: A",
        ):
            document.add_paragraph(line)
    for line in (f"Câu 5: {WRONG}", "A. Công an cấp xã", "B. Tòa án", "Đáp án: A"):
        document.add_paragraph(line)
    for line in ("Câu 6: Mấy tháng?", "A. 12", "B. 24"):
        document.add_paragraph(line)
    path = folder / "cau-hoi.docx"
    document.save(str(path))
    return path


@pytest.fixture
def people(what_ships: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A trainer, a second one, and a learner, in one unit; whoever sat has a certificate."""

    def papers(concerned: Any, code: str) -> list[PaperConcerned]:
        return [PaperConcerned(one, "15/2026", code, "còn hiệu lực", "/x/") for one in concerned]

    monkeypatch.setattr(policies, "_teachings", [])
    monkeypatch.setattr(policies, "_papers", [papers])
    unit = roster.unit()
    found: dict[str, Any] = {"unit": unit}
    for name, role in (("trainer", Role.TRAINER), ("second", Role.REVIEWER), ("learner", None)):
        who = make.learner()
        roster.posting(who, unit)
        if role:
            roster.role(who, unit, role)
        assert isinstance(who.user, User)
        who.user.set_password(PASSWORD)
        who.user.save()
        found[name] = who
    return found


def sat(version: QuizVersion, who: Any, answers: str) -> Attempt:
    """Answers by the questions' codes: Q0001 first."""
    attempt = services.start_attempt(person_id=who.pk, version=version)
    for item, answer in zip(attempt.items.order_by("question__question__code"), answers, strict=True):
        services.save_answer(item=item, answer=answer)
    return services.submit_attempt(attempt=attempt, key="k")


def sat_by_all(version: QuizVersion, people: dict[str, Any]) -> Attempt:
    """Who knows the law is marked wrong on the fifth; one who knows all but it has passed by its key."""
    mine = sat(version, people["learner"], "aaaab")
    for number in range(30):
        who = roster.person(full_name=f"Học viên {number}")
        roster.posting(who, people["unit"])
        sat(version, who, "aaaaa" if number == 0 else "aaaab" if number % 2 else "abbba")
    return mine


def test_a_wrong_key_is_found_by_the_figures_and_everybody_is_marked_again(
    visitor: Visitor, people: dict[str, Any], tmp_path: Path
) -> None:  # B14
    trainer, second = people["trainer"], people["second"]
    policies.add_door(make.everybody)
    services.open_bank(code="TV-01", title="Tư vấn", course="", by=trainer)
    page = visitor.page
    page.set_viewport_size(DESK)

    visitor.signs_in(trainer.code, PASSWORD).goes_to("/studio/questions/bank/TV-01/import/")
    page.locator("select[name=form]").select_option("word")
    page.locator("input[type=file]").set_input_files(word_list(tmp_path))
    visitor.presses("Xem báo cáo").reads("Mấy tháng?").reads("Thiếu đáp án.").finds_no_barrier()
    visitor.presses("Nhận 5 câu hỏi")
    page.wait_for_url("**/bank/TV-01/")

    rules = QuizRules(title="Kiểm tra", sections=by_objective([(1, 5)]), objectives=("Luật",), pass_mark=100)
    version = services.define_quiz(code="KT-01", bank="TV-01", rules=rules)
    mine = sat_by_all(version, people)
    visitor.goes_to("/studio/quizzes/KT-01/")
    first = page.locator("tbody tr", has_text=WRONG)
    first.get_by_text("có thể sai đáp án").wait_for()
    first.get_by_role("link").click()
    visitor.reads("Đáp án câu này sai")
    page.locator("summary", has_text="Đáp án câu này sai").click()
    page.get_by_label("Công an cấp xã").uncheck()
    page.get_by_label("Tòa án").check()
    page.locator("textarea[name=reason]").fill("Điều 32 Luật số 73/2021/QH14.")
    visitor.presses("Gửi đề nghị sửa đáp án").reads("đang chờ người thứ hai")

    correction = KeyCorrection.objects.get()
    visitor.signs_in(second.code, PASSWORD).goes_to(f"/studio/corrections/{correction.public_id}/")
    visitor.presses("Duyệt")
    page.get_by_text("Nay đạt").first.wait_for()
    jobs.work_all()
    visitor.goes_to(f"/studio/corrections/{correction.public_id}/").reads("Học viên 0").reads("15/2026")
    visitor.finds_no_barrier()

    visitor.signs_in(people["learner"].code, PASSWORD)
    visitor.goes_to(f"/learn/attempt/{mine.public_id}/result/")
    visitor.reads("Đáp án câu này đã được sửa")
    assert [mark.passed for mark in mine.marks.order_by("number")] == [False, True]
