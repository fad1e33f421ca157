"""Word → lessons: headings cut the text, pictures and tables become blocks of their own (by mammoth)."""

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

import mammoth
from bs4 import BeautifulSoup, Tag

from content.coursefiles.fields import N_
from content.errors import NotAManuscript
from content.records.manuscripts import FoundPicture, LessonDraft, Manuscript, Remark

from .judging import BROKEN
from .pieces import Pieces, described, plain, rich, table_of

STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Tiêu đề'] => h1.title:fresh
p[style-name='Đầu đề 1'] => h1:fresh
p[style-name='Đầu đề 2'] => h2:fresh
p[style-name='Đầu đề 3'] => h3:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Caption'] => p.caption:fresh
b => b
i => i
"""
LONG = 1_500
"""Words of a lesson beyond which the trainer is asked to cut it: more than eight minutes of reading."""
MOST_LESSONS = 200
HEADINGS = re.compile(r"^h[1-6]$")
NUMBERED = re.compile(r"^(bài|chương|phần|mục|chuyên đề)\s+([0-9]+|[ivxlc]+)\b|^[ivxlc]+\.\s", re.IGNORECASE)
LOST = (
    (b"<m:oMath>", N_("{number} formulas: write them as text or as a picture")),
    (b"<c:chart ", N_("{number} charts: insert them as pictures")),
    (b"<dgm:relIds", N_("{number} SmartArt drawings: insert them as pictures")),
    (b"<w:object", N_("{number} embedded objects (Excel, Visio …)")),
    (b"<w:commentReference", N_("{number} comments of Word")),
    (b"<w:del ", N_("{number} deletions under tracked changes: taken as deleted")),
)


def read_word(file: IO[bytes], title: str) -> Manuscript:
    """A Word file that has been judged (judging.py) as lessons."""
    pictures: dict[str, bytes] = {}

    def keep(image: Any) -> dict[str, str]:
        key = f"picture-{len(pictures) + 1}"
        with image.open() as content:
            pictures[key] = content.read()
        return {"src": key}

    try:
        result = mammoth.convert_to_html(
            file, style_map=STYLES, convert_image=mammoth.images.img_element(keep)
        )
        lost = list(_lost(file))
    except (KeyError, ValueError, AttributeError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise NotAManuscript(BROKEN) from error
    soup = BeautifulSoup(result.value, "html.parser")
    return _Cutter(soup, pictures, title, lost).cut()


def _lost(file: IO[bytes]) -> Iterator[Remark]:
    """What mammoth passes over in silence, counted in the file itself."""
    file.seek(0)
    archive = zipfile.ZipFile(file)
    document = archive.read("word/document.xml")
    for mark, text in LOST:
        if number := document.count(mark):
            yield Remark(text, {"number": number})
    edges = [name for name in archive.namelist() if re.fullmatch(r"word/(header|footer)\d*\.xml", name)]
    if any(b"<w:t>" in archive.read(name) or b"<w:t " in archive.read(name) for name in edges):
        yield Remark(N_("The header and footer of the pages"))


class _Cutter:
    """Goes through the top level of the text once, and begins a lesson at each heading of the right level."""

    def __init__(
        self, soup: BeautifulSoup, pictures: dict[str, bytes], title: str, lost: list[Remark]
    ) -> None:
        self.title, self.remarks, self.found = title, lost, pictures
        self.elements = [element for element in soup.children if isinstance(element, Tag)]
        self.lessons: list[LessonDraft] = []
        self.pictures: list[FoundPicture] = []
        self.pieces = Pieces("")

    def cut(self) -> Manuscript:
        self._notes()
        self._title()
        level = self._lesson_level()
        for element in self.elements:
            if HEADINGS.match(element.name) and int(element.name[1]) <= level:
                self._end()
                self.pieces = Pieces(plain(element))
                self._take_pictures(element)
            else:
                self._take(element, level)
        self._end()
        if not self.lessons:
            raise NotAManuscript(N_("There is no text in this file."))
        if len(self.lessons) > MOST_LESSONS:
            text = N_("The file would become {number} lessons; at most {most} are taken. Please cut it.")
            raise NotAManuscript(text, number=len(self.lessons), most=MOST_LESSONS)
        remarks = tuple(remark for n, remark in enumerate(self.remarks) if remark not in self.remarks[:n])
        return Manuscript(self.title[:255], tuple(self.lessons), tuple(self.pictures), remarks)

    def _notes(self) -> None:
        """Footnotes stand at the end of the text, without links that lead nowhere."""
        notes = [
            li for element in self.elements for li in element.select("li[id^=footnote], li[id^=endnote]")
        ]
        if notes:
            text = N_("{number} footnotes stand at the end of the last lesson: make sources of them")
            self.remarks.append(Remark(text, {"number": len(notes)}))
        for element in self.elements:
            for link in element.select("a[href^='#']"):
                if "↑" in link.get_text():
                    link.decompose()
                else:
                    link.unwrap()

    def _title(self) -> None:
        for element in self.elements:
            if "title" in (element.get("class") or []):
                self.title = plain(element) or self.title
                self.elements.remove(element)
                return

    def _lesson_level(self) -> int:
        """The level of heading that begins a lesson: the highest that stands more than once."""
        levels = [int(element.name[1]) for element in self.elements if HEADINGS.match(element.name)]
        if not levels:
            return self._guessed_headings()
        top = min(levels)
        if levels.count(top) == 1 and levels[0] == top and len(set(levels)) > 1:
            heading = next(element for element in self.elements if element.name == f"h{top}")
            self.title = plain(heading) or self.title
            self.elements.remove(heading)
            return min(level for level in levels if level != top)
        return top

    def _guessed_headings(self) -> int:
        """Without heading styles, a short line that is all bold, or numbered as a chapter, is one."""
        guessed = 0
        for element in self.elements:
            text = plain(element)
            letters = sum(character.isalpha() for character in text)
            if element.name != "p" or letters < 6 or " " not in text or len(text) > 150 or element.img:
                continue
            bold = "".join(part.get_text() for part in element.find_all("b", recursive=False))
            if " ".join(bold.split()) == text or (NUMBERED.match(text) and bold):
                element.name = "h1"
                guessed += 1
        if guessed:
            text = N_(
                "No headings were found, so that {number} short lines in bold were taken as titles of lessons"
                ": please check"
            )
            self.remarks.append(Remark(text, {"number": guessed}))
        else:
            self.remarks.append(Remark(N_("No headings were found: everything stands in one lesson")))
        return 1

    def _take(self, element: Tag, level: int) -> None:
        if element.name == "table":
            self._take_table(element)
            return
        if HEADINGS.match(element.name):
            self.pieces.add_heading(rich(element), deep=int(element.name[1]) > level + 1)
        elif "caption" in (element.get("class") or []) and self.pieces.caption(plain(element)):
            return
        else:
            self.pieces.add_text(rich(element))
        self._take_pictures(element)

    def _take_table(self, element: Tag) -> None:
        nested = element.find_all("table")
        if nested:
            self._say(N_("A table inside a table in “{lesson}”: its text stands in one cell"))
        for inner in nested:
            inner.unwrap()
        table, box, merged = table_of(element)
        if merged:
            self._say(N_("Merged cells of a table in “{lesson}”: their text is repeated in every cell"))
        if table:
            self.pieces.add_block("table", table)
        elif box:
            self.pieces.add_block("note", box)
        self._take_pictures(element)

    def _take_pictures(self, element: Tag) -> None:
        for image in element.find_all("img"):
            key, alternative = str(image.get("src", "")), described(image.get("alt"))
            if key in self.found:
                self.pictures.append(
                    FoundPicture(key, self.found[key], alternative, self.pieces.title or self.title)
                )
                self.pieces.add_block("picture", {"key": key, "alternative": alternative, "caption": ""})

    def _say(self, text: str) -> None:
        self.remarks.append(Remark(text, {"lesson": self.pieces.title or self.title}))

    def _end(self) -> None:
        """Close the lesson that was being read; what stood before the first heading is one too."""
        if self.pieces.title and not self.pieces.blocks():
            self._say(N_("“{lesson}” has a title and no text: it was left out"))
        elif blocks := self.pieces.blocks():
            title = self.pieces.title or self.title
            if self.pieces.words > LONG:
                text = N_("“{lesson}” has {words} words: cut it into lessons of a few minutes")
                self.remarks.append(Remark(text, {"lesson": title, "words": self.pieces.words}))
            self.lessons.append(LessonDraft(title[:255], blocks, self.pieces.words))
        self.pieces = Pieces("")
