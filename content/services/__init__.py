"""The verbs of this room."""

from content.activities import plug_carrier, plug_course_door, plug_effect, plug_quizzes, plug_stage

from .courses import name_writer, state_course
from .editions import change_since, freeze_course, freeze_edition, gather_changes, publish_changes
from .finding import index_course, index_item, index_what_is_missing
from .loading import LoadedPages, load_course, trial_code
from .manuscripts import read_sent_file, send_file, start_course
from .packages import export_course, import_course
from .recordings import encode_later, encode_recording, try_again
from .site import TRAINERS, ensure_catalogue, ensure_groups, follow_roles

__all__ = [
    "TRAINERS",
    "LoadedPages",
    "change_since",
    "encode_later",
    "encode_recording",
    "ensure_catalogue",
    "ensure_groups",
    "export_course",
    "follow_roles",
    "freeze_course",
    "freeze_edition",
    "gather_changes",
    "import_course",
    "index_course",
    "index_item",
    "index_what_is_missing",
    "load_course",
    "name_writer",
    "plug_carrier",
    "plug_course_door",
    "plug_effect",
    "plug_quizzes",
    "plug_stage",
    "publish_changes",
    "read_sent_file",
    "send_file",
    "start_course",
    "state_course",
    "trial_code",
    "try_again",
]
