"""A recording as it was sent → two sizes and a poster, by a job."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path, PurePath

from django.core.files import File
from django.db import transaction

from content import recordings
from content.enums import RecordingState
from content.models import Recording
from lms.kernel import jobs

TELL_EVERY = 2.0
"""Seconds between two notes of the progress."""


def encode_later(*, recording: Recording) -> None:
    """Enqueue the work on a recording that waits."""
    jobs.enqueue("content.encode_recording", key=str(recording.pk), recording=recording.pk)


@transaction.atomic
def try_again(*, recording: Recording) -> bool:
    """Let a recording that was refused be tried again; False where its file is gone."""
    if not recording.source:
        return False
    recording.begin_anew()
    recording.save()
    return True


def encode_recording(*, pk: int) -> None:
    """Make two sizes and a poster, then forget the file that was sent. Doing it twice makes them once."""
    recording = Recording.objects.filter(pk=pk).first()
    if recording is None or recording.state == RecordingState.DONE or not recording.source:
        return
    sent = recording.source.name
    Recording.objects.filter(pk=pk).update(state=RecordingState.WORKING)
    with tempfile.TemporaryDirectory() as folder:
        try:
            _work(recording, Path(folder))
        except recordings.RecordingRefused as refusal:
            trouble = {"text": refusal.text, "details": refusal.details}
            Recording.objects.filter(pk=pk, source=sent).update(state=RecordingState.REFUSED, trouble=trouble)


def _work(recording: Recording, folder: Path) -> None:
    sent = recording.source.name or ""
    source = folder / f"sent{PurePath(sent).suffix}"
    with recording.source.open("rb") as stored, source.open("wb") as local:
        shutil.copyfileobj(stored, local)
    found = recordings.probe(source)
    made = recordings.encode(source, folder, found, _teller(recording.pk))
    for name, path in made.items():
        with path.open("rb") as file:
            getattr(recording, name).save(f"{recording.pk}-{path.name}", File(file), save=False)
    finished = {name: getattr(recording, name).name for name in made}
    done = Recording.objects.filter(pk=recording.pk, source=sent).update(
        **finished,
        source="",
        state=RecordingState.DONE,
        progress=100,
        trouble=None,
        seconds=round(found.seconds),
        width=found.width,
        height=found.height,
    )
    if done:
        recording.source.storage.delete(sent)


def _teller(pk: int) -> Callable[[int], None]:
    last = time.monotonic()

    def tell(percent: int) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_EVERY:
            last = time.monotonic()
            Recording.objects.filter(pk=pk).update(progress=percent)

    return tell
