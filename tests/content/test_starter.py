"""The starter curriculum itself: every file that ships keeps the rules of content/starter/README.md."""

import re
from collections import Counter, deque
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from content.coursefiles import read_curriculum
from content.coursefiles.checks import words
from content.coursefiles.readability import readability, sentence_lengths
from content.coursefiles.review import review_list
from content.records.files import Module, Question, Scenario
from content.services.loading import graph
from lms.learning.conversation import play

ROOT = Path(__file__).resolve().parents[2] / "content" / "starter"
CURRICULUM = read_curriculum(ROOT)
FOLDERS = sorted(path.name for path in (ROOT / "modules").iterdir() if path.is_dir())
ALL = {
    course: [f"{course}{n}" for n in range(1, last + 1)]
    for course, last in {"A": 8, "B": 6, "C": 6, "D": 1}.items()
}
COMPLETE = {code for codes in ALL.values() for code in codes} <= set(FOLDERS)


def module(code: str) -> Module:
    found = CURRICULUM.module(code)
    assert found is not None, f"{code} could not be read"
    return found


def keys(question: Question) -> list[str]:
    return [option.text for option in question.options if option.correct]


def way_to(scenario: Scenario, ending: str) -> list[int]:
    """The fewest choices that lead there."""
    nodes = {node.key: node for node in scenario.nodes}
    queue: deque[tuple[str, list[int]]] = deque([(scenario.start, [])])
    seen = {scenario.start}
    while queue:
        place, way = queue.popleft()
        for number, choice in enumerate(nodes[place].choices):
            if choice.to == ending:
                return [*way, number]
            if choice.to in nodes and choice.to not in seen:
                seen.add(choice.to)
                queue.append((choice.to, [*way, number]))
    raise AssertionError(f"{scenario.path}: no way to {ending}")


def test_no_file_has_a_fault() -> None:
    """Forms, counts, lengths, words that hurt, whole references, sound scenario graphs, NFC."""
    assert [str(fault) for fault in CURRICULUM.faults] == []


@pytest.mark.parametrize("code", FOLDERS)
def test_a_module_carries_all_of_its_parts(code: str) -> None:
    found = module(code)
    assert found.sheet is not None
    assert {kind for lesson in found.lessons for kind in (block.kind for block in lesson.blocks)} >= {
        "case", "text", "do", "avoid", "say", "summary", "check",
    }  # fmt: skip
    assert found.audiences
    assert found.level in {"co_ban", "nang_cao"}
    assert len(found.objectives) >= 5
    assert Counter(question.kind for question in found.questions).keys() == {
        "single", "several", "true_false", "order", "match", "case",
    }  # fmt: skip


@pytest.mark.parametrize("code", FOLDERS)
def test_a_wrong_option_teaches_and_the_key_cannot_be_told_by_its_length(code: str) -> None:
    singles = [question for question in module(code).questions if question.kind == "single"]
    longest = sum(max(question.options, key=lambda option: len(option.text)).correct for question in singles)
    places = Counter(
        index for question in singles for index, option in enumerate(question.options) if option.correct
    )
    assert all(option.why for question in singles for option in question.options if not option.correct)
    assert longest <= len(singles) * 0.6
    assert max(places.values()) <= len(singles) * 0.5


@pytest.mark.parametrize("code", FOLDERS)
def test_neither_place_nor_length_gives_a_good_choice_away(code: str) -> None:
    """Whoever always takes the longest line, or always the first, fails half of a conversation at least."""
    for scenario in module(code).scenarios:
        nodes = [node for node in scenario.nodes if any(choice.skill for choice in node.choices)]
        longest = [max(node.choices, key=lambda choice: len(choice.text)) for node in nodes]
        places = Counter(place for node in nodes for place, choice in enumerate(node.choices) if choice.skill)
        assert sum(bool(choice.skill) for choice in longest) <= len(nodes) / 2, scenario.path
        assert max(places.values()) <= len(nodes) * 0.7, scenario.path


@pytest.mark.parametrize("code", FOLDERS)
def test_every_ending_is_reached_by_playing(code: str) -> None:
    """The shortest way to each ending, played choice by choice as the player does."""
    for scenario in module(code).scenarios:
        stored = graph(scenario)
        for ending in scenario.endings:
            scene = play(stored, way_to(scenario, ending.key))
            assert scene.ending is not None, scenario.path
            assert scene.ending["title"] == ending.title


@pytest.mark.parametrize("code", FOLDERS)
def test_a_choice_that_overlooks_a_danger_is_told_as_an_error(code: str) -> None:
    assert [
        (scenario.path.name, node.key)
        for scenario in module(code).scenarios
        for node in scenario.nodes
        for choice in node.choices
        if choice.safety_missed and not choice.error
    ] == []


@pytest.mark.parametrize("code", FOLDERS)
def test_an_explanation_says_more_than_its_key(code: str) -> None:
    bare = [
        question.code or question.stem
        for whole in module(code).questions
        for question in (whole, *whole.parts)
        for key in keys(question) or [""]
        if SequenceMatcher(None, key.casefold(), question.explanation.casefold()).ratio() > 0.9
        or words(question.explanation) < 4
    ]
    assert bare == []


@pytest.mark.parametrize("code", FOLDERS)
def test_what_is_general_knowledge_stands_on_the_list_for_specialists(code: str) -> None:
    silent = [
        lesson.path.name
        for lesson in module(code).lessons
        if "hiểu biết chung" in lesson.body and not lesson.review
    ]
    assert silent == []
    assert any(lesson.review for lesson in module(code).lessons)


@pytest.mark.parametrize("code", FOLDERS)
def test_a_lesson_that_says_when_to_call_an_ambulance_carries_the_disclaimer(code: str) -> None:
    if code == "D1":
        pytest.skip("how to use the platform")
    plain = [
        lesson.path.name
        for lesson in module(code).lessons
        if not lesson.clinical and re.search(r"\bgọi 115\b|\bquá liều\b", lesson.body)
    ]
    assert plain == []


@pytest.mark.parametrize("code", FOLDERS)
def test_nobody_is_named_as_reviewer_before_somebody_has_read_it(code: str) -> None:
    assert module(code).reviewer == ""


@pytest.mark.parametrize("code", FOLDERS)
def test_sentences_are_short_enough_for_a_telephone(code: str) -> None:
    """The proxy of reading level, reported by `load_starter --check`; the limits are generous on purpose."""
    measured = readability(lesson.body for lesson in module(code).lessons)
    assert measured.per_sentence <= 12
    assert measured.long_share <= 0.02
    assert max(length for lesson in module(code).lessons for length in sentence_lengths(lesson.body)) <= 45


@pytest.mark.parametrize("code", FOLDERS)
def test_reading_time_is_honest(code: str) -> None:
    """An officer reads 70 to 160 syllables a minute with understanding."""
    told = {
        lesson.path.name: lesson.minutes
        for lesson in module(code).lessons
        if not words(lesson.body) / 160 <= lesson.minutes <= words(lesson.body) / 55
    }
    assert told == {}


@pytest.mark.skipif(not COMPLETE, reason="the curriculum is still being written")
def test_the_curriculum_is_whole() -> None:
    modules = CURRICULUM.modules
    assert {course.code: list(course.modules) for course in CURRICULUM.courses if course.code in ALL} == ALL
    assert len(modules) >= 21
    assert sum(len(m.lessons) for m in modules) >= 80
    assert sum(len(m.scenarios) for m in modules) >= 42
    assert sum(len(m.questions) for m in modules) >= 400


@pytest.mark.skipif(not COMPLETE, reason="the curriculum is still being written")
def test_the_list_for_specialists_is_up_to_date() -> None:
    assert (ROOT / "REVIEW.md").read_text(encoding="utf-8") == review_list(CURRICULUM)
