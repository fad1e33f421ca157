"""What is wrong with a question or a file of questions, in sentences for people."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .bodies import Wrong
from .enums import Kind
from .formats.records import Broken, Note, Unreadable, Why
from .records import NoteLine

SENTENCES: Mapping[StrEnum, Promise] = {
    Wrong.UNKNOWN_KIND: _("This kind of question is not known."),
    Wrong.NO_STEM: _("The question itself is empty."),
    Wrong.TOO_LONG: _("A text is longer than 10,000 characters."),
    Wrong.TOO_FEW_OPTIONS: _("There are fewer than two options."),
    Wrong.TOO_MANY_OPTIONS: _("There are more than 26 options."),
    Wrong.EMPTY_OPTION: _("An option is empty."),
    Wrong.SAME_OPTION_TWICE: _("Two options say the same."),
    Wrong.NO_KEY: _("No option is marked as right."),
    Wrong.NOT_TRUE_OR_FALSE: _("The key is neither true nor false."),
    Wrong.NO_ANSWER: _("No accepted answer is given."),
    Wrong.NOT_A_NUMBER: _("The key is not a number."),
    Wrong.NEGATIVE_TOLERANCE: _("The tolerance is below nought."),
    Wrong.BAD_WEIGHT: _("A weight is not between −100 and 100 %."),
    Wrong.NO_FULL_ANSWER: _("No answer earns the full mark."),
    Wrong.BAD_UNIT: _("A unit has no name, or its factor is not a number above nought."),
    Wrong.NO_GAP: _("The text has no gap. Write [[a]] where the first one stands."),
    Wrong.GAPS_DIFFER: _("The gaps of the text and the answers are not the same."),
    Wrong.NO_IMAGE: _("The picture is missing."),
    Wrong.NO_ALT: _("The picture has no description for those who cannot see it."),
    Wrong.BAD_AREA: _("A place on the picture has no proper outline."),
    Wrong.BAD_MARKERS: _("One or two persons mark an answer."),
    Wrong.BAD_RUBRIC: _("A line of the rubric has no text or no points."),
    Wrong.NO_PARTS: _("The case has no questions."),
    Wrong.CASE_IN_CASE: _("A case stands inside a case."),
    Why.NOT_A_QUESTION: _("This is a text that asks nothing."),
    Why.UNSUPPORTED_KIND: _("This kind of question is not supported: {detail}."),
    Why.BROKEN: _("It cannot be read. {detail}"),
    Why.NOT_CLOSED: _("The brace of the answers is not closed."),
    Why.NO_OPTIONS: _("No options were found under it."),
    Why.NO_KEY_LINE: _("The key is missing."),
    Why.KEY_NOT_AN_OPTION: _("The key names no option: {detail}."),
    Why.TEXT_BEFORE_FIRST: _("This text stands before the first question."),
    Why.HAS_PICTURE: _("It holds a picture, without which it cannot be asked. Add it by hand."),
    Why.HAS_SOUND: _("It holds a sound, a film or an embedded object, without which it cannot be asked."),
    Why.HAS_FORMULA: _("It holds a formula, which cannot be read. Write it as text."),
    Why.SCRIPTED_MARKING: _("It is marked by a program of its own, which cannot be carried over."),
    Why.NUMBER_AND_WORDS: _("It accepts numbers and words at once."),
    Why.ALREADY_THERE: _("It stands in the bank already: {detail}."),
    Why.TWICE_IN_FILE: _("It stands in the file twice."),
    Why.MISSING_FILE: _("A file that it names is not in the package: {detail}."),
    Why.FORMATTING_LEFT_OUT: _("Bold, italics and the like were left out."),
    Why.PICTURE_LEFT_OUT: _("A picture in an explanation was left out."),
    Why.LINK_LEFT_OUT: _("A link was left out; its words stay."),
    Why.TABLE_FLATTENED: _("A table became lines of text."),
    Why.FEEDBACK_LEFT_OUT: _("What is said to any other answer was left out."),
    Why.HINTS_LEFT_OUT: _("Hints and penalties for further tries were left out."),
    Why.EXPLANATION_LEFT_OUT: _("Explanations were left out."),
    Why.LABELS_LEFT_OUT: _("Name, code or tags were left out."),
    Why.RUBRIC_LEFT_OUT: _("The rubric was left out."),
    Why.POINTS_LEFT_OUT: _("Its own number of points was left out: every question counts the same."),
    Why.TYPES_LEFT_OUT: _("A kind of file that this format cannot name was left out."),
    Why.EMPTY_LINES_LEFT_OUT: _("Empty lines inside a text were left out."),
    Why.ANSWER_TOO_LOOSE: _("It is marked less strictly than in the file."),
    Why.CANNOT_CARRY_KIND: _("This format has no such kind of question: {detail}."),
    Why.CANNOT_CARRY_CREDIT: _("This format cannot say how what is half right counts."),
    Why.CANNOT_CARRY_UNITS: _("This format has no units."),
    Why.CANNOT_CARRY_FOLDING: _("This format cannot say whether case and marks count."),
    Why.CANNOT_CARRY_LINES: _("This format cannot hold a text of several lines here."),
    Why.CANNOT_CARRY_TEXT: _("In this format its text would be read as something else."),
    Broken.TOO_LARGE: _("The file is larger than {detail} MB."),
    Broken.NOT_XML: _("The file is not sound XML. {detail}"),
    Broken.HAS_DTD: _("The file declares a document type or entities. Such files are refused."),
    Broken.NOT_THIS_FORMAT: _("This is not a file in the format {detail}."),
    Broken.UNKNOWN_ENCODING: _("The encoding of the text is not known. Save it as UTF-8."),
    Broken.GARBLED: _("The text is written in {detail}. Convert it to Unicode first, and save it again."),
    Broken.NOT_A_WORD_FILE: _("This is not a sound Word file (.docx). {detail}"),
    Broken.OLD_WORD_FILE: _("This is an old Word file (.doc). Save it as .docx."),
    Broken.NOT_A_TABLE: _("The table cannot be read. {detail}"),
    Broken.EMPTY: _("The file is empty."),
    Broken.TOO_MANY: _("The file is too long."),
}


def sentence(why: StrEnum, detail: str = "") -> str:
    if why in (Why.CANNOT_CARRY_KIND, Why.UNSUPPORTED_KIND) and detail in Kind.values:
        detail = str(Kind(detail).label)
    return str(SENTENCES[why]).format(detail=detail).strip()


def line(note: Note) -> NoteLine:
    return NoteLine(note.name, sentence(note.why, note.detail), note.where, note.text)


def refusal(unreadable: Unreadable) -> str:
    return sentence(unreadable.why, unreadable.detail)
