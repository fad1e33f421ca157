"""How this room bends the CMS: closed lesson pages, a second person for publishing, no people's admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.widgets.button import Button
from wagtail.models import Page, Revision
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from . import packagedesk, reviewdesk, views
from .cmshome import CoursesPanel
from .models import CoursePage, LessonPage, LibraryItem, ModulePage
from .snippetdesk import RecordingViewSet, ScenarioViewSet


@hooks.register("before_serve_page")  # type: ignore[untyped-decorator]
def close_lessons(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> None:
    """Lessons are read as editions, by those who are enrolled; the page itself is nobody's."""
    if isinstance(page, LessonPage | ModulePage):
        raise Http404


@hooks.register("before_publish_page")  # type: ignore[untyped-decorator]
def ask_for_a_second_person(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Nobody publishes what they alone have written since it was last published."""
    if not isinstance(page.specific, LessonPage | ModulePage) or request.user.is_superuser:
        return None
    since = Revision.objects.for_instance(page)
    if page.live_revision_id:
        since = since.filter(pk__gt=page.live_revision_id)
    if since.exclude(user=request.user).exclude(user=None).exists():
        return None
    if page.live_revision_id is None:  # Wagtail stores a new page as live before it asks this hook
        Page.objects.filter(pk=page.pk).update(live=False, has_unpublished_changes=True)
    text = _("Saved as a draft. A second person publishes what you have written: send it to review.")
    messages.warning(request, text)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def our_addresses() -> list[URLPattern]:
    return [
        path("send/", views.send_file, name="content_send"),
        path("send/<uuid:public_id>/", views.sent, name="content_sent"),
        path("change/<int:pk>/", views.change, name="content_change"),
        path("packages/<int:pk>/", packagedesk.take_along, name="content_take_along"),
        path("packages/bring/", packagedesk.bring, name="content_bring"),
        path("review/", reviewdesk.review_list, name="content_review"),
        path("documents-cited/", reviewdesk.documents, name="content_documents"),
        path("recordings/<int:pk>/try-again/", views.try_again, name="content_try_again"),
        path("writers/<int:pk>/", views.writers, name="content_writers"),
    ]


@hooks.register("register_page_header_buttons")  # type: ignore[untyped-decorator]
def offer_to_name_writers(
    page: Page, user: AbstractUser, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if isinstance(page, CoursePage) and page.course_id:
        text, url = gettext_lazy("What the change asks"), reverse("content_change", args=[page.pk])
        yield Button(text, url, icon_name="history", priority=50)
        text, url = gettext_lazy("Take the course along"), reverse("content_take_along", args=[page.pk])
        yield Button(text, url, icon_name="download", priority=70)
    if isinstance(page, CoursePage) and page.course_id and user.has_perm("content.name_writers"):
        text, url = gettext_lazy("Who writes here"), reverse("content_writers", args=[page.pk])
        yield Button(text, url, icon_name="group", priority=60)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def offer_to_send_files() -> MenuItem:
    return MenuItem(gettext_lazy("Word and slides"), reverse("content_send"), icon_name="doc-full", order=150)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def offer_the_review_list() -> MenuItem:
    text = gettext_lazy("To be looked at again")
    return MenuItem(text, reverse("content_review"), icon_name="calendar-check", order=270)


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def wear_our_colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("css/cms.css"))


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def begin_with_the_courses(request: HttpRequest, panels: list[Any]) -> None:
    panels.insert(0, CoursesPanel())


@hooks.register("insert_editor_js")  # type: ignore[untyped-decorator]
def name_every_field() -> str:
    return format_html('<script type="module" src="{}"></script>', static("js/cms-names.js"))


@hooks.register("construct_main_menu")  # type: ignore[untyped-decorator]
def keep_people_out(request: HttpRequest, menu_items: list[Any]) -> None:
    """Accounts, roles and reports have desks of their own."""
    menu_items[:] = [item for item in menu_items if item.name not in {"reports", "help"}]


@hooks.register("construct_settings_menu")  # type: ignore[untyped-decorator]
def keep_accounts_out(request: HttpRequest, menu_items: list[Any]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in {"users", "groups"}]


class LibraryItemViewSet(SnippetViewSet):
    model = LibraryItem
    icon = "folder-open-inverse"
    add_to_admin_menu = True
    menu_order = 260
    list_display = ["title", "kind", "language", "live", "downloads"]
    list_filter = ["kind", "language"]
    search_fields = ["title", "summary"]
    panels = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("language"), FieldPanel("year")]),
        FieldPanel("summary"),
        FieldPanel("topics"),
        FieldRowPanel([FieldPanel("publisher"), FieldPanel("licence")]),
        FieldPanel("document"),
        FieldPanel("link"),
        FieldPanel("cover"),
        FieldPanel("audiences"),
    ]


register_snippet(ScenarioViewSet)
register_snippet(RecordingViewSet)
register_snippet(LibraryItemViewSet)
