"""Films and sounds through ffmpeg: what a file is, two sizes of it, a poster. No database."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from content.coursefiles.fields import N_

DEMUXERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mp3,wav,ogg,aac,flac,asf,amr"
"""What ffmpeg may take a file for. Never a play-list: one can name other files of the server."""
SAFELY = ("-protocol_whitelist", "file", "-format_whitelist", DEMUXERS)
LONGEST = 3 * 3600
"""Seconds of the longest recording that is taken."""
FILM = {
    "small": ("-vf", "scale=-2:'min(360,ih)',fps=25", "-crf", "30", "-b:a", "48k", "-ac", "1"),
    "large": ("-vf", "scale=-2:'min(720,ih)'", "-crf", "26", "-b:a", "96k"),
}
"""360 lines for telephones on poor lines: about 2 MB a minute; 720 for desks."""
SOUND = {"small": ("-b:a", "32k", "-ac", "1"), "large": ("-b:a", "64k")}
MISSING = N_(
    "This server has no ffmpeg. An administrator installs it (apt install ffmpeg); then press “Try again”."
)
REFUSED = N_("ffmpeg refuses the file: {why}. Save it anew as MP4 and send that.")
TOO_LONG = N_("The recording is longer than {hours} hours. Cut it into lessons.")


class RecordingRefused(Exception):
    """English with named placeholders, for the trainer who has sent the file."""

    def __init__(self, text: str, **details: object) -> None:
        super().__init__(text)
        self.text, self.details = text, details


@dataclass(frozen=True, slots=True)
class Probed:
    """What ffprobe found. `width` and `height` are 0 for a sound."""

    seconds: float
    width: int
    height: int

    @property
    def is_film(self) -> bool:
        return self.width > 0


def is_there() -> bool:
    """Whether this machine has ffmpeg; asked anew each time, since it can be installed while we run."""
    return shutil.which("ffmpeg") is not None and shutil.which("ffprobe") is not None


def probe(source: Path) -> Probed:
    """Length and size of a recording, or RecordingRefused."""
    _must_be_there()
    asked = [
        "ffprobe",
        "-v",
        "error",
        *SAFELY,
        "-show_streams",
        "-show_format",
        "-of",
        "json",
        f"file:{source}",
    ]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    if answer.returncode:
        raise RecordingRefused(REFUSED, why=_why(answer.stderr, source))
    found = json.loads(answer.stdout)
    streams = [s for s in found["streams"] if s.get("codec_type") in ("video", "audio")]
    if not streams:
        raise RecordingRefused(REFUSED, why="no sound and no picture")
    seconds = float(found.get("format", {}).get("duration") or 0)
    if seconds > LONGEST:
        raise RecordingRefused(TOO_LONG, hours=LONGEST // 3600)
    moving = [s for s in streams if s["codec_type"] == "video" and not s["disposition"].get("attached_pic")]
    width, height = (moving[0]["width"], moving[0]["height"]) if moving else (0, 0)
    return Probed(seconds, width, height)


def encode(source: Path, into: Path, found: Probed, tell: Callable[[int], None]) -> dict[str, Path]:
    """`small`, `large` and for a film `poster` in the folder; `tell` hears the percentage. Minutes long."""
    made: dict[str, Path] = {}
    sizes = FILM if found.is_film else SOUND
    suffix = "mp4" if found.is_film else "m4a"
    streams = (
        "-map",
        "0:v:0",
        "-map",
        "0:a:0?",
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-pix_fmt",
        "yuv420p",
    )
    kinds = streams if found.is_film else ("-map", "0:a:0")
    for number, (name, options) in enumerate(sizes.items()):
        target = into / f"{name}.{suffix}"
        clean = ("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-movflags", "+faststart")
        _run(source, [*kinds, *options, "-c:a", "aac", *clean, str(target)], _share(tell, found, number))
        made[name] = target
    if found.is_film:
        made["poster"] = into / "poster.jpg"
        at = str(min(found.seconds / 10, 10))
        picture = ("-frames:v", "1", "-vf", "scale='min(640,iw)':-2", "-map_metadata", "-1", "-q:v", "5")
        _run(source, ["-ss", at, *picture, str(made["poster"])], lambda _seconds: None)
    return made


def _share(tell: Callable[[int], None], found: Probed, number: int) -> Callable[[float], None]:
    """Seconds of one of two runs as the percentage of both."""
    whole = max(found.seconds, 0.1)
    return lambda seconds: tell(min(99, int(50 * number + 50 * min(1, seconds / whole))))


def _run(source: Path, options: list[str], heard: Callable[[float], None]) -> None:
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-nostdin",
        "-y",
        *SAFELY,
        "-i",
        f"file:{source}",
        "-progress",
        "pipe:1",
    ]
    with subprocess.Popen(
        [*command, "-threads", "2", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        for line in running.stdout:
            name, _equals, value = line.strip().partition("=")
            if name == "out_time_us" and value.lstrip("-").isdigit():
                heard(int(value) / 1_000_000)
        said = running.stderr.read()
    if running.returncode:
        raise RecordingRefused(REFUSED, why=_why(said, source))


def _why(said: str, source: Path) -> str:
    """ffmpeg's last line, without the path of our server."""
    lines = [line.strip() for line in said.replace(f"file:{source}", "").splitlines() if line.strip()]
    return (lines[-1].lstrip(": ") if lines else "unknown")[:200]


def _must_be_there() -> None:
    if not is_there():
        raise RecordingRefused(MISSING)
