"""What trainers bring: a Word file or slides → a draft. Pure: no database, no request.

Nothing of a file is run, fetched or believed: it is judged as a zip archive first, its text becomes rich text
of a short list of tags, its pictures stay bytes until they have been made anew.
"""

from typing import IO

from content.records.manuscripts import Manuscript

from .judging import judge
from .slides import read_slides
from .word import read_word

__all__ = ["read_manuscript"]


def read_manuscript(file: IO[bytes], name: str) -> Manuscript:
    """The draft that a .docx or .pptx holds. Raises NotAManuscript with what is wrong, in words.

    Costs about 15 ms a page of text.
    """
    kind = judge(file, name)
    title = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    file.seek(0)
    return read_slides(file, title) if kind == "pptx" else read_word(file, title)
