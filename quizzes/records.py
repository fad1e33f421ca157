"""What crosses the door."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from .blueprint import Sections, read, stored
from .blueprint import by_objective as by_objective


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question as an author gives it; `body` as `quizzes/bodies.py` says.

    `source`: where the facts come from; `law`: the article that it asks about.
    """

    code: str
    kind: str
    objective: int
    difficulty: int
    body: dict[str, Any]
    tags: tuple[str, ...] = ()
    name: str = ""
    source: str = ""
    law: str = ""


@dataclass(frozen=True, slots=True)
class QuizRules:
    """A quiz as an author gives it. `sections`: what is drawn, as `quizzes/blueprint.py` says."""

    title: str
    sections: Sections
    objectives: tuple[str, ...] = ()
    pass_mark: int = 80
    attempts: int = 3
    minutes: int | None = None
    review: str = "after_pass"
    wait_hours: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    practice: bool = False
    shuffle: str = "all"
    passage: str = "free"
    feedback: str = "explained"
    afterwards: str = "same"
    access: str = "learners"

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "QuizRules":
        """What `QuizAsWritten.as_json` wrote; `blueprint`, (objective, how many), is how it did at first."""
        rest = dict(said)
        pairs, objectives = rest.pop("blueprint", None), rest.pop("objectives")
        kept = rest.pop("sections", None)
        sections = by_objective((int(n), int(draw)) for n, draw in pairs) if kept is None else read(kept)
        return cls(**rest, sections=sections, objectives=tuple(map(str, objectives)))


@dataclass(frozen=True, slots=True)
class QuizAsWritten:
    """The newest version of a quiz as its author gave it, and the bank from which it draws."""

    code: str
    bank: str
    bank_title: str
    rules: QuizRules

    def as_json(self) -> dict[str, Any]:
        """For another installation. Windows of time stay behind: they are of this one."""
        rules = {name: value for name, value in asdict(self.rules).items() if not name.endswith("s_at")}
        rules["sections"] = stored(self.rules.sections)
        return {"bank": self.bank, "bank_title": self.bank_title, "rules": rules}


@dataclass(frozen=True, slots=True)
class QuizVersionLine:
    """A frozen quiz, for whoever lists it."""

    id: int
    public_id: UUID
    quiz_code: str
    number: int
    title: str
    questions: int
    pass_mark: int
    attempts: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class QuizVersionKept:
    """A frozen quiz in the list of its versions. `who` kept it: nobody for what came with a course."""

    number: int
    title: str
    length: int
    pass_mark: int
    who: str
    at: datetime | None
    attempts: int


@dataclass(frozen=True, slots=True)
class SitterLine:
    """Who handed in an attempt, and when."""

    attempt_id: UUID
    name: str
    unit: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class FastLine:
    """An attempt whose answers came within so many `seconds`, by the median."""

    who: SitterLine
    seconds: float
    answers: int


@dataclass(frozen=True, slots=True)
class TwinLine:
    """Two attempts of one unit alike in all that both were asked; `wrong` of it wrong in the same way."""

    one: SitterLine
    other: SitterLine
    common: int
    wrong: int


@dataclass(frozen=True, slots=True)
class GainLine:
    """What was gained in one objective, or in the whole where `number` is 0. Means in per cent."""

    number: int
    name: str
    n: int
    before: float
    after: float
    gain: float | None
    error: float | None

    @property
    def low(self) -> float | None:
        return None if self.gain is None or self.error is None else self.gain - self.error

    @property
    def high(self) -> float | None:
        return None if self.gain is None or self.error is None else self.gain + self.error


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """How an attempt ended."""

    attempt_id: UUID
    person_id: int
    quiz_id: int
    quiz_version_id: int
    number: int
    percent: Decimal
    passed: bool
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place at a quiz. `back`: the address of the course page that they come from.

    `since`: attempts begun before it belong to an earlier round; None: all of them count.
    """

    back: str = "/"
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands with a quiz."""

    best: Decimal | None
    passed: bool
    used: int
    left: int
    open_attempt: UUID | None
    last: UUID | None = None


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """What became of a receipt that somebody showed. `state`: genuine, not_genuine, unknown, differs."""

    state: str
    attempt: UUID | None = None
    answers: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """One question after the test. Key and explanation are empty until they may be shown."""

    position: int
    stem: str
    points: str
    right: bool
    objective: int
    lines: tuple["ReviewedLine", ...] = ()
    explanation: str = ""
    parts: tuple["ReviewedItem", ...] = field(default=())
    ruling: str = ""
    """What two persons ruled about the question's key, in words."""
    counts: bool = True
    remarks: tuple[str, ...] = ()
    """What those who marked the answer say to the learner."""
    keyed: bool = True
    """Whether the lines say which are right; else they hold the person's own answer only."""


@dataclass(frozen=True, slots=True)
class ReviewedLine:
    """One option after the test."""

    text: str
    chosen: bool
    correct: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of a file of questions. `left` and `notes` hold (name, sentence, where, text)."""

    imported: int
    changed: int
    unchanged: int
    left: tuple["NoteLine", ...]
    notes: tuple["NoteLine", ...]


@dataclass(frozen=True, slots=True)
class NoteLine:
    """Something about one question of a file, in words. `text`: the question as it stands there."""

    name: str
    why: str
    where: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class PaperConcerned:
    """A certificate that somebody holds by having passed a quiz."""

    person_id: int
    number: str
    course: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class QuizTaught:
    """A quiz in the trainer's list."""

    code: str
    title: str
    attempts: int
    passed: int
    mean: Decimal | None
    taught: bool = True
    """Whether it has a place in a course of mine; its figures and attempts are mine to read then."""
    written: bool = False
    """Whether I settle its rules."""
    decides: bool = True
    """Whether anybody passes or fails; not in a try before learning."""

    @property
    def pass_rate(self) -> int | None:
        return round(100 * self.passed / self.attempts) if self.attempts and self.decides else None


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One option of a question, as chosen by the weakest and the strongest 27 %."""

    text: str
    right: bool
    chosen: int
    low: int
    high: int
    """Per cent of the group that met the question."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One question in the analysis of a quiz."""

    version_id: int
    code: str
    number: int
    stem: str
    kind: str
    asked: int
    exposure: int
    facility: int
    discrimination: float | None
    omitted: int
    seconds: int | None
    doubts: tuple[str, ...]
    options: tuple[OptionLine, ...] = ()
    ruling: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """Something asked for by one person that waits for another, in words."""

    public_id: UUID
    what: str
    about: str
    reason: str
    asked_by: str
    asked_at: datetime
    url: str
    decide_url: str
    mine: bool
    """Asked for by, or about, who reads this, who therefore may not decide."""


@dataclass(frozen=True, slots=True)
class Regraded:
    """What a correction did to one person's attempt."""

    attempt_id: UUID
    person_id: int
    name: str
    unit: str
    before: Decimal
    after: Decimal
    passed: bool
    papers: tuple[PaperConcerned, ...] = ()


@dataclass(frozen=True, slots=True)
class AppealLine:
    """A learner's question about a mark, with all that answering it needs."""

    public_id: UUID
    attempt_id: UUID
    position: int
    quiz: str
    learner: str
    unit: str
    text: str
    raised_at: datetime
    points: str
    outcome: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    item: "ReviewedItem | None" = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """More time for one person in one quiz: who asked, who granted, why."""

    public_id: UUID
    person: str
    person_code: str
    extra_percent: int
    reason: str
    asked_by: str
    asked_at: datetime
    decision: str
    decided_by: str
    decided_at: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class BankListed:
    """A bank in a list. `questions` may be drawn, `retired` no more."""

    id: int
    code: str
    title: str
    course: str
    questions: int
    retired: int


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """Which questions of a bank are wanted; what is empty asks for nothing."""

    text: str = ""
    kind: str = ""
    objective: int | None = None
    difficulty: int | None = None
    tag: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class UseOfQuestion:
    """A frozen quiz that may draw a version of a question."""

    quiz: str
    title: str
    quiz_version: int
    question_version: int


@dataclass(frozen=True, slots=True)
class AlikeQuestion:
    """A question that asks the same, or nearly. `percent`: how much of the words is common."""

    question_id: int
    bank: str
    code: str
    stem: str
    percent: int


@dataclass(frozen=True, slots=True)
class MarkingLine:
    """An answer that waits for a person, without the name of who gave it."""

    public_id: UUID
    quiz: str
    question: str
    stem: str
    submitted_at: datetime | None
    markers: int
    differs: bool
    mine: bool
    """Whether I have marked it already; then it waits for two who differ to agree."""


@dataclass(frozen=True, slots=True)
class RubricRow:
    """A line of a rubric, and what each marker gave it, once that may be seen."""

    id: str
    text: str
    most: Decimal
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenByMarker:
    """What a marker said to the learner. `mine`: I was that marker."""

    remark: str
    mine: bool


@dataclass(frozen=True, slots=True)
class MarkingSheet:
    """An answer beside its rubric, for whoever marks it. `file`: the name of what was handed in."""

    stem: str
    explanation: str
    text: str
    file: str
    rubric: tuple[RubricRow, ...]
    given: tuple[GivenByMarker, ...]
    differs: bool
    done: bool
    mine: bool
