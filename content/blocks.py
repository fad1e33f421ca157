"""The blocks of a lesson, as trainers see them: each with a description and a preview."""

from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from .activities import quiz_choices
from .videohosts import host_name, player_address

PROSE = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
PLAIN = ["bold", "italic", "ol", "ul", "link"]
LINE = ["bold", "italic"]
CITING = _("Cite a source as [^key], with the key that stands at the source below.")


class Steady:
    """Compares what was posted as what it means: to Wagtail "2021" is a change of 2021, "" one of nothing.

    A page that counts as changed must be approved again, so that an approval would never come to an end.
    """

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Any:
        value = super().value_from_datadict(data, files, prefix)  # type: ignore[misc]
        try:
            return self.field.clean(value)  # type: ignore[attr-defined]
        except ValidationError:
            return value  # told at the field when the block is cleaned


class YearBlock(Steady, blocks.IntegerBlock):
    pass


class DayBlock(Steady, blocks.DateBlock):
    pass


class CalloutBlock(blocks.RichTextBlock):
    """A box of paragraphs and lists; what it is for is said by its name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=PLAIN, **kwargs)


def callout(label: Any, description: Any, icon: str, preview: str) -> CalloutBlock:
    return CalloutBlock(
        label=label, description=description, icon=icon, preview_value=preview, group=_("Boxes of a lesson")
    )


class PictureBlock(blocks.StructBlock):
    picture = ImageChooserBlock(label=_("picture"))
    alternative = blocks.CharBlock(
        label=_("in words"),
        help_text=_("What the picture shows, for those who cannot see it. Required."),
        max_length=500,
    )
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=500)

    class Meta:
        label = _("Picture")
        description = _("A picture with the words that replace it, and a caption.")
        icon = "image"
        template = "content/blocks/picture.html"
        preview_template = "content/blocks/picture_preview.html"


class LawBlock(blocks.StructBlock):
    document = blocks.CharBlock(label=pgettext_lazy("of law", "document"), max_length=300)
    article = blocks.CharBlock(label=_("article"), max_length=120, required=False)
    in_force = DayBlock(label=_("in force since"), required=False)
    text = blocks.RichTextBlock(label=_("what it says, in our words"), features=PLAIN)

    class Meta:
        label = _("Law")
        description = _("One article of one document, the day since when it is in force, what it says.")
        icon = "clipboard-list"
        group = _("Facts")
        template = "content/blocks/law.html"
        preview_value = {
            "document": "Luật Phòng, chống ma túy 120/2025/QH15",
            "article": "Điều 5.11",
            "in_force": "2026-07-01",
            "text": "<p>Cấm kỳ thị người sử dụng ma túy, người cai nghiện và người sau cai nghiện.</p>",
        }


class StepsBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(blocks.RichTextBlock(features=[*LINE, "link"], label=_("step")), **kwargs)

    class Meta:
        label = _("Steps")
        description = _("What is done one after the other.")
        icon = "list-ol"
        group = _("Facts")
        template = "content/blocks/steps.html"
        preview_value = ["<p>Gọi 115, nói rõ địa chỉ.</p>", "<p>Ở lại với người bệnh.</p>"]


class CardBlock(blocks.StructBlock):
    front = blocks.CharBlock(label=_("front of the card"), max_length=200)
    back = blocks.RichTextBlock(label=_("back of the card"), features=PLAIN)


class CardsBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(CardBlock(label=_("card")), **kwargs)

    class Meta:
        label = _("Cards to turn")
        description = _("Cards with a word on the front; a touch shows the back.")
        icon = "copy"
        group = _("Facts")
        template = "content/blocks/cards.html"
        preview_value = [{"front": "Co giật", "back": "<p>Lót vật mềm dưới đầu, bấm giờ.</p>"}]


class ComparedBlock(blocks.StructBlock):
    left = blocks.RichTextBlock(label=_("left side"), features=LINE)
    right = blocks.RichTextBlock(label=_("right side"), features=LINE)


class CompareBlock(blocks.StructBlock):
    left = blocks.CharBlock(label=_("heading on the left"), max_length=200)
    right = blocks.CharBlock(label=_("heading on the right"), max_length=200)
    rows = blocks.ListBlock(ComparedBlock(label=_("pair")), label=_("pairs"))

    class Meta:
        label = _("Comparison")
        description = _("Two things side by side, pair by pair: what makes it worse, what helps.")
        icon = "resubmit"
        group = _("Facts")
        template = "content/blocks/compare.html"
        preview_value = {
            "left": "Thay vì",
            "right": "Hãy",
            "rows": [{"left": "<p>“Bình tĩnh đi!”</p>", "right": "<p>“Tôi ở đây với anh.”</p>"}],
        }


class AnswerBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(label=_("answer"), features=LINE)
    right = blocks.BooleanBlock(label=_("right answer"), required=False)
    feedback = blocks.RichTextBlock(label=_("what to learn from it"), features=LINE)


class FoldBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("heading"), max_length=200)
    text = blocks.RichTextBlock(label=_("what unfolds"), features=PLAIN)


class AccordionBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(FoldBlock(label=_("part")), **kwargs)

    class Meta:
        label = _("Parts to unfold")
        description = _(
            "Headings, one under the other; a touch unfolds what belongs to it. For what only some need."
        )
        icon = "collapse-down"
        group = _("Facts")
        template = "content/blocks/accordion.html"
        preview_value = [
            {"title": "Nếu người ấy dưới 18 tuổi", "text": "<p>Mời cha mẹ hoặc người giám hộ cùng dự.</p>"},
            {"title": "Nếu người ấy đang mang thai", "text": "<p>Liên hệ trạm y tế trước.</p>"},
        ]


class MomentBlock(blocks.StructBlock):
    when = blocks.CharBlock(
        label=_("when"), max_length=80, help_text=_("A day, a year, or as in: after 24 hours.")
    )
    text = blocks.RichTextBlock(label=_("what happens then"), features=PLAIN)


class TimelineBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(MomentBlock(label=_("moment")), **kwargs)

    class Meta:
        label = pgettext_lazy("block", "Timeline")
        description = _("What happens when, in order of time.")
        icon = "history"
        group = _("Facts")
        template = "content/blocks/timeline.html"
        preview_value = [
            {"when": "Ngày đầu", "text": "<p>Mệt, khó ngủ, dễ cáu.</p>"},
            {"when": "Sau một tuần", "text": "<p>Ăn ngủ khá hơn; thèm nhớ còn mạnh.</p>"},
        ]


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("file"))
    about = blocks.CharBlock(label=_("what it is for"), max_length=300, required=False)

    class Meta:
        label = _("Document to download")
        description = _("A file to take along: a form, a practice sheet, the text of a law.")
        icon = "download"
        group = _("To take along")
        template = "content/blocks/document.html"

    def get_preview_value(self) -> blocks.StructValue:
        file = SimpleNamespace(
            url="", title="Phiếu thực hành", file_extension="pdf", file=SimpleNamespace(size=120_000)
        )
        return blocks.StructValue(self, [("document", file), ("about", "In ra, mang theo khi đi cơ sở")])


class RecordingBlock(blocks.StructBlock):
    recording = SnippetChooserBlock("content.Recording", label=_("film or sound"))
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=300)

    class Meta:
        label = _("Film or sound of our own")
        description = _(
            "From “Films and sounds”: two sizes, a poster, captions; loaded only once one presses play."
        )
        icon = "media"
        group = _("Films and sounds")
        template = "content/blocks/recording.html"

    def get_preview_value(self) -> blocks.StructValue:
        file = SimpleNamespace(url="", size=6_000_000)
        film = SimpleNamespace(
            is_ready=True, is_film=True, width=640, height=360, poster=None, small=file, large=file,
            captions=file, minutes=3, transcript="Chào các anh chị. Hôm nay ta bàn về sáu dấu hiệu.",
        )  # fmt: skip
        return blocks.StructValue(self, [("recording", film), ("caption", "Nhận ra sáu dấu hiệu.")])

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not self.is_deferred_validation and not cleaned["recording"].is_ready:
            text = _t("It is not ready yet: look at “Films and sounds”. A draft can be saved meanwhile.")
            raise StructBlockValidationError({"recording": ValidationError(text)})
        return cleaned


class ElsewhereBlock(blocks.StructBlock):
    url = blocks.URLBlock(label=_("web address of the film"))
    title = blocks.CharBlock(label=_("title"), max_length=200)
    transcript = blocks.TextBlock(
        label=_("what is said"),
        required=False,
        help_text=_(
            "Word for word: for those who do not hear, for poor lines, and for the day on which it is gone."
        ),
    )

    class Meta:
        label = _("Film that lies elsewhere")
        description = _(
            "A film on a host that this installation allows; it is connected to only when one opens it."
        )
        icon = "link-external"
        group = _("Films and sounds")
        template = "content/blocks/elsewhere.html"
        preview_value = {
            "url": "https://www.youtube.com/watch?v=aaaaaaaaaaa",
            "title": "Sáu dấu hiệu",
            "transcript": "Chào các anh chị. Hôm nay ta bàn về sáu dấu hiệu.",
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["url"] and player_address(cleaned["url"], settings.VIDEO_HOSTS) is None:
            text = _t("Films are taken from {hosts} only. Send the file itself under “Films and sounds”.")
            names = ", ".join(host_name(f"https://{host}") for host in settings.VIDEO_HOSTS) or "–"
            raise StructBlockValidationError({"url": ValidationError(text.format(hosts=names))})
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["address"] = player_address(value["url"] or "", settings.VIDEO_HOSTS) or ""
        return {**context, "host": host_name(context["address"])}


class CheckBlock(blocks.StructBlock):
    question = blocks.RichTextBlock(label=_("question"), features=PLAIN)
    answers = blocks.ListBlock(AnswerBlock(label=_("answer")), label=_("answers"), min_num=2)

    class Meta:
        label = _("Short check")
        description = _(
            "A question to oneself inside the text; unmarked."
            " You see which answers are chosen, without names."
        )
        icon = "help"
        template = "content/blocks/check.html"
        preview_value = {
            "question": "<p>Anh Đạt ôm ngực nhưng nói chuyện rành mạch. Làm gì trước?</p>",
            "answers": [
                {"text": "<p>Gọi 115</p>", "right": True, "feedback": "<p>Một dấu hiệu là đủ.</p>"},
                {"text": "<p>Chờ thêm</p>", "right": False, "feedback": "<p>Đau ngực đã đủ để gọi.</p>"},
            ],
        }


class QuizBlock(blocks.StructBlock):
    """A slot: which quizzes there are is told by whoever plugs a player in (content/activities.py)."""

    quiz = blocks.ChoiceBlock(label=_("quiz"), choices=quiz_choices)
    required = blocks.BooleanBlock(label=_("must be passed"), required=False, default=True)

    class Meta:
        label = _("Quiz")
        description = _("A test that the platform marks; it opens as a step of its own.")
        icon = "tasks"
        group = _("To do")


class ModuleQuizBlock(QuizBlock):
    first = blocks.BooleanBlock(
        label=_("before the module's lessons"),
        help_text=_("A try before learning: it counts for nothing, and nobody passes or fails it."),
        required=False,
    )


class ScenarioBlock(blocks.StructBlock):
    scenario = SnippetChooserBlock("content.Scenario", label=_("scenario"))
    required = blocks.BooleanBlock(label=_("must be gone through"), required=False)

    class Meta:
        label = _("Scenario")
        description = _("A conversation to practise; it opens as a step of its own.")
        icon = "group"
        group = _("To do")


class ActivitiesBlock(blocks.StreamBlock):
    """What there is to do once the reading is done, or to try before it begins."""

    scenario = ScenarioBlock()
    quiz = ModuleQuizBlock()


class TableBlock(TypedTableBlock):
    """Rows whose cells know the heading of their column: on a telephone the table becomes cards."""

    def get_preview_value(self) -> Any:
        return self.to_python(
            {
                "columns": [
                    {"type": "text", "heading": "Dấu hiệu"},
                    {"type": "text", "heading": "Anh/chị thấy gì"},
                ],
                "rows": [{"values": ["<p>Co giật</p>", "<p>Người cứng, giật từng cơn</p>"]}],
                "caption": "",
            }
        )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        headings = [column["heading"] for column in value.columns]
        context["headings"] = headings
        context["rows"] = [list(zip(headings, row, strict=True)) for row in value.rows]
        return context


def _table() -> TableBlock:
    return TableBlock(
        [("text", blocks.RichTextBlock(label=_("text"), features=LINE, required=False))],
        label=_("Table"),
        description=_("Rows and columns with headings; on a telephone it becomes a list."),
        icon="table",
        group=_("Facts"),
        template="content/blocks/table.html",
    )


class SheetBlock(blocks.StreamBlock):
    """What a printed page can carry."""

    text = blocks.RichTextBlock(
        label=_("Text"), description=_("Paragraphs, headings, lists."), features=PROSE, icon="pilcrow"
    )
    table = _table()
    steps = StepsBlock()


class LessonBlock(blocks.StreamBlock):
    """A lesson: case, facts, what to do, what to avoid, what to say, what to remember."""

    text = blocks.RichTextBlock(
        label=_("Text"),
        description=_("Paragraphs, headings, lists."),
        help_text=CITING,
        features=PROSE,
        icon="pilcrow",
        preview_value="<h2>Sáu dấu hiệu</h2><p>Một dấu hiệu là đủ để gọi <b>115</b>.</p>",
    )
    case = callout(
        _("Case"),
        _("A short true-to-life situation, at the start of the lesson."),
        "openquote",
        "<p>Gần nửa đêm, chị Hoa nhận điện thoại của bà chủ trọ.</p>",
    )
    do = callout(
        _("What to do"), _("A list of what to do."), "check", "<ul><li>Gọi 115, ở lại cùng.</li></ul>"
    )
    avoid = callout(
        _("What to avoid"), _("A list of what to avoid."), "cross", "<ul><li>Đợi trời sáng.</li></ul>"
    )
    say = callout(
        _("What to say"),
        _("What to say word for word: a list of quoted sentences."),
        "comment",
        "<ul><li>“Anh ở đây với em tới lúc xe đến.”</li></ul>",
    )
    summary = callout(
        _("To remember"),
        _("What to remember: a list, at the end of the lesson."),
        "thumbtack",
        "<ul><li>Nhìn dấu hiệu, không đợi tên chất.</li></ul>",
    )
    note = callout(_("Note"), _("A remark that helps."), "info-circle", "<p>Gọi 115 không mất tiền.</p>")
    warning = callout(
        _("Danger"), _("Danger to life: rarely used."), "warning", "<p>Không ghì sấp, không đè ngực.</p>"
    )
    spoken = callout(
        _("What is said"),
        _("The words of a film, a sound or a talk, folded up until somebody wants to read them."),
        "openquote",
        "<p>Chào các anh chị. Hôm nay ta bàn về sáu dấu hiệu.</p>",
    )
    law = LawBlock()
    picture = PictureBlock()
    table = _table()
    compare = CompareBlock()
    steps = StepsBlock()
    cards = CardsBlock()
    accordion = AccordionBlock()
    timeline = TimelineBlock()
    document = DocumentBlock()
    recording = RecordingBlock()
    elsewhere = ElsewhereBlock()
    check = CheckBlock()
    scenario = ScenarioBlock()
    quiz = QuizBlock()


for _name in ("case", "do", "avoid", "say", "summary", "note", "warning", "spoken"):
    LessonBlock.base_blocks[_name].meta.template = f"content/blocks/{_name}.html"


class LegalGroundBlock(blocks.StructBlock):
    document = blocks.CharBlock(label=pgettext_lazy("of law", "document"), max_length=300)
    article = blocks.CharBlock(label=_("article"), max_length=200, required=False)
    in_force = DayBlock(label=_("in force since"), required=False)

    class Meta:
        label = _("Legal ground")
        icon = "clipboard-list"


class SourceBlock(blocks.StructBlock):
    key = blocks.RegexBlock(
        regex=r"^[a-z0-9-]+$",
        label=_("source key"),
        help_text=_("Small letters and digits; the text cites it as [^key]."),
        error_messages={"invalid": _("Small letters, digits and hyphens only.")},
        max_length=32,
    )
    title = blocks.CharBlock(label=_("title"), max_length=500)
    publisher = blocks.CharBlock(label=_("publisher"), max_length=300, required=False)
    url = blocks.URLBlock(label=_("web address"), required=False)
    year = YearBlock(label=_("year"), required=False, min_value=1900, max_value=2100)

    class Meta:
        label = _("Source")
        icon = "link"
