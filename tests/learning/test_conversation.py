"""A branching conversation, played."""

import pytest

from lms.learning.conversation import NoSuchWay, play, read_way, write_way


def choice(to: str, **more: object) -> dict[str, object]:
    return {"text": f"→ {to}", "feedback": "góp ý", "to": to, **more}


GRAPH = {
    "start": "a",
    "nodes": {
        "a": {
            "speaker": "Anh",
            "says": "Chào.",
            "choices": [
                choice("b", skill="reflection", trust=3),
                choice("b", error="threat", trust=-3),
                choice("bad", error="missed_risk", safety_missed=True),
            ],
        },
        "b": {"speaker": "Anh", "says": "Rồi sao?", "choices": [choice("a", trust=3), choice("good")]},
    },
    "endings": {
        "good": {"kind": "good", "title": "Tốt", "text": "", "learn": ""},
        "bad": {"kind": "failed", "title": "Hỏng", "text": "", "learn": ""},
    },
}


def test_it_begins_at_the_start_with_trust_in_the_middle() -> None:
    scene = play(GRAPH, [])
    assert (scene.says, scene.trust, scene.readiness, scene.ending) == ("Chào.", 5, 5, None)
    assert scene.choices == ((0, "→ b"), (1, "→ b"), (2, "→ bad"))


def test_trust_stays_between_nought_and_ten() -> None:
    assert play(GRAPH, [0, 0, 0, 0]).trust == 10
    assert play(GRAPH, [1]).trust == 2


def test_a_good_ending_is_passed_and_names_the_skills() -> None:
    scene = play(GRAPH, [0, 1])
    assert (scene.passed, scene.skills, scene.errors, scene.turning_point) == (
        True,
        (("reflection", 1),),
        (),
        None,
    )


def test_a_missed_danger_fails_it_and_the_turning_point_is_before_the_first_mistake() -> None:
    scene = play(GRAPH, [1, 0, 2])
    assert (scene.passed, scene.turning_point) == (False, 0)
    assert play(GRAPH, [0, 0, 2]).turning_point == 2


def test_a_conversation_that_fails_for_want_of_a_good_word_has_missed_no_danger() -> None:
    rude = {**GRAPH, "nodes": {"a": {**GRAPH["nodes"]["a"], "choices": [choice("bad", error="threat")]}}}
    assert (play(rude, [0]).passed, play(rude, [0]).danger_missed) == (False, False)
    assert play(GRAPH, [2]).danger_missed


@pytest.mark.parametrize("way", [[3], [-1], [0, 1, 0], [2, 0]])
def test_a_choice_that_is_not_there_or_comes_after_the_end_is_refused(way: list[int]) -> None:
    with pytest.raises(NoSuchWay):
        play(GRAPH, way)


@pytest.mark.parametrize("text", ["x", "0..1", "-1", "٣", "1." * 300 + "1", "0.1000"])
def test_a_way_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(NoSuchWay):
        read_way(text)


def test_a_way_is_written_as_it_is_read() -> None:
    assert write_way(read_way("0.2.1")) == "0.2.1"
    assert read_way("") == []
