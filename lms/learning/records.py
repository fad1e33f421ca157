"""What crosses the door: finished rows, without a way back into the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from content.records.editions import ActivityListed, LessonListed, ModuleListed
from content.services import LoadedPages


@dataclass(frozen=True, slots=True)
class LoadedCourse:
    """What loading a starter course did, and the number of the edition that stands now."""

    pages: LoadedPages
    edition: int | None


@dataclass(frozen=True, slots=True)
class Completed:
    """Somebody has done everything that an edition of a course asks for."""

    person_id: int
    course_id: int
    course_code: str
    course_title: str
    level: str
    level_label: str
    edition: int
    round: int
    hours: Decimal | None
    score: Decimal | None
    outcome: str
    outcome_label: str
    completed_on: date


@dataclass(frozen=True, slots=True)
class Step:
    """A lesson to read or an activity to do, in its place in the course."""

    lesson: LessonListed | None
    activity: ActivityListed | None
    finished: bool
    address: Callable[[LessonListed | ActivityListed], str]
    score: Decimal | None = None

    @property
    def url(self) -> str:
        """Where it is done; found only when asked for, since a page names few of a course's steps."""
        place = self.lesson or self.activity
        return self.address(place) if place else ""

    @property
    def title(self) -> str:
        return self.lesson.title if self.lesson else self.activity.title if self.activity else ""

    @property
    def kind(self) -> str:
        return "lesson" if self.lesson else self.activity.kind if self.activity else ""

    @property
    def first(self) -> bool:
        """A try before the module's lessons, which counts for nothing."""
        return self.activity is not None and self.activity.first

    @property
    def needed(self) -> bool:
        """Whether finishing the course takes it; a course may ask for some scenarios without saying which."""
        return self.activity is None or self.activity.required


@dataclass(frozen=True, slots=True)
class ModuleSteps:
    """A module of an outline with its steps; `current` holds what to do now."""

    module: ModuleListed
    steps: tuple[Step, ...]
    done: int
    current: bool

    @property
    def before(self) -> Decimal | None:
        """What the try before the lessons gave, in percent."""
        return next((step.score for step in self.steps if step.first), None)

    @property
    def after(self) -> Decimal | None:
        """What the module's test gave, in percent."""
        tests = [step for step in self.steps if step.kind == "quiz" and not step.first]
        return tests[-1].score if tests else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is in a course: what the rule asks for, and what of it is done."""

    lessons: int
    lessons_done: int
    quizzes: int
    quizzes_done: int
    scenarios: int
    scenarios_done: int
    finished: bool

    @property
    def total(self) -> int:
        return self.lessons + self.quizzes + self.scenarios

    @property
    def done(self) -> int:
        return self.lessons_done + self.quizzes_done + min(self.scenarios, self.scenarios_done)


@dataclass(frozen=True, slots=True)
class CourseOfMine:
    """A course that somebody has begun or completed, as a list shows it."""

    enrolment: UUID
    course_id: int
    course_code: str
    title: str
    level: str
    hours: Decimal
    edition: int
    since: date
    due: date | None
    reason: str
    standing: Standing
    next_label: str
    next_url: str
    url: str
    completed_on: date | None
    outcome: str
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of assigning a course to several people, by number."""

    new: int
    standing: int
    """Were asked before; a nearer deadline is taken over."""
    done: int
    """Have completed the course, and are not asked."""


@dataclass(frozen=True, slots=True)
class AssignedToMe:
    """A course that my unit asks me to learn, and that I have not completed since."""

    course_code: str
    title: str
    due: date | None
    asked_by: int | None
    """Row id of who assigned it."""


@dataclass(frozen=True, slots=True)
class AssignmentAct:
    """One press of the button: a course, given to so many people, and how many are done."""

    act: UUID
    title: str
    due: date | None
    since: date
    asked_by: int | None
    people: int
    done: int


@dataclass(frozen=True, slots=True)
class CourseState:
    """How far somebody is with one course, for whoever assigns it."""

    completed_on: date | None = None
    begun: bool = False
    assigned: bool = False
    due: date | None = None


@dataclass(frozen=True, slots=True)
class CourseDue:
    """A course and the people, by row id, who are to be done with it on one day and are not."""

    code: str
    title: str
    url: str
    people: set[int]


@dataclass(frozen=True, slots=True)
class QueuedLesson:
    """A lesson that was read without a network, in one's own enrolment."""

    enrolment: UUID
    lesson: UUID
    """What the lesson is through all editions."""

    @property
    def name(self) -> str:
        return str(self.lesson)


@dataclass(frozen=True, slots=True)
class QueuedCheck:
    """An unmarked check that was tried: which answer first, and how often on this device."""

    enrolment: UUID
    lesson: UUID
    number: int
    answer: int
    times: int

    @property
    def name(self) -> str:
        return f"{self.lesson}/{self.number}"


@dataclass(frozen=True, slots=True)
class QueuedScenario:
    """A conversation that was gone through without a network: the choices tell all."""

    enrolment: UUID
    reference: str
    way: str

    @property
    def name(self) -> str:
        return self.reference


Queued = QueuedLesson | QueuedCheck | QueuedScenario


@dataclass(frozen=True, slots=True)
class QueueTaken:
    """What became of a queue, item by item under its name: all of it may leave the phone."""

    stored: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonInProgress:
    """Somebody with an open enrolment and at least one finished lesson."""

    person_id: int
    course_id: int
    since: date
