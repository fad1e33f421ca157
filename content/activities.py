"""Slots: content offers them, other rooms fill them from `AppConfig.ready()` (services.plug_…).

Content and quizzes do not know each other. What brings pages and questions together stands above both, in
lms.learning: it reads the files, gives the bank to quizzes and the pages to content, and plugs in the shelf.
"""

from django.http import HttpResponse

from content.records.activities import CourseDoor, Effect, Moved, QuizCarrier, QuizListed, QuizShelf, Stage

_shelf: QuizShelf | None = None
_door: CourseDoor | None = None
_effect: Effect | None = None
_stage: Stage | None = None
_carrier: QuizCarrier | None = None


def plug_quizzes(shelf: QuizShelf) -> None:
    global _shelf
    _shelf = shelf


def plug_course_door(door: CourseDoor) -> None:
    global _door
    _door = door


def plug_effect(effect: Effect) -> None:
    global _effect
    _effect = effect


def plug_carrier(carrier: QuizCarrier) -> None:
    global _carrier
    _carrier = carrier


def carrier() -> QuizCarrier | None:
    """Who takes a course's quizzes along to another installation; nobody while no room offers any."""
    return _carrier


def plug_stage(stage: Stage) -> None:
    global _stage
    _stage = stage


def stage() -> Stage:
    """Where a conversation is tried; an empty page while no room plays any."""
    return _stage or (lambda _request, _title, _graph: HttpResponse())


def effect_of(code: str) -> Moved:
    """Whom a change of the course reaches; nobody while no room knows learners."""
    return _effect(code) if _effect else Moved(0, 0, ())


def quizzes() -> dict[str, QuizListed]:
    """The quizzes that there are, by code; none while no room offers any."""
    return {quiz.code: quiz for quiz in _shelf.quizzes()} if _shelf else {}


def quiz_choices() -> list[tuple[str, str]]:
    return [(quiz.code, f"{quiz.code} · {quiz.title}") for quiz in quizzes().values()]


def course_address(code: str) -> str:
    """Where the course is learned; empty while nobody plays lessons."""
    return _door(code) if _door else ""
