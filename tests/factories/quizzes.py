"""The least valid rows of the question bank and the examination hall."""

import io
import itertools
from typing import Any

from PIL import Image

from lms.accounts.models import User
from lms.roster.enums import Role
from lms.roster.models import Person
from quizzes import policies, services
from quizzes.models import QuizVersion
from quizzes.records import QuestionDraft, QuizRules, Seat, by_objective

from . import roster

_number = itertools.count(1)


def single(code: str = "", *, objective: int = 1, stem: str = "Ai?", keys: str = "a") -> QuestionDraft:
    options = [
        {"id": one, "text": f"Phương án {one}", "correct": one in keys, "why": f"vì {one}"} for one in "abcd"
    ]
    body: dict[str, Any] = {"stem": stem, "options": options, "explanation": "Giải thích."}
    return QuestionDraft(code or f"Q{next(_number)}", "single", objective, 1, body)


def quiz(*drafts: QuestionDraft, open_to_all: bool = True, **rules: Any) -> QuizVersion:
    """A quiz over these questions, drawing all of them; open to everybody."""
    drafts = drafts or (single(), single())
    code = f"B{next(_number)}"
    services.define_bank(code=code, title="Ngân hàng", questions=drafts)
    wanted: dict[int, int] = {}
    for draft in drafts:
        wanted[draft.objective] = wanted.get(draft.objective, 0) + 1
    defaults: dict[str, Any] = {
        "title": "Bài kiểm tra",
        "sections": by_objective(rules.pop("blueprint", sorted(wanted.items()))),
        "objectives": ("Mục tiêu một", "Mục tiêu hai"),
    }
    if open_to_all:
        policies.add_door(everybody)
    return services.define_quiz(code=code, bank=code, rules=QuizRules(**{**defaults, **rules}))


def everybody(person_id: int, quiz_code: str) -> Seat:
    return Seat()


def learner() -> Person:
    """A person with a key to the door."""
    who = roster.person()
    who.user = User.objects.create(username=who.code)
    who.save()
    return who


def picture(width: int = 40, height: int = 30) -> bytes:
    """A plain PNG."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#0b5563").save(buffer, "PNG")
    return buffer.getvalue()


def trainer(*, role: str = "trainer") -> Person:
    """Somebody who writes courses."""
    who = learner()
    roster.role(who, roster.unit(f"U{next(_number)}"), Role(role))
    return who


RUBRIC = [{"id": "a", "text": "Nêu đủ ba bước", "points": "6"}, {"id": "b", "text": "Rõ ràng", "points": "4"}]


def essay(code: str = "", *, markers: int = 1, stem: str = "Hãy nêu các bước.") -> QuestionDraft:
    """Marked by persons: six points and four."""
    body: dict[str, Any] = {"stem": stem, "rubric": RUBRIC, "markers": markers}
    return QuestionDraft(code or f"Q{next(_number)}", "essay", 1, 1, body)


def hand_in(code: str = "", *, types: tuple[str, ...] = (".pdf", ".docx")) -> QuestionDraft:
    """A file is handed in."""
    body: dict[str, Any] = {"stem": "Nộp kế hoạch.", "rubric": RUBRIC, "markers": 1, "types": list(types)}
    return QuestionDraft(code or f"Q{next(_number)}", "file", 1, 1, body)
