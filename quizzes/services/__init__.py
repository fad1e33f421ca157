"""Verbs."""

from .accommodations import ask_for_more_time, decide_more_time
from .appeals import answer_appeal, appeal_until, raise_appeal
from .attempts import (
    expire_overdue_attempts,
    go_on_from,
    save_answer,
    start_attempt,
    submit_attempt,
    take_over_attempt,
    tell_answer,
)
from .authoring import (
    define_bank,
    define_quiz,
    label_of,
    open_quiz,
    pair_quizzes,
    pool_of,
    settle_quiz,
)
from .bank import (
    bring_back_question,
    keep_question_file,
    mend_question,
    newest_of,
    open_bank,
    reading_of,
    retire_question,
    take_question_file,
    word_question,
)
from .bulk_marks import ask_for_mark_changes, decide_mark_changes
from .handing_in import hand_in_file
from .handmarking import agree_with_other_marker, mark_by_hand
from .imports import export_questions, file_kind, import_questions, read_questions
from .pictures import keep_picture, picture_in
from .rulings import (
    ask_for_correction,
    ask_for_mark_change,
    decide_correction,
    decide_mark_change,
    regrade,
)

__all__ = [
    "agree_with_other_marker",
    "answer_appeal",
    "appeal_until",
    "ask_for_correction",
    "ask_for_mark_change",
    "ask_for_mark_changes",
    "ask_for_more_time",
    "bring_back_question",
    "decide_correction",
    "decide_mark_change",
    "decide_mark_changes",
    "decide_more_time",
    "define_bank",
    "define_quiz",
    "expire_overdue_attempts",
    "export_questions",
    "file_kind",
    "go_on_from",
    "hand_in_file",
    "import_questions",
    "keep_picture",
    "keep_question_file",
    "label_of",
    "mark_by_hand",
    "mend_question",
    "newest_of",
    "open_bank",
    "open_quiz",
    "pair_quizzes",
    "picture_in",
    "pool_of",
    "raise_appeal",
    "read_questions",
    "reading_of",
    "regrade",
    "retire_question",
    "save_answer",
    "settle_quiz",
    "start_attempt",
    "submit_attempt",
    "take_over_attempt",
    "take_question_file",
    "tell_answer",
    "word_question",
]
