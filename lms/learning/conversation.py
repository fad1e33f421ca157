"""A branching conversation, played. Pure: the way so far is a list of choices, all else follows from it.

Trust and readiness go from 0 to 10 and begin at 5. A choice that misses a danger fails the conversation,
whatever was gained before.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

START = 5
MOST = 10


class NoSuchWay(ValueError):
    """The choices do not lead anywhere in this conversation."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said, and what I answered."""

    speaker: str
    says: str
    narration: str
    answer: str
    feedback: str
    skill: str
    error: str
    safety_missed: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a conversation stands: a node with its choices, or an ending."""

    turns: tuple[Turn, ...]
    speaker: str
    says: str
    narration: str
    choices: tuple[tuple[int, str], ...]
    ending: Mapping[str, str] | None
    trust: int
    readiness: int
    skills: tuple[tuple[str, int], ...]
    errors: tuple[tuple[str, int], ...]
    turning_point: int | None
    """How many choices to keep so as to stand again where the first mistake was made."""
    picture: Mapping[str, Any] | None = None
    """`url`, `width`, `height`, `alternative` of what is to be seen here."""
    sound: Mapping[str, Any] | None = None
    """`url` and `seconds` of what is to be heard here; the text says the same."""

    @property
    def passed(self) -> bool:
        """An ending was reached, and not a failed one."""
        return self.ending is not None and self.ending["kind"] != "failed"

    @property
    def danger_missed(self) -> bool:
        """A choice on the way overlooked a danger; a conversation may also fail without one."""
        return any(turn.safety_missed for turn in self.turns)


def play(graph: Mapping[str, Any], way: Sequence[int]) -> Scene:
    """Follow the choices from the start; NoSuchWay where one does not exist or comes after an ending."""
    nodes, endings = graph["nodes"], graph["endings"]
    place: str = graph["start"]
    trust = readiness = START
    turns: list[Turn] = []
    for number in way:
        node = nodes.get(place)
        if node is None or not 0 <= number < len(node["choices"]):
            raise NoSuchWay(place, number)
        choice = node["choices"][number]
        trust = _within(trust + choice.get("trust", 0))
        readiness = _within(readiness + choice.get("readiness", 0))
        turns.append(
            Turn(
                node["speaker"],
                node["says"],
                node.get("narration", ""),
                choice["text"],
                choice["feedback"],
                choice.get("skill", ""),
                choice.get("error", ""),
                bool(choice.get("safety_missed")),
            )
        )
        place = choice["to"]
    ending = endings.get(place)
    node = nodes.get(place, {"speaker": "", "says": "", "choices": []})
    mistakes = [number for number, turn in enumerate(turns) if turn.error or turn.safety_missed]
    return Scene(
        turns=tuple(turns),
        speaker=node["speaker"],
        says=node["says"],
        narration=node.get("narration", ""),
        choices=tuple((number, choice["text"]) for number, choice in enumerate(node["choices"])),
        ending=ending,
        trust=trust,
        readiness=readiness,
        skills=_counted(turn.skill for turn in turns),
        errors=_counted(turn.error for turn in turns),
        turning_point=mistakes[0] if mistakes else None,
        picture=node.get("picture"),
        sound=node.get("sound"),
    )


def _within(value: int) -> int:
    return max(0, min(MOST, value))


def _counted(names: Any) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(name for name in names if name).most_common())


def read_way(text: str) -> list[int]:
    """`0.2.1` as a list; NoSuchWay for anything else."""
    if not text:
        return []
    parts = text.split(".")
    if len(parts) > 200 or not all(part.isascii() and part.isdigit() and len(part) < 3 for part in parts):
        raise NoSuchWay(text)
    return [int(part) for part in parts]


def write_way(way: Sequence[int]) -> str:
    return ".".join(str(number) for number in way)
