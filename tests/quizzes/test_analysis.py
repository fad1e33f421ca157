"""Item analysis, against the textbook's formulas written out at length."""

import random
from fractions import Fraction
from statistics import correlation, fmean, pstdev, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.analysis import ItemFigures, OptionFigures, QuizFigures, Tally, doubts

QUESTIONS = [11, 12, 13, 14]


def tallied(rows: list[list[str]], *, passed: float = 0.5) -> QuizFigures:
    tally = Tally()
    for row in rows:
        share = sum(Fraction(one) for one in row) / len(row)
        tally.add(
            QUESTIONS[: len(row)],
            ["a" if one == "1" else "b" for one in row],
            [5] * len(row),
            row,
            share >= passed,
        )
    return tally.figures()


points = st.sampled_from(["0", "1", "1/2", "1/3"])
grids = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(points, min_size=k, max_size=k), min_size=3, max_size=30)
)


@given(grids)
def test_the_figures_are_those_of_the_textbook(rows: list[list[str]]) -> None:
    numbers = [[float(Fraction(one)) for one in row] for row in rows]
    shares = [fmean(row) for row in numbers]
    found = tallied(rows)
    assert found.attempts == len(rows)
    assert found.mean == pytest.approx(100 * fmean(shares))
    assert found.deviation == pytest.approx(100 * pstdev(shares), abs=1e-4)
    k = len(rows[0])
    totals = [sum(row) for row in numbers]
    if pvariance(totals) > 1e-6:
        alpha = (
            k / (k - 1) * (1 - sum(pvariance([r[i] for r in numbers]) for i in range(k)) / pvariance(totals))
        )
        assert found.alpha == pytest.approx(alpha, rel=1e-4, abs=1e-3)
        assert found.error == pytest.approx(100 * pstdev(shares) * max(0.0, 1 - alpha) ** 0.5, abs=1e-2)
    for i, item in enumerate(found.items):
        mine = [row[i] for row in numbers]
        rest = [sum(row) - row[i] for row in numbers]
        assert item.facility == pytest.approx(fmean(mine))
        if pvariance(mine) > 1e-6 and pvariance(rest) > 1e-6:
            assert item.discrimination == pytest.approx(correlation(mine, rest), abs=1e-4)


def test_a_question_that_everybody_gets_right_tells_nothing() -> None:
    found = tallied([["1", "1"], ["1", "0"], ["1", "1"]])
    assert [(item.facility, item.discrimination) for item in found.items] == [
        (1.0, None),
        (pytest.approx(2 / 3), None),
    ]
    assert found.alpha == pytest.approx(0)


def test_a_question_that_does_not_count_has_no_figures_and_weighs_nothing() -> None:
    tally = Tally()
    tally.add([11, 12], ["a", "b"], [3, 4], ["1", "out"], True)
    tally.add([11, 12], ["b", "b"], [3, 4], ["0", "out"], False)
    found = tally.figures()
    assert ([item.question for item in found.items], found.mean, found.passed) == ([11], 50.0, 1)


def test_options_are_counted_by_the_weakest_and_the_strongest() -> None:
    tally = Tally()
    for score in range(100):
        right = score >= 50
        tally.add(
            [11, *range(20, 30)],
            ["a" if right else "b,c", *[""] * 10],
            [None if score % 2 else 7] * 11,
            ["1" if right else "0", *["1"] * (score // 10), *["0"] * (10 - score // 10)],
            right,
        )
    [item] = [one for one in tally.figures().items if one.question == 11]
    assert item.groups == (30, 40, 30)
    assert item.options == (
        OptionFigures("a", 0, 20, 30),
        OptionFigures("b", 30, 20, 0),
        OptionFigures("c", 30, 20, 0),
    )
    assert (item.omitted, item.seconds, item.exposure) == (0.0, 7, 1.0)


def test_an_empty_quiz_has_figures_too() -> None:
    found = Tally().figures()
    assert (found.attempts, found.alpha, found.items, sum(found.bins)) == (0, None, (), 0)


def test_random_draws_give_nearly_the_alpha_of_the_whole_bank() -> None:
    """Everybody meets 20 of 60 questions of the same kind: what is measured is the same ability."""
    dice = random.Random(7)
    tally = Tally()
    for _ in range(4_000):
        ability = dice.gauss(0, 1)
        met = dice.sample(range(60), 20)
        marks = ["1" if dice.gauss(ability, 1) > 0 else "0" for _ in met]
        tally.add(met, ["a"] * 20, [1] * 20, marks, True)
    found = tally.figures()
    # two parallel items correlate by the tetrachoric 1/2: phi = 2/π·asin(1/2) = 1/3; Spearman–Brown for 20
    assert found.alpha == pytest.approx(20 / 3 / (1 + 19 / 3), abs=0.01)


def item(**values: object) -> ItemFigures:
    whole = {
        "question": 1, "asked": 100, "exposure": 1.0, "facility": 0.6, "discrimination": 0.4, "omitted": 0.0,
        "seconds": 9, "groups": (27, 46, 27),
        "options": (
            OptionFigures("a", 10, 30, 25), OptionFigures("b", 10, 10, 1), OptionFigures("c", 7, 6, 1)
        ),
    }  # fmt: skip
    return ItemFigures(**{**whole, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ()),
        ({"asked": 29, "discrimination": -0.5}, ("few",)),
        ({"discrimination": -0.1}, ("negative",)),
        ({"discrimination": 0.1}, ("weak",)),
        ({"facility": 0.2, "discrimination": -0.2}, ("negative", "hard")),
        ({"facility": 0.99, "discrimination": 0.1}, ("easy",)),
        (
            {
                "options": (
                    OptionFigures("a", 10, 30, 5),
                    OptionFigures("b", 10, 10, 20),
                    OptionFigures("c", 5, 5, 5),
                )
            },
            ("rival",),
        ),
        ({"options": (OptionFigures("a", 10, 30, 25), OptionFigures("b", 17, 16, 2))}, ("idle",)),
    ],
)
def test_a_trainer_is_told_what_to_look_at(values: dict[str, object], expected: tuple[str, ...]) -> None:
    assert doubts(item(**values), keys="a", options="abc") == expected
