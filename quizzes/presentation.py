"""What a learner sees of a question, and how a posted form becomes an answer. Pure; shows no key.

What the page carries are places in a shuffled list, never the ids of the body: that a left and a right side
belong together, or which item comes first, cannot be read from them.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .bodies import GAP
from .handed import types_taken


class Posted(Protocol):
    """A posted form, such as Django's QueryDict."""

    def get(self, key: str, /) -> Any: ...

    def getlist(self, key: str, /) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One line to choose; `value` is its place."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an ordering or a matching: a text and the place chosen for it."""

    name: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as shown to one person."""

    kind: str
    name: str
    stem: str
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    parts: tuple["Shown", ...] = field(default=())
    value: str = ""
    """What was typed so far; the name of the file that was handed in."""
    hint: str = ""
    """The units that a number may carry; the kinds of file that are taken."""
    pieces: tuple["Piece", ...] = ()
    picture: "Picture | None" = None
    several: bool = False
    words: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text with gaps, and the gap behind it."""

    text: str
    gap: Shown | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One numbered place on a picture, in its pixels."""

    value: str
    number: int
    shape: str
    coords: tuple[int, ...]
    x: int
    y: int
    chosen: bool

    @property
    def points(self) -> str:
        """A polygon's corners as SVG writes them."""
        return " ".join(f"{x},{y}" for x, y in zip(self.coords[::2], self.coords[1::2], strict=False))


@dataclass(frozen=True, slots=True)
class Picture:
    id: str
    alt: str
    width: int
    height: int
    places: tuple[Place, ...]


LONGEST = {"numeric": 64, "short_text": 2_000, "essay": 50_000}
"""Characters that are kept of a typed answer."""


def shown(
    kind: str, body: Mapping[str, Any], answer: Any, seed: int, name: str = "answer", *, mixed: bool = True
) -> Shown:
    """The question in this person's order, with what they have answered so far.

    `mixed`: the options of a choice stand in any order, else as they were written. What is to be put in order
    or matched is always mixed, since the order as written is the key.
    """
    stem = body.get("stem", "")
    match kind:
        case "single" | "several":
            picked = answer if isinstance(answer, list) else [answer]
            choices = tuple(
                Choice(str(place), option["text"], option["id"] in picked)
                for place, option in enumerate(_offered(body["options"], seed, mixed))
            )
            return Shown(kind, name, stem, choices)
        case "true_false":
            return Shown(
                kind, name, stem, (Choice("1", "", answer is True), Choice("0", "", answer is False))
            )
        case "order":
            return Shown(kind, name, stem, rows=_order_rows(body, answer, seed, name))
        case "match":
            return Shown(kind, name, stem, rows=_match_rows(body, answer, seed, name))
        case "case":
            answers = answer if isinstance(answer, list) else []
            parts = tuple(
                shown(
                    part["kind"],
                    part,
                    answers[i] if i < len(answers) else None,
                    seed + i + 1,
                    f"{name}-{i}",
                    mixed=mixed,
                )
                for i, part in enumerate(body["parts"])
            )
            return Shown(kind, name, stem, parts=parts)
        case "numeric" | "short_text" | "essay":
            return _typed(kind, body, answer, name)
        case "gap":
            return Shown(kind, name, stem, pieces=_pieces(body, answer, seed, name, mixed))
        case "hotspot":
            picture = _picture(body, answer, seed)
            return Shown(kind, name, stem, picture=picture, several=bool(body.get("several")))
        case "file":
            given = answer.get("name", "") if isinstance(answer, Mapping) else ""
            return Shown(kind, name, stem, value=given, hint=", ".join(types_taken(body.get("types") or ())))
    raise ValueError(f"no question is of kind {kind!r}")


def read_answer(
    kind: str, body: Mapping[str, Any], posted: Posted, seed: int, name: str = "answer", *, mixed: bool = True
) -> Any:
    """The answer that a posted form gives, in ids of the body; None where nothing usable was chosen.

    `seed` and `mixed` as the question was shown.
    """
    match kind:
        case "single":
            return _picked(_offered(body["options"], seed, mixed), posted.get(name))
        case "several":
            options = _offered(body["options"], seed, mixed)
            chosen = {_picked(options, one) for one in posted.getlist(name)} - {None}
            return [option["id"] for option in body["options"] if option["id"] in chosen] or None
        case "true_false":
            return {"1": True, "0": False}.get(posted.get(name))
        case "order":
            return _read_order(body, posted, seed, name)
        case "match":
            rights = _rights(body, seed)
            pairs = {
                pair["id"]: _picked(rights, posted.get(f"{name}-{place}"))
                for place, pair in enumerate(shuffled(body["pairs"], seed))
            }
            return {left: right for left, right in pairs.items() if right} or None
        case "case":
            answers = [
                read_answer(part["kind"], part, posted, seed + i + 1, f"{name}-{i}", mixed=mixed)
                for i, part in enumerate(body["parts"])
            ]
            return None if all(one is None for one in answers) else answers
        case "numeric" | "short_text" | "essay":
            typed = posted.get(name)
            return typed.strip()[: LONGEST[kind]] or None if isinstance(typed, str) else None
        case "gap":
            filled = {
                gap["id"]: read_answer(gap["kind"], gap, posted, seed + i + 1, f"{name}-{i}", mixed=mixed)
                for i, gap in enumerate(body["gaps"])
            }
            return {gap: one for gap, one in filled.items() if one is not None} or None
        case "hotspot":
            areas = shuffled(body["areas"], seed)
            places = {_picked(areas, one) for one in posted.getlist(name)} - {None}
            return [area["id"] for area in body["areas"] if area["id"] in places] or None
        case "file":
            return None
    raise ValueError(f"no question is of kind {kind!r}")


def shuffled(things: list[Any], seed: int) -> list[Any]:
    """The same things in this person's order, the same at every visit."""
    mixed = list(things)
    random.Random(seed).shuffle(mixed)  # noqa: S311 - an order, no secret
    return mixed


def _offered(options: list[Any], seed: int, mixed: bool) -> list[Any]:
    return shuffled(options, seed) if mixed else options


def _picked(things: list[Any], value: Any) -> str | None:
    if not isinstance(value, str) or not value.isdecimal() or int(value) >= len(things):
        return None
    picked: str = things[int(value)]["id"]
    return picked


def _order_rows(body: Mapping[str, Any], answer: Any, seed: int, name: str) -> tuple[Row, ...]:
    given = answer if isinstance(answer, list) else []
    count = len(body["items"])
    return tuple(
        Row(
            f"{name}-{place}",
            item["text"],
            tuple(
                Choice(str(n), str(n), n <= len(given) and given[n - 1] == item["id"])
                for n in range(1, count + 1)
            ),
        )
        for place, item in enumerate(shuffled(body["items"], seed))
    )


def _read_order(body: Mapping[str, Any], posted: Posted, seed: int, name: str) -> list[str | None] | None:
    answer: list[str | None] = [None] * len(body["items"])
    for place, item in enumerate(shuffled(body["items"], seed)):
        number = posted.get(f"{name}-{place}")
        if isinstance(number, str) and number.isdecimal() and 1 <= int(number) <= len(answer):
            answer[int(number) - 1] = item["id"]
    return answer if any(answer) else None


def _rights(body: Mapping[str, Any], seed: int) -> list[dict[str, str]]:
    """The right sides to choose from; what stands beside two lines is offered once."""
    sides: dict[str, str] = {}
    for pair in body["pairs"]:
        sides.setdefault(pair["right"], pair["id"])
    offered = [{"id": identity, "text": text} for text, identity in sides.items()]
    return shuffled([*offered, *body.get("extra", [])], seed + 7919)


def _match_rows(body: Mapping[str, Any], answer: Any, seed: int, name: str) -> tuple[Row, ...]:
    given = answer if isinstance(answer, Mapping) else {}
    rights = _rights(body, seed)
    return tuple(
        Row(
            f"{name}-{place}",
            pair["left"],
            tuple(
                Choice(str(i), right["text"], given.get(pair["id"]) == right["id"])
                for i, right in enumerate(rights)
            ),
        )
        for place, pair in enumerate(shuffled(body["pairs"], seed))
    )


def _typed(kind: str, body: Mapping[str, Any], answer: Any, name: str) -> Shown:
    units = ", ".join(unit["unit"] for unit in body.get("units") or [])
    value = answer if isinstance(answer, str) else ""
    return Shown(kind, name, body.get("stem", ""), value=value, hint=units, words=body.get("words"))


def _pieces(body: Mapping[str, Any], answer: Any, seed: int, name: str, mixed: bool) -> tuple[Piece, ...]:
    given = answer if isinstance(answer, Mapping) else {}
    gaps = {
        gap["id"]: shown(gap["kind"], gap, given.get(gap["id"]), seed + i + 1, f"{name}-{i}", mixed=mixed)
        for i, gap in enumerate(body["gaps"])
    }
    stretches = GAP.split(body["text"])
    pieces = [
        Piece(text, gaps.get(identity))
        for text, identity in zip(stretches[::2], stretches[1::2], strict=False)
    ]
    return (*pieces, Piece(stretches[-1]))


def _picture(body: Mapping[str, Any], answer: Any, seed: int) -> Picture:
    picked = answer if isinstance(answer, list) else [answer]
    places = []
    for number, area in enumerate(shuffled(body["areas"], seed), start=1):
        coords = tuple(area["coords"])
        corners = coords[:2] if area["shape"] == "circle" else coords
        x, y = (sum(axis) // len(axis) for axis in (corners[::2], corners[1::2]))
        places.append(Place(str(number - 1), number, area["shape"], coords, x, y, area["id"] in picked))
    image = body["image"]
    return Picture(image["id"], image["alt"], image["width"], image["height"], tuple(places))
