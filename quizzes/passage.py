"""How one goes through a test: which questions are open at a time. Pure: no Django, no database."""

from .blueprint import Sections, spans


def open_now(passage: str, sections: Sections, reached: int) -> range:
    """The positions that may be seen and answered by whoever has come as far as `reached`.

    free: all. sections: those of the part that was reached. questions: the one that was reached. None once
    `reached` lies behind the last question: then there is only handing in.
    """
    parts = spans(sections)
    last = parts[-1].last if parts else 0
    if passage == "free":
        return range(1, last + 1)
    if passage == "questions":
        return range(reached, min(reached, last) + 1)
    part = next((one for one in parts if one.first <= reached <= one.last), None)
    return range(part.first, part.last + 1) if part else range(0)


def open_from(passage: str, sections: Sections, position: int) -> range | None:
    """How far somebody has come for whom this question is open; None: however far it is."""
    if passage == "free":
        return None
    return open_now(passage, sections, position)


def leads_on(passage: str, sections: Sections, position: int) -> bool:
    """Whether going on from this question closes what lies behind."""
    return passage != "free" and position == open_now(passage, sections, position)[-1]
