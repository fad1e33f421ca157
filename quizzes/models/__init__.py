"""Questions, quizzes, attempts. Keys stay on the server; marks are decided here."""

from .attempts import Attempt, AttemptItem, MarkRevision, mark_fact
from .bank import Bank, BankKeeper, Question, QuestionVersion
from .handmarking import HandedFile, HandMark, HandMarking
from .images import QuestionImage, QuestionUpload
from .quizzes import Quiz, QuizVersion
from .rulings import Accommodation, Appeal, KeyCorrection, MarkChange

__all__ = [
    "Accommodation",
    "Appeal",
    "Attempt",
    "AttemptItem",
    "Bank",
    "BankKeeper",
    "HandMark",
    "HandMarking",
    "HandedFile",
    "KeyCorrection",
    "MarkChange",
    "MarkRevision",
    "Question",
    "QuestionImage",
    "QuestionUpload",
    "QuestionVersion",
    "Quiz",
    "QuizVersion",
    "mark_fact",
]
