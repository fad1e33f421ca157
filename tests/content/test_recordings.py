"""Films and sounds: two sizes and a poster by ffmpeg, what it refuses, what is missing, films elsewhere."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import override_settings
from django.urls import reverse
from wagtail.blocks.base import get_error_json_data

from content import recordings
from content.blocks import ElsewhereBlock, RecordingBlock
from content.enums import RecordingState
from content.models import Recording
from content.models.recordings import judge_captions
from content.services import encode_recording, ensure_groups, try_again
from content.videohosts import host_name, player_address
from lms.kernel.models import Job

from .test_cms import user

pytestmark = pytest.mark.django_db
needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None, reason="no ffmpeg on this machine: apt install ffmpeg"
)
HOSTS = ["www.youtube-nocookie.com", "player.vimeo.com", "video.example.vn"]


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def sent(content: bytes, name: str = "phim.mp4", **more: Any) -> Recording:
    return Recording.objects.create(title="Phim", source=ContentFile(content, name=name), **more)


def made(folder: Path, *options: str, name: str = "phim.mp4") -> bytes:
    target = folder / name
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", *options, str(target)], check=True)
    return target.read_bytes()


@needs_ffmpeg
def test_a_film_becomes_two_sizes_and_a_poster_without_what_the_telephone_noted(tmp_path: Path) -> None:
    place = ("-metadata", "location=+21.0285+105.8542/", "-metadata", "title=riêng tư")
    film = made(tmp_path, "-i", "testsrc=size=960x540:rate=10:duration=1", *place)
    recording = sent(film)
    encode_recording(pk=recording.pk)
    recording.refresh_from_db()
    assert (recording.state, recording.progress, recording.source.name) == (RecordingState.DONE, 100, "")
    assert (recording.seconds, recording.width, recording.height) == (1, 960, 540)
    found = {name: recordings.probe(Path(getattr(recording, name).path)) for name in ("small", "large")}
    assert {name: probed.height for name, probed in found.items()} == {"small": 360, "large": 540}
    assert recording.poster.size > 0
    assert "riêng tư".encode() not in Path(recording.small.path).read_bytes()


@needs_ffmpeg
def test_a_sound_becomes_two_sizes_without_a_poster(tmp_path: Path) -> None:
    recording = sent(made(tmp_path, "-i", "sine=duration=1", name="noi.wav"), "noi.wav")
    encode_recording(pk=recording.pk)
    recording.refresh_from_db()
    assert (recording.state, recording.is_film, bool(recording.poster)) == (RecordingState.DONE, False, False)


@needs_ffmpeg
def test_encoding_twice_makes_the_sizes_once(tmp_path: Path) -> None:
    recording = sent(made(tmp_path, "-i", "sine=duration=1", name="noi.wav"), "noi.wav")
    encode_recording(pk=recording.pk)
    before = Recording.objects.get().small.name
    encode_recording(pk=recording.pk)
    assert Recording.objects.get().small.name == before


@needs_ffmpeg
@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 not a film",
        b"",
        b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
    ids=["pdf", "empty", "playlist", "concat"],
)
def test_what_ffmpeg_refuses_is_told_in_words_without_a_path_of_the_server(content: bytes) -> None:  # E19
    recording = sent(content)
    encode_recording(pk=recording.pk)
    recording.refresh_from_db()
    assert recording.state == RecordingState.REFUSED
    assert recording.trouble_text.startswith("ffmpeg từ chối tệp này")
    assert "/tmp" not in recording.trouble_text and "passwd" not in recording.trouble_text


def test_without_ffmpeg_the_page_says_what_to_do_and_it_can_be_tried_again(monkeypatch: Any) -> None:
    monkeypatch.setenv("PATH", "")
    recording = sent(b"whatever")
    encode_recording(pk=recording.pk)
    recording.refresh_from_db()
    assert "apt install ffmpeg" in recording.trouble_text
    assert try_again(recording=recording) is True
    assert Recording.objects.get().state == RecordingState.WAITING


def test_a_sent_file_is_worked_on_by_a_job_once() -> None:
    recording = sent(b"whatever")
    recording.save()
    jobs = Job.objects.filter(kind="content.encode_recording")
    assert [job.payload for job in jobs] == [{"recording": recording.pk}]


# What is missing --------------------------------------------------------------------------


def test_missing_captions_and_transcript_are_named() -> None:
    film = Recording(title="Phim", small="a.mp4")
    sound = Recording(title="Tiếng", small="a.m4a")
    assert (film.lacking(), sound.lacking()) == (["phụ đề", "bản ghi lời"], ["bản ghi lời"])
    film.captions, film.transcript = "a.vtt", "Chào."
    assert film.lacking() == []


@pytest.mark.parametrize(
    "content",
    [b"1\n00:00:01,000 --> 00:00:02,000\nsrt", b"WEBVTT\n\nno time", "WEBVTT\n\nđ --> ".encode("utf-16")],
    ids=["srt", "no times", "utf-16"],
)
def test_captions_of_another_kind_are_refused(content: bytes) -> None:
    with pytest.raises(ValidationError):
        judge_captions(ContentFile(content))


def test_captions_of_the_right_kind_are_taken_also_with_a_byte_order_mark() -> None:
    judge_captions(ContentFile("WEBVTT\n\n00:01.000 --> 00:02.000\nChào.".encode("utf-8-sig")))


def test_a_lesson_with_a_recording_that_is_not_ready_is_a_draft_and_no_more() -> None:
    block = RecordingBlock()
    value = block.to_python({"recording": sent(b"whatever").pk, "caption": ""})
    assert block.clean_deferred(value)["recording"].title == "Phim"
    with pytest.raises(ValidationError) as refusal:
        block.clean(value)
    assert list(get_error_json_data(refusal.value)["blockErrors"]) == ["recording"]


def test_the_player_loads_nothing_before_somebody_presses_play() -> None:
    recording = Recording(
        title="Phim",
        state=RecordingState.DONE,
        small="s.mp4",
        large="l.mp4",
        poster="p.jpg",
        width=960,
        height=540,
    )
    storage = recording.small.storage
    for name in ("s.mp4", "l.mp4", "p.jpg"):
        storage.save(name, ContentFile(b"x"))
    html = RecordingBlock().render(RecordingBlock().to_python({"caption": ""}) | {"recording": recording})
    assert '<video controls preload="none"' in html
    assert html.index("l.mp4") < html.index("s.mp4")
    assert "<script" not in html


# Whose it is (ABUSE A15) ------------------------------------------------------------------


def test_a15_a_trainer_changes_only_his_own_recordings(client: Any) -> None:
    ensure_groups()
    mine, theirs = user("gv1", "Giảng viên"), user("gv2", "Giảng viên")
    recording = sent(b"whatever", owner=mine, state=RecordingState.REFUSED)
    url = reverse(Recording.snippet_viewset.get_url_name("edit"), args=[recording.pk])
    again = reverse("content_try_again", args=[recording.pk])
    client.force_login(theirs)
    assert client.get(url).status_code == 302
    client.post(again)
    assert Recording.objects.get().state == RecordingState.REFUSED
    client.force_login(mine)
    assert client.get(url).status_code == 200
    client.post(again)
    assert Recording.objects.get().state == RecordingState.WAITING


# Films elsewhere --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.youtube.com/watch?v=abc_1-2", "https://www.youtube-nocookie.com/embed/abc_1-2"),
        ("https://m.youtube.com/watch?v=abc&t=3", "https://www.youtube-nocookie.com/embed/abc"),
        ("https://youtu.be/abc", "https://www.youtube-nocookie.com/embed/abc"),
        ("https://vimeo.com/123", "https://player.vimeo.com/video/123"),
        ("https://video.example.vn/embed/7", "https://video.example.vn/embed/7"),
        ("http://youtu.be/abc", None),
        ("https://youtu.be/../../x?y", None),
        ("https://youtube.com@evil.example/watch?v=abc", None),
        ("https://evil.example/watch?v=abc", None),
        ("https://video.example.vn:8443/embed/7", None),
        ("javascript:alert(1)", None),
    ],
)
def test_only_films_of_hosts_that_are_allowed_are_framed(url: str, address: str | None) -> None:
    assert player_address(url, HOSTS) == address


def test_the_host_is_named_as_people_call_it() -> None:
    assert host_name("https://www.youtube-nocookie.com/embed/a") == "YouTube"


@override_settings(VIDEO_HOSTS=["video.example.vn"])
def test_a_film_of_another_host_is_told_at_its_address() -> None:
    block = ElsewhereBlock()
    with pytest.raises(ValidationError) as refusal:
        block.clean(block.to_python({"url": "https://youtu.be/abc", "title": "P", "transcript": ""}))
    told = get_error_json_data(refusal.value)["blockErrors"]["url"]["messages"]
    assert "video.example.vn" in told[0]


def test_a_page_may_frame_the_allowed_hosts_and_no_others(client: Any) -> None:
    policy = client.get("/courses/")["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com https://player.vimeo.com;" in policy + ";"
