"""Who may sit a quiz, and who teaches it. Quizzes know no course; the rooms that do plug in what they know
from AppConfig.ready()."""

from collections.abc import Callable, Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from lms.roster import policies as roster
from lms.roster.enums import Permit
from lms.roster.queries import Person

from .models import Attempt, Bank, Quiz
from .records import PaperConcerned, Seat

OwnCourses = Callable[[Person], Iterable[str]]
"""Person → the codes of the courses in which this person writes."""

Door = Callable[[int, str], Seat | None]
"""(person id, quiz code) → this person's seat at the quiz; None where this room knows no reason for one."""

Teaching = Callable[[Person], Collection[str]]
"""A trainer → the codes of the quizzes in the courses that are theirs to write."""

Papers = Callable[[Collection[int], str], Iterable[PaperConcerned]]
"""(person ids, quiz code) → the papers that they hold by having passed this quiz."""

Obligation = Callable[[int, str], Seat | None]
"""(person id, quiz code) → the seat of somebody who must learn a course with this quiz; None: need not."""

_doors: list[Door] = []
_obligations: list[Obligation] = []
_teachings: list[Teaching] = []
_papers: list[Papers] = []
_own_courses: list[OwnCourses] = []


def add_door(door: Door) -> None:
    """Open quizzes to whom `door` gives a seat; a quiz without any door is closed to everybody."""
    if door not in _doors:
        _doors.append(door)


def seat_of(person_id: int, quiz_code: str) -> Seat | None:
    """The seat that the first room gives, the one that knows the courses before all others; None: no seat.

    Who must learn the course has one, begun or not.
    """
    ways = (*_doors, *_obligations)
    return next(filter(None, (way(person_id, quiz_code) for way in ways)), None)


def add_obligation(obligation: Obligation) -> None:
    """Tell who must learn a course, and thereby take its quizzes."""
    if obligation not in _obligations:
        _obligations.append(obligation)


def must_take(person_id: int, quiz_code: str) -> bool:
    """Whether somebody must learn a course in which the quiz has a place."""
    return any(obligation(person_id, quiz_code) for obligation in _obligations)


def add_teaching(teaching: Teaching) -> None:
    """Tell whose courses a quiz belongs to. Whoever reviews looks after all of them."""
    if teaching not in _teachings:
        _teachings.append(teaching)


def teaches(me: Person, on: date) -> bool:
    """Whether I am a trainer on that day."""
    return roster.may_anywhere(me, Permit.WRITE_CONTENT, on)


def quizzes_taught(me: Person, on: date) -> QuerySet[Quiz]:
    """The quizzes whose questions, keys and figures I look after; nobody's name is in those."""
    if not teaches(me, on):
        return Quiz.objects.none()
    if not _teachings or roster.may_anywhere(me, Permit.REVIEW_CONTENT, on):
        return Quiz.objects.all()
    return Quiz.objects.filter(code__in={code for teaching in _teachings for code in teaching(me)})


def quizzes_written(me: Person, on: date) -> QuerySet[Quiz]:
    """The quizzes whose rules I settle: those that draw from banks in which I write."""
    return Quiz.objects.filter(bank__in=banks_within_reach(me, on).values("pk"))


def attempts_taught(me: Person, on: date) -> QuerySet[Attempt]:
    """The attempts, with names and answers, at quizzes that I teach, of people of the units where I do."""
    return Attempt.objects.filter(quiz__in=quizzes_taught(me, on), person__in=people_taught(me, on))


def people_taught(me: Person, on: date) -> QuerySet[Person]:
    """The people of the units where I am a trainer."""
    return roster.people_within_reach(me, Permit.WRITE_CONTENT, on)


def add_papers(papers: Papers) -> None:
    """Tell which papers hang on a quiz."""
    if papers not in _papers:
        _papers.append(papers)


def papers_concerned(people: Collection[int], quiz_code: str) -> list[PaperConcerned]:
    """The papers that these people hold by having passed this quiz, as every room knows them."""
    return [paper for papers in _papers for paper in papers(people, quiz_code)] if people else []


def may_write_anywhere(me: Person, on: date) -> bool:
    return roster.may_anywhere(me, Permit.WRITE_CONTENT, on)


def banks_within_reach(me: Person, on: date) -> QuerySet[Bank]:
    """The banks in which I may write: those that I keep and those of my courses; a reviewer all of them.

    Nothing for whoever writes no courses on that day.
    """
    if not roster.may_anywhere(me, Permit.WRITE_CONTENT, on):
        return Bank.objects.none()
    if roster.may_anywhere(me, Permit.REVIEW_CONTENT, on):
        return Bank.objects.all()
    courses = {code for own in _own_courses for code in own(me)}
    return Bank.objects.filter(Q(keepers__person=me) | Q(course__in=courses)).distinct()


def add_own_courses(own: OwnCourses) -> None:
    """Tell which courses are a person's own."""
    if own not in _own_courses:
        _own_courses.append(own)


def courses_of(me: Person) -> list[str]:
    """The codes of my own courses."""
    return sorted({code for own in _own_courses for code in own(me)})
