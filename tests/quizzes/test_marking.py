"""Marking: what each kind of question gives for an answer."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.marking import passed, percent, points

SINGLE = {"options": [{"id": "a", "correct": True}, {"id": "b"}, {"id": "c"}]}
SEVERAL = {"options": [{"id": "a", "correct": True}, {"id": "b", "correct": True}, {"id": "c"}, {"id": "d"}]}
ORDER = {"items": [{"id": "x"}, {"id": "y"}, {"id": "z"}]}
MATCH = {"pairs": [{"id": "p"}, {"id": "q"}], "extra": [{"id": "r"}]}
CASE = {"parts": [{"kind": "single", **SINGLE}, {"kind": "true_false", "answer": False}]}


@pytest.mark.parametrize(
    ("kind", "body", "answer", "earned"),
    [
        ("single", SINGLE, "a", 1),
        ("single", SINGLE, "b", 0),
        ("several", SEVERAL, ["a", "b"], 1),
        ("several", SEVERAL, ["a"], Fraction(1, 2)),
        ("several", SEVERAL, ["a", "b", "c"], Fraction(1, 2)),
        ("several", SEVERAL, ["c", "d"], 0),
        ("several", SEVERAL, ["a", "b", "c", "d"], 0),
        ("true_false", {"answer": False}, False, 1),
        ("true_false", {"answer": False}, True, 0),
        ("order", ORDER, ["x", "y", "z"], 1),
        ("order", ORDER, ["x", "z", "y"], Fraction(1, 3)),
        ("match", MATCH, {"p": "p", "q": "q"}, 1),
        ("match", MATCH, {"p": "p", "q": "r"}, Fraction(1, 2)),
        ("case", CASE, ["a", True], Fraction(1, 2)),
        ("case", CASE, ["a", False], 1),
        ("case", CASE, ["a"], Fraction(1, 2)),
    ],
)
def test_an_answer_earns_what_the_key_says(
    kind: str, body: dict[str, Any], answer: Any, earned: Fraction
) -> None:
    assert points(kind, body, answer) == earned


@given(
    kind=st.sampled_from(["single", "several", "true_false", "order", "match", "case"]),
    answer=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
)
def test_an_answer_of_any_form_earns_from_nought_to_one_and_never_raises(kind: str, answer: Any) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "single": SINGLE, "several": SEVERAL, "true_false": {"answer": True},
        "order": ORDER, "match": MATCH, "case": CASE,
    }  # fmt: skip
    assert 0 <= points(kind, bodies[kind], answer) <= 1


def test_the_pass_mark_is_compared_exactly_and_the_shown_share_is_rounded_down() -> None:
    two_thirds = [Fraction(1), Fraction(1), Fraction(0)]
    assert percent(two_thirds) == Decimal("66.66")
    assert passed(two_thirds, 67) is False
    assert passed([Fraction(4, 5)] * 10, 80) is True
    assert passed([], 0) is False
