"""What a question is filed under, as tags that every program keeps: `objective=2`, `law=Điều 5 …`."""

from dataclasses import replace

from .records import Taken, shortened

_WORDS = ("source", "law")
_NUMBERS = ("objective", "difficulty")


def tags_of(question: Taken) -> list[str]:
    """The question's own tags, and one for each label that is not the usual one."""
    labels = [f"{name}={getattr(question, name)}" for name in _NUMBERS if getattr(question, name) != 1]
    labels += [f"{name}={getattr(question, name)}" for name in _WORDS if getattr(question, name)]
    return [*question.tags, *labels]


def labelled(question: Taken, tags: list[str]) -> Taken:
    """The question with these tags; those that are labels become labels again.

    A name that a writer made, since the question had none, is no name.
    """
    made = (question.code, shortened(str(question.body.get("stem", ""))))
    name = "" if question.name in made else question.name
    kept: list[str] = []
    values: dict[str, int | str] = {}
    for tag in tags:
        label, equals, value = tag.partition("=")
        if equals and label in _NUMBERS and value.isascii() and value.isdecimal() and 0 < int(value) < 1000:
            values[label] = int(value)
        elif equals and label in _WORDS and value:
            values[label] = value
        elif tag and tag not in kept:
            kept.append(tag)
    return replace(question, name=name, tags=tuple(kept), **values)  # type: ignore[arg-type]
