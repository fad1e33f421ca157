"""A lesson's page → the HTML that an edition keeps. Rendered once, in the language of the installation."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from .coursefiles.boxes import CITATION
from .records.editions import RenderedLesson, SourceCited

ACTIVITIES = {"scenario", "quiz"}
BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
WORD = re.compile(r"\w")


def render_lesson(page: Any) -> RenderedLesson:
    """The body with numbered citations; what is to be done comes after the lesson, not inside it."""
    sources = [source.value for source in page.sources]
    numbers = {source["key"]: number for number, source in enumerate(sources, 1)}
    html = cite(render_stream(page.body), numbers)
    return RenderedLesson(
        title=page.title,
        summary=page.summary,
        minutes=page.minutes,
        clinical=page.clinical,
        html=html,
        words=count_words(html),
        sources=tuple(
            SourceCited(number, s["title"], s["publisher"] or "", s["url"] or "", s["year"])
            for number, s in enumerate(sources, 1)
        ),
    )


def render_stream(stream: Iterable[Any]) -> SafeString:
    with translation.override(settings.LANGUAGE_CODE):
        parts = [
            str(block.render({"number": number}))
            for number, block in enumerate(stream, 1)
            if block.block_type not in ACTIVITIES
        ]
    return mark_safe(BLOCK_KEY.sub("", "\n".join(parts)))  # noqa: S308 - rendered by our own templates


def cite(html: str, numbers: dict[str, int]) -> SafeString:
    """[^key] → a link to the numbered source; a key that no source has is left out."""

    def link(match: re.Match[str]) -> str:
        number = numbers.get(match[1])
        if number is None:
            return ""
        return format_html('<sup class="cite"><a href="#source-{0}">{0}</a></sup>', number)

    html = re.sub(r"\s+(?=\[\^)", "", html)
    return mark_safe(CITATION.sub(link, html))  # noqa: S308 - only numbers are put in


def count_words(html: str) -> int:
    text = strip_tags(html.replace("<", " <"))
    return sum(1 for token in text.split() if WORD.search(token))


def sources_json(rendered: RenderedLesson) -> list[dict[str, Any]]:
    return [asdict(source) for source in rendered.sources]
