"""Slides → lessons: what stands on a slide becomes blocks, the speaker's notes its transcript."""

import zipfile
from collections.abc import Iterator
from html import escape
from typing import IO, Any

from lxml.etree import XMLSyntaxError
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.exc import PackageNotFoundError

from content.coursefiles.fields import N_
from content.errors import NotAManuscript
from content.records.manuscripts import FoundPicture, LessonDraft, Manuscript, Remark

from .judging import BROKEN
from .pieces import Pieces, clean, described, tidy

TITLES = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE}
PASSED_OVER = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER}
DAMAGED = (
    PackageNotFoundError,
    XMLSyntaxError,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    AttributeError,
    OSError,
)
SLIDES_A_LESSON = 8
"""Where no section slide cuts the talk, so many slides make a lesson."""
MOST_SLIDES = 600


def read_slides(file: IO[bytes], title: str) -> Manuscript:
    """A file of slides that has been judged (judging.py) as lessons."""
    try:
        shown = Presentation(file)
        slides = [slide for slide in shown.slides if slide._element.get("show") != "0"]
        if len(slides) > MOST_SLIDES:
            text = N_("The file has {number} slides; at most {most} are taken. Please cut it.")
            raise NotAManuscript(text, number=len(slides), most=MOST_SLIDES)
        return _Reader(title, hidden=len(shown.slides) - len(slides)).read(slides)
    except DAMAGED as error:
        raise NotAManuscript(BROKEN) from error


class _Reader:
    def __init__(self, title: str, *, hidden: int) -> None:
        self.title = title
        self.lessons: list[LessonDraft] = []
        self.pictures: list[FoundPicture] = []
        self.remarks: list[Remark] = []
        self.pieces = Pieces("")
        self.slides_in = 0
        if hidden:
            self.remarks.append(Remark(N_("{number} hidden slides"), {"number": hidden}))

    def read(self, slides: list[Any]) -> Manuscript:
        cuts = [_is_section(slide) for slide in slides]
        sections = any(cuts[1:])
        for number, slide in enumerate(slides, 1):
            heading = _title_of(slide)
            if number == 1 and _is_cover(slide):
                self.title = heading or self.title
                self._notes(slide)
                continue
            full = not sections and self.slides_in >= SLIDES_A_LESSON
            if (sections and cuts[number - 1]) or full:
                self._end()
                self.pieces = Pieces(heading)
            if self.pieces.title != heading or self.slides_in:
                if not self.pieces.title:
                    self.pieces.title = heading
                else:
                    self.pieces.add_heading(escape(heading), deep=False)
            self.slides_in += 1
            for shape in _in_order(slide.shapes):
                self._shape(shape, number)
            self._notes(slide)
        self._end()
        if not self.lessons:
            raise NotAManuscript(N_("There is no text in this file."))
        return Manuscript(self.title, tuple(self.lessons), tuple(self.pictures), tuple(self.remarks))

    def _shape(self, shape: Any, slide: int) -> None:
        if shape.is_placeholder and shape.placeholder_format.type in TITLES | PASSED_OVER:
            return
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            for inner in _in_order(shape.shapes):
                self._shape(inner, slide)
        elif shape.shape_type == MSO_SHAPE_TYPE.PICTURE or hasattr(shape, "image"):
            self._picture(shape, slide)
        elif getattr(shape, "has_table", False):
            rows = [
                [escape(cell.text).replace("\n", "<br/>") for cell in row.cells] for row in shape.table.rows
            ]
            self.pieces.add_block("table", {"head": rows[0], "rows": rows[1:]})
        elif getattr(shape, "has_chart", False):
            self._say(N_("Slide {slide}: a chart; insert it as a picture"), slide)
        elif shape.shape_type == MSO_SHAPE_TYPE.MEDIA:
            self._say(N_("Slide {slide}: a film or a sound; upload it by itself"), slide)
        elif shape.has_text_frame:
            self.pieces.add_text(tidy(clean(_text(shape.text_frame))))
        elif "graphicFrame" in shape._element.tag:
            self._say(N_("Slide {slide}: a drawing or an object of another program"), slide)

    def _picture(self, shape: Any, slide: int) -> None:
        try:
            content = shape.image.blob
        except (ValueError, AttributeError, KeyError):
            self._say(N_("Slide {slide}: a picture that is only linked"), slide)
            return
        key = f"picture-{len(self.pictures) + 1}"
        alternative = described(next(iter(shape._element.xpath(".//p:cNvPr/@descr")), ""))
        self.pictures.append(FoundPicture(key, content, alternative, self.pieces.title or self.title))
        self.pieces.add_block("picture", {"key": key, "alternative": alternative, "caption": ""})

    def _notes(self, slide: Any) -> None:
        frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        lines = [line.strip() for line in frame.text.splitlines()] if frame is not None else []
        if text := "".join(f"<p>{escape(line)}</p>" for line in lines if line):
            self.pieces.add_block("spoken", text)

    def _say(self, text: str, slide: int) -> None:
        self.remarks.append(Remark(text, {"slide": slide}))

    def _end(self) -> None:
        if blocks := self.pieces.blocks():
            title = self.pieces.title or self.title
            self.lessons.append(LessonDraft(title[:255], blocks, self.pieces.words))
        self.pieces = Pieces("")
        self.slides_in = 0


def _title_of(slide: Any) -> str:
    shape = slide.shapes.title
    return " ".join(shape.text_frame.text.split())[:255] if shape is not None else ""


def _is_cover(slide: Any) -> bool:
    return slide.shapes.title is not None and any(
        shape.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE for shape in slide.placeholders
    )


def _is_section(slide: Any) -> bool:
    """A slide made by the layout «Section Header», whatever language it is called in."""
    return bool(slide.slide_layout._element.get("type") == "secHead")


def _in_order(shapes: Any) -> Iterator[Any]:
    """As they are read: from above, then from the left."""
    yield from sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0))


def _text(frame: Any) -> str:
    paragraphs = [p for p in frame.paragraphs if p.text.strip()]
    lines = [(p.level, "".join(_run(run) for run in p.runs) or escape(p.text)) for p in paragraphs]
    if len(lines) < 2:
        return "".join(f"<p>{line}</p>" for _level, line in lines)
    html, depth = "", -1
    for level, line in lines:
        level = min(level, depth + 1)
        if level > depth:
            html += "<ul>"
        else:
            html += "</li>" + "</ul></li>" * (depth - level)
        html += f"<li>{line}"
        depth = level
    return html + "</li></ul>" * (depth + 1)


def _run(run: Any) -> str:
    text = escape(run.text)
    if run.font.bold:
        text = f"<b>{text}</b>"
    return f"<i>{text}</i>" if run.font.italic else text
