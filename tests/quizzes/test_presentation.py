"""What a learner sees, and what a posted form means."""

from typing import Any

import pytest
from django.http import QueryDict

from quizzes.marking import needs_a_person, points
from quizzes.presentation import Shown, read_answer, shown
from tests.factories.questions import BODIES as RICH

BODIES: dict[str, dict[str, Any]] = {
    "single": {"stem": "?", "options": [{"id": i, "text": f"t{i}", "correct": i == "c"} for i in "abcd"]},
    "several": {"stem": "?", "options": [{"id": i, "text": f"t{i}", "correct": i in "bd"} for i in "abcd"]},
    "true_false": {"stem": "?", "answer": False},
    "order": {"stem": "?", "items": [{"id": i, "text": f"t{i}"} for i in "abc"]},
    "match": {
        "stem": "?",
        "pairs": [{"id": i, "left": f"l{i}", "right": f"r{i}"} for i in "abc"],
        "extra": [{"id": "x", "text": "rx"}],
    },
}
BODIES["case"] = {
    "stem": "?",
    "parts": [{"kind": "single", **BODIES["single"]}, {"kind": "true_false", **BODIES["true_false"]}],
}
for name in ("number with units", "short answer", "gap text", "hotspot", "essay"):
    kind, BODIES_OF_KIND = RICH[name]
    BODIES[kind] = BODIES_OF_KIND
RIGHT: dict[str, Any] = {
    "single": "c", "several": ["b", "d"], "true_false": False, "order": ["a", "b", "c"],
    "match": {"a": "a", "b": "b", "c": "c"}, "case": ["c", False],
    "numeric": "1,5 g", "short_text": "Cơ sở cai nghiện.", "gap": {"a": "24", "b": "Toà án", "c": "a"},
    "hotspot": ["a"], "essay": "Bài viết.",
}  # fmt: skip


def filled_in(page: Shown) -> QueryDict:
    """The form as a browser posts it back without a touch."""
    posted = QueryDict(mutable=True)
    gaps = [piece.gap for piece in page.pieces if piece.gap]
    for part in (page, *page.parts, *gaps):
        if part.value:
            posted.appendlist(part.name, part.value)
        for place in part.picture.places if part.picture else ():
            if place.chosen:
                posted.appendlist(part.name, place.value)
        for choice in part.choices:
            if choice.chosen:
                posted.appendlist(part.name, choice.value)
        for row in part.rows:
            for choice in row.choices:
                if choice.chosen:
                    posted.appendlist(row.name, choice.value)
    return posted


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("seed", [0, 1, 7, 2**31 - 1])
def test_what_is_shown_as_chosen_is_read_back_as_the_same_answer(kind: str, seed: int) -> None:
    page = shown(kind, BODIES[kind], RIGHT[kind], seed)
    answer = read_answer(kind, BODIES[kind], filled_in(page), seed)
    assert answer == RIGHT[kind]
    assert points(kind, BODIES[kind], answer) == (0 if needs_a_person(kind, BODIES[kind]) else 1)


@pytest.mark.parametrize("kind", BODIES)
def test_a_form_without_a_choice_is_no_answer(kind: str) -> None:
    assert read_answer(kind, BODIES[kind], QueryDict(), 3) is None


@pytest.mark.parametrize("kind", BODIES)
def test_a_form_with_nonsense_is_no_answer(kind: str) -> None:
    posted = QueryDict("answer=99&answer=-1&answer=a&answer-0=99&answer-1=zz&answer-0-0=7&answer-1-0=x")
    assert points(kind, BODIES[kind], read_answer(kind, BODIES[kind], posted, 3)) == 0


def test_two_people_see_two_orders_and_one_person_always_the_same() -> None:
    orders = {tuple(c.text for c in shown("single", BODIES["single"], None, s).choices) for s in range(30)}
    assert len(orders) > 5
    assert shown("match", BODIES["match"], None, 5) == shown("match", BODIES["match"], None, 5)
