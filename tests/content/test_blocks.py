"""The blocks of a lesson: each is shown to trainers before they take it, and reads as it was written."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from content.blocks import LessonBlock
from content.enums import RecordingState
from content.models import Handout, Recording
from content.rendering import render_stream
from content.services import ensure_groups

from .test_cms import user

pytestmark = pytest.mark.django_db
STEPS = {"scenario", "quiz"}
"""Open as steps of their own: there is nothing to show inside a lesson."""
SHOWN = sorted(LessonBlock.base_blocks.keys() - STEPS)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.parametrize("name", LessonBlock.base_blocks)
def test_each_block_says_what_it_is_for(name: str) -> None:
    assert str(LessonBlock.base_blocks[name].get_description())


@pytest.mark.parametrize("name", SHOWN)
def test_a_trainer_sees_a_block_before_taking_it(name: str, client: Client) -> None:
    ensure_groups()
    client.force_login(user("gv", "Giảng viên"))
    block = LessonBlock.base_blocks[name]
    assert block.is_previewable
    page = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert page.status_code == 200
    body = page.content.decode().partition("lesson__text")[2]
    assert len(body) > 90, "the preview is empty"


def rendered(kind: str, value: Any) -> str:
    block = LessonBlock()
    return str(render_stream(block.to_python([{"type": kind, "value": value}])))


def test_parts_to_unfold_are_headings_that_open_without_script() -> None:
    html = rendered("accordion", [{"title": "Dưới 18 tuổi", "text": "<p>Mời cha mẹ.</p>"}])
    assert html.count("<details") == 1
    assert html.index("Dưới 18 tuổi") < html.index("</summary>") < html.index("Mời cha mẹ.")


def test_a_timeline_is_a_list_in_its_order() -> None:
    moments = [{"when": f"Ngày {n}", "text": f"<p>Việc {n}</p>"} for n in (1, 2, 3)]
    html = rendered("timeline", moments)
    assert html.startswith("<ol")
    assert [html.index(f"Việc {n}") for n in (1, 2, 3)] == sorted(html.index(f"Việc {n}") for n in (1, 2, 3))


def test_a_document_says_what_kind_of_file_it_is_and_how_large() -> None:
    file = Handout.objects.create(title="Mẫu biên bản", file=ContentFile(b"%PDF" + b"0" * 2044, name="m.pdf"))
    html = rendered("document", {"document": file.pk, "about": "Điền tại chỗ"})
    assert [word in html for word in (file.url, "Mẫu biên bản", "Điền tại chỗ", "PDF", "2,0")] == [True] * 5


def test_a_document_that_was_deleted_leaves_no_broken_link() -> None:
    assert "<a" not in rendered("document", {"document": 999, "about": ""})


def recording(**more: Any) -> Recording:
    values = {"state": RecordingState.DONE, "seconds": 90, "width": 640, "height": 360}
    row = Recording(title="Phim", **{**values, **more})
    for name in ("small", "large"):
        getattr(row, name).save("phim.mp4", ContentFile(b"x" * 1000), save=False)
    row.save()
    return row


def test_a_film_of_our_own_loads_nothing_until_one_presses_play_and_says_what_is_missing() -> None:
    html = rendered("recording", {"recording": recording().pk, "caption": "Sáu dấu hiệu"})
    assert [word in html for word in ('preload="none"', "Sáu dấu hiệu", "chưa có phụ đề")] == [True] * 3


def test_a_film_that_is_not_ready_is_named_and_not_shown() -> None:
    waiting = recording(state=RecordingState.WAITING)
    assert "<video" not in rendered("recording", {"recording": waiting.pk, "caption": ""})


def test_a_film_elsewhere_is_framed_only_once_it_is_opened_and_says_where_it_lies() -> None:
    value = {"url": "https://youtu.be/aaaaaaaaaaa", "title": "Sáu dấu hiệu", "transcript": "Chào anh chị."}
    html = rendered("elsewhere", value)
    address = "https://www.youtube-nocookie.com/embed/aaaaaaaaaaa"
    assert [word in html for word in (f'src="{address}"', 'loading="lazy"', "YouTube", "Chào anh chị.")] == [
        True
    ] * 4


def test_a_scene_with_a_sound_has_its_player_beside_the_words() -> None:
    scene = SimpleNamespace(sound={"url": "/media/a.m4a", "seconds": 9}, speaker="Anh T.", says="Tôi sợ.")
    html = render_to_string(
        "learning/scenario.html", {"activity": {"title": "T"}, "scene": scene, "choices": []}
    )
    assert '<audio class="talk__sound" controls preload="none" src="/media/a.m4a"' in html
