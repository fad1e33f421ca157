"""The verbs of this room."""

from .assigning import assign_course, take_back_assignments
from .changing import ask_again, move_to_newest
from .checking import try_check
from .completing import complete_course, finish_activity, finish_lesson
from .enrolling import enrol, leave, note_place
from .hearing import give_feedback
from .queueing import take_queue
from .starter import load_starter_course

__all__ = [
    "ask_again",
    "assign_course",
    "complete_course",
    "enrol",
    "finish_activity",
    "finish_lesson",
    "give_feedback",
    "leave",
    "load_starter_course",
    "move_to_newest",
    "note_place",
    "take_back_assignments",
    "take_queue",
    "try_check",
]
