"""What an attempt is drawn from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import queries, services
from quizzes.blueprint import Label, Rule, Section, by_objective, drawn, read, spans, stored, supplies
from quizzes.errors import BankTooSmall, RulesShareQuestions
from quizzes.records import QuestionDraft, QuizRules
from tests.factories import quizzes as make
from tests.factories import roster

POOL = [
    Label(n, objective=n % 3 + 1, difficulty=n % 2 + 1, tags=frozenset({"xã"} if n % 5 == 0 else ()))
    for n in range(1, 31)
]
PARTS = (
    Section((Rule(2, (1,)), Rule(1, (2, 3), (2,))), "Phần một", "Chọn một đáp án."),
    Section((Rule(2, tags=("xã",)),), "Phần hai"),
)

labels = st.lists(
    st.builds(
        Label, st.integers(1, 60), st.integers(1, 3), st.integers(1, 2), st.frozensets(st.sampled_from("ab"))
    ),
    max_size=25,
    unique_by=lambda label: label.id,
)
rules = st.builds(
    Rule,
    st.integers(1, 4),
    st.lists(st.integers(1, 3), max_size=2, unique=True).map(tuple),
    st.lists(st.integers(1, 2), max_size=1).map(tuple),
    st.lists(st.sampled_from("ab"), max_size=1).map(tuple),
)
parts = st.lists(
    st.builds(Section, st.lists(rules, min_size=1, max_size=3).map(tuple)), min_size=1, max_size=3
).map(tuple)


def test_every_rule_draws_what_it_asks_for_from_what_meets_it() -> None:
    found = drawn(PARTS, POOL, 7)
    assert found is not None
    by_id = {label.id: label for label in POOL}
    first, second = ([by_id[one] for one in found[span.first - 1 : span.last]] for span in spans(PARTS))
    assert sorted(label.objective == 1 for label in first) == [False, True, True]
    assert [label.difficulty for label in first if label.objective != 1] == [2]
    assert [label.tags for label in second] == [{"xã"}, {"xã"}]


@given(parts, labels, st.integers(1, 99))
def test_a_draw_takes_no_question_twice_and_is_the_same_for_the_same_seed(
    sections: tuple[Section, ...], pool: list[Label], seed: int
) -> None:
    found = drawn(sections, pool, seed)
    assert found == drawn(sections, list(reversed(pool)), seed)
    if found is None:
        return
    assert len(found) == len(set(found)) == sum(section.draw for section in sections)
    by_id = {label.id: label for label in pool}
    for span in spans(sections):
        asked = [rule for rule in span.section.rules for _ in range(rule.draw)]
        met = [by_id[one] for one in found[span.first - 1 : span.last]]
        assert all(any(rule.meets(label) for rule in asked) for label in met)


@given(labels, st.integers(1, 99))
def test_a_draw_is_found_wherever_there_is_one(pool: list[Label], seed: int) -> None:
    wide, narrow = Rule(1), Rule(1, (1,))
    there_is = any(narrow.meets(label) for label in pool) and len(pool) >= 2
    assert (drawn((Section((wide, narrow)),), pool, seed) is not None) == there_is


def test_unmixed_questions_stand_in_the_order_of_the_rules_and_of_the_bank() -> None:
    sections = by_objective([(2, 2), (1, 3)])
    found = drawn(sections, POOL, 11, mixed=False)
    assert found is not None
    assert found == sorted(found[:2]) + sorted(found[2:])


def test_what_is_stored_is_read_again_and_plain_rules_in_the_form_of_the_first_versions() -> None:
    assert read(stored(PARTS)) == PARTS
    assert stored(by_objective([(1, 2), (2, 1)])) == [
        {"objective": 1, "draw": 2},
        {"objective": 2, "draw": 1},
    ]
    assert read([{"objective": 1, "draw": 2}]) == by_objective([(1, 2)])


def test_a_rule_says_how_many_it_finds_and_when_that_is_less_than_three_times_as_many() -> None:
    wide, thin = supplies(Section((Rule(3, (1,)), Rule(3, tags=("xã",)))), POOL)
    assert (wide.found, wide.thin, wide.short) == (10, False, False)
    assert (thin.found, thin.thin, thin.short) == (6, True, False)


# With a bank ------------------------------------------------------------------------------------


def drafts(count: int, objective: int = 1, tags: tuple[str, ...] = ()) -> list[QuestionDraft]:
    made = [make.single(objective=objective) for _ in range(count)]
    return [QuestionDraft(d.code, d.kind, d.objective, d.difficulty, d.body, tags) for d in made]


def test_an_attempt_draws_part_after_part_and_again_the_same_from_its_seed(db: None) -> None:
    sections = (Section((Rule(2, tags=("luật",)),), "Luật"), Section((Rule(3, (2,)),), "Việc"))
    version = make.quiz(*drafts(5, tags=("luật",)), *drafts(6, 2), sections=sections)
    attempt = services.start_attempt(person_id=roster.person().pk, version=version)
    met = list(attempt.items.values_list("question_id", "question__objective"))
    assert [objective for _pk, objective in met] == [1, 1, 2, 2, 2]
    pool = [services.label_of(question) for question in version.pool.all()]
    assert [pk for pk, _objective in met] == drawn(version.sections, pool, attempt.seed)


def test_a_rule_that_finds_too_few_is_refused_in_its_own_words(db: None) -> None:
    with pytest.raises(BankTooSmall, match="2") as refusal:
        make.quiz(*drafts(2), sections=(Section((Rule(3, (1,), tags=()),)),))
    assert "3" in str(refusal.value)
    with pytest.raises(RulesShareQuestions):
        make.quiz(*drafts(3), sections=(Section((Rule(2, (1,)), Rule(2))),))


def test_rules_travel_and_come_back_the_same(db: None) -> None:
    sections = (Section((Rule(1, (1,), (1,)),), "Phần", "Đọc kỹ."),)
    version = make.quiz(
        *drafts(3), sections=sections, passage="sections", shuffle="questions", feedback="marks"
    )
    written = queries.quiz_as_written(version.quiz.code)
    assert written is not None
    assert QuizRules.from_json(written.as_json()["rules"]) == written.rules
    old = {"title": "Cũ", "blueprint": [[1, 2]], "objectives": ["Một"]}
    assert QuizRules.from_json(old).sections == by_objective([(1, 2)])


def test_a_frozen_blueprint_stays_what_it_was_when_the_rules_change(db: None) -> None:
    version = make.quiz(*drafts(4), blueprint=((1, 2),))
    later = services.define_quiz(
        code=version.quiz.code,
        bank=version.quiz.code,
        rules=QuizRules("Khác", sections=(Section((Rule(3),)),)),
    )
    version.refresh_from_db()
    assert (version.length, later.length, later.number) == (2, 3, 2)
