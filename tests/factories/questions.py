"""One question of every kind, as a format would read it: the richest that its kind allows."""

from dataclasses import replace
from typing import Any

from quizzes.formats.records import Taken

OPTIONS = [
    {"id": "a", "text": "Hỏi một câu mở", "correct": True, "why": "Người nói được nghe."},
    {"id": "b", "text": "Khuyên ngay", "correct": False, "why": "Quá sớm."},
    {"id": "c", "text": "Im lặng", "correct": False, "why": ""},
]
PICTURE = {"id": "so-do.png", "alt": "Sơ đồ phòng tư vấn", "width": 400, "height": 300}


def body(stem: str = "Anh/chị làm gì trước?", **rest: Any) -> dict[str, Any]:
    return {"stem": stem, **rest, "explanation": "Xem bài 2."}


BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "single": ("single", body(options=OPTIONS)),
    "single with half credit": (
        "single",
        body(options=[OPTIONS[0], {**OPTIONS[1], "weight": "50"}, OPTIONS[2]]),
    ),
    "several": (
        "several",
        body(options=[OPTIONS[0], {**OPTIONS[1], "correct": True}, OPTIONS[2]]),
    ),
    "several, all or nothing": (
        "several",
        body(options=[OPTIONS[0], {**OPTIONS[1], "correct": True}, OPTIONS[2]], credit="all_or_nothing"),
    ),
    "several by weights": (
        "several",
        body(
            options=[
                {**OPTIONS[0], "weight": "75"},
                {**OPTIONS[1], "correct": True, "weight": "25"},
                {**OPTIONS[2], "weight": "-50"},
            ],
            credit="weights",
        ),
    ),
    "true or false": ("true_false", body(answer=False, why_true="Luật đã đổi.", why_false="Đúng thế.")),
    "order": (
        "order",
        body(items=[{"id": one, "text": f"Bước {one}"} for one in "abcd"]),
    ),
    "match": (
        "match",
        body(
            pairs=[
                {"id": "a", "left": "Cấp xã", "right": "Ủy ban nhân dân"},
                {"id": "b", "left": "Cấp tỉnh", "right": "Sở Nội vụ"},
            ],
            extra=[{"id": "xc", "text": "Tòa án"}],
        ),
    ),
    "number": ("numeric", body(answers=[{"value": "24", "tolerance": "0"}])),
    "number with tolerance": (
        "numeric",
        body(
            answers=[
                {"value": "3.14", "tolerance": "0.01"},
                {"value": "3", "tolerance": "0.5", "weight": "50"},
            ]
        ),
    ),
    "number with units": (
        "numeric",
        body(
            answers=[{"value": "1500", "tolerance": "5"}],
            units=[{"unit": "mg", "factor": "1"}, {"unit": "g", "factor": "1000"}],
            unit_required=True,
        ),
    ),
    "short answer": (
        "short_text",
        body(answers=[{"text": "cơ sở cai nghiện"}, {"text": "trung tâm cai nghiện"}]),
    ),
    "short answer, marks folded": (
        "short_text",
        body(answers=[{"text": "Hòa Bình"}], fold_marks=True),
    ),
    "short answer, case counts": ("short_text", body(answers=[{"text": "HIV"}], fold_case=False)),
    "gap text": (
        "gap",
        body(
            text="Thời hạn là [[a]] tháng, do [[b]] quyết định; hồ sơ gồm [[c]] loại.",
            gaps=[
                {"id": "a", "kind": "numeric", "answers": [{"value": "24", "tolerance": "0"}]},
                {
                    "id": "b",
                    "kind": "short_text",
                    "answers": [{"text": "Tòa án"}, {"text": "Toà án nhân dân"}],
                },
                {
                    "id": "c",
                    "kind": "single",
                    "options": [
                        {"id": "a", "text": "ba", "correct": True, "why": ""},
                        {"id": "b", "text": "bốn", "correct": False, "why": ""},
                    ],
                },
            ],
        ),
    ),
    "hotspot": (
        "hotspot",
        body(
            image=PICTURE,
            areas=[
                {
                    "id": "a",
                    "text": "Cửa ra",
                    "shape": "rect",
                    "coords": [10, 10, 90, 120],
                    "correct": True,
                    "why": "",
                },
                {
                    "id": "b",
                    "text": "Bàn",
                    "shape": "circle",
                    "coords": [200, 150, 40],
                    "correct": False,
                    "why": "",
                },
                {
                    "id": "c",
                    "text": "Cửa sổ",
                    "shape": "poly",
                    "coords": [300, 20, 380, 20, 340, 90],
                    "correct": False,
                    "why": "",
                },
            ],
        ),
    ),
    "essay": ("essay", body(rubric=[], markers=1)),
    "essay with a rubric": (
        "essay",
        body(
            rubric=[
                {"id": "a", "text": "Nêu đúng căn cứ", "points": "2"},
                {"id": "b", "text": "Lập luận", "points": "3"},
            ],
            markers=2,
            words=300,
        ),
    ),
    "file": ("file", body(rubric=[], markers=1, types=[".docx", ".pdf"])),
    "case": (
        "case",
        body(
            stem="Một người đến xin tư vấn.",
            parts=[
                {"kind": "single", "stem": "Làm gì trước?", "options": OPTIONS, "explanation": ""},
                {"kind": "true_false", "stem": "Có phải báo ngay không?", "answer": False, "explanation": ""},
                {
                    "kind": "short_text",
                    "stem": "Gọi là gì?",
                    "answers": [{"text": "tư vấn"}],
                    "explanation": "",
                },
            ],
        ),
    ),
}


def question(name: str, **changes: Any) -> Taken:
    kind, found = BODIES[name]
    labels: dict[str, Any] = {
        "name": "Câu thử",
        "code": "C-01",
        "tags": ("tư vấn", "cấp xã"),
        "objective": 2,
        "difficulty": 3,
        "source": "Tài liệu tập huấn 2025",
        "law": "Điều 5 Luật số 73/2021/QH14",
    }
    return replace(Taken(kind, found, **labels), **changes)
