"""What is taught."""

from content.enums import Level

from .courses import Course
from .editions import Edition, EditionActivity, EditionLesson, EditionModule
from .grounds import ReplacedDocument
from .library import FindableText, HotLine, LibraryItem
from .manuscripts import SentFile
from .media import Handout, Picture, PictureRendition
from .pages import CourseIndexPage, CoursePage, HomePage, LessonPage, ModulePage
from .recordings import Recording
from .scenarios import Scenario
from .workflows import SecondPersonTask

__all__ = [
    "Course",
    "CourseIndexPage",
    "CoursePage",
    "Edition",
    "EditionActivity",
    "EditionLesson",
    "EditionModule",
    "FindableText",
    "Handout",
    "HomePage",
    "HotLine",
    "LessonPage",
    "Level",
    "LibraryItem",
    "ModulePage",
    "Picture",
    "PictureRendition",
    "Recording",
    "ReplacedDocument",
    "Scenario",
    "SecondPersonTask",
    "SentFile",
]
