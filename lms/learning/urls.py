from django.urls import path, register_converter

from . import assignments, offline, studio, views


class CourseCode:
    """Capital letters, digits, hyphens: never mistaken for `quiz`, `attempt` or `record`."""

    regex = r"[A-Z][A-Z0-9-]{0,31}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CourseCode, "course")

app_name = "learning"
urlpatterns = [
    path("learn/", views.mine, name="mine"),
    path("desk/courses/", assignments.assign, name="assign"),
    path("desk/courses/<uuid:act>/undo/", assignments.take_back, name="take_back"),
    path("studio/", studio.home, name="studio"),
    path("studio/courses/<course:code>/", studio.course, name="studio_course"),
    path("learn/queue/", offline.queue, name="queue"),
    path("learn/<course:code>/pack/", offline.pack, name="pack"),
    path("sw.js", offline.worker, name="worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("learn/<course:code>/", views.course, name="course"),
    path("learn/<course:code>/<int:position>-<slug:slug>/", views.lesson, name="lesson"),
    path("learn/<course:code>/activity/<int:position>/", views.activity, name="activity"),
    path("learn/<course:code>/feedback/", views.feedback, name="feedback"),
    path("learn/<course:code>/sheet/<course:module>/", views.sheet, name="sheet"),
]
