"""What an answer is worth once people have ruled. Pure."""

from decimal import Decimal
from fractions import Fraction

import pytest

from quizzes.rulings import Ruling, earned, keys_of, with_keys, worth

BODY = {"stem": "Ai?", "options": [{"id": "a", "correct": True}, {"id": "b", "correct": False}]}
RIGHT = {"stem": "Ai?", "options": [{"id": "a", "correct": False}, {"id": "b", "correct": True}]}


@pytest.mark.parametrize(
    ("answer", "ruling", "changed", "points"),
    [
        ("a", None, None, 1),
        ("b", None, None, 0),
        ("a", Ruling("new_key", RIGHT), None, 0),
        ("b", Ruling("new_key", RIGHT), None, 1),
        (None, Ruling("new_key", RIGHT), None, 0),
        ("b", Ruling("full_marks"), None, 1),
        (None, Ruling("full_marks"), None, 1),
        ("a", Ruling("left_out"), None, None),
        ("b", Ruling("left_out"), Fraction(1, 2), Fraction(1, 2)),
        ("b", None, Fraction(2, 3), Fraction(2, 3)),
    ],
)
def test_what_people_gave_comes_before_the_ruling_and_the_ruling_before_the_key(
    answer: str | None, ruling: Ruling | None, changed: Fraction | None, points: Fraction | None
) -> None:
    assert earned("single", BODY, answer, ruling=ruling, changed=changed) == points


def test_a_question_that_is_left_out_counts_neither_above_nor_below_the_line() -> None:
    found = worth([Fraction(1), None, Fraction(1, 2)], 75)
    assert (found.points, found.percent, found.passed) == (("1", "out", "1/2"), Decimal("75.00"), True)


def test_a_quiz_of_which_nothing_is_left_to_count_is_passed() -> None:
    assert worth([None, None], 80).passed is True
    assert worth([], 80).passed is False


def test_a_key_is_read_and_replaced_and_what_is_no_key_is_refused() -> None:
    assert keys_of("single", BODY) == {"a"}
    assert with_keys("single", BODY, frozenset({"b"})) == RIGHT
    assert [with_keys("single", BODY, frozenset(keys)) for keys in ({"a"}, set(), {"z"})] == [
        None,
        None,
        None,
    ]
    assert with_keys("true_false", {"stem": "?", "answer": True}, frozenset({"false"})) == {
        "stem": "?",
        "answer": False,
    }
    assert with_keys("true_false", {"stem": "?", "answer": True}, frozenset({"true", "false"})) is None


def test_a_new_key_ends_the_weights_of_the_old() -> None:
    weighted = {
        "stem": "?",
        "credit": "weights",
        "options": [{"id": "a", "correct": True, "weight": "1"}, {"id": "b", "weight": "1/2"}],
    }
    assert with_keys("several", weighted, frozenset("b")) == {
        "stem": "?",
        "options": [{"id": "a", "correct": False}, {"id": "b", "correct": True}],
    }
